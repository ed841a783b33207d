/** The table of transitions in words, as the manual shows it (`resources/manual/door.md`). Not part of the program. */
import type { InputName, Situation } from './door-cases.ts';
import { TRANSITIONS } from './door-table.ts';

type Words = readonly [ja: string, en: string];

const SITUATION_WORDS: Readonly<Record<Situation, Words>> = {
  fault: ['錠が使えない', 'The lock is away'],
  locked: ['施錠', 'Locked'],
  commanded: ['解錠を指示した', 'Told to unlock'],
  unlocking: ['解錠した(入館)', 'Unlocked for an entry'],
  open: ['扉が開いた', 'The door is open'],
  closing: ['施錠を待つ(扉は開いている)', 'Open, the pulse is over'],
  leaving: ['解錠した(退館)', 'Unlocked for an exit'],
  forced: ['こじ開けられた', 'Forced open'],
  'held-unlocked': ['開放(スケジュールまたはスタッフ)', 'Held unlocked, by schedule or staff'],
  interlocked: ['もう一方の扉が開いている', 'The other door of the pair is open'],
  closed: ['入館停止(スケジュール・休館日)', 'Closed, by schedule or a closed day'],
  lockdown: ['ロックダウン', 'Lockdown'],
  fire: ['火災', 'Fire'],
};

const INPUT_WORDS: Readonly<Record<InputName, Words>> = {
  entry: ['入館が認められた', 'A member is admitted'],
  exit: ['退館(読み取りまたは退館ボタン)', 'Somebody wants out, by scan or button'],
  staff: ['スタッフが開ける', 'Staff open it'],
  'exit-wanted': ['退館の記録を書き始める', 'An exit is about to be recorded'],
  'line-on': ['錠の線が解錠になった', 'The lock’s line releases'],
  'line-off': ['錠の線が施錠に戻った', 'The lock’s line rests'],
  'line-off-late': ['前の指示の終わりが遅れて届いた', 'The end of an earlier command arrives late'],
  failed: ['錠が指示どおりに動かない', 'The lock can’t carry out its command'],
  'lock-gone': ['錠またはガードとの接続が切れた', 'Lock or guard is gone'],
  'lock-back': ['錠がもどった', 'The lock is back'],
  'leaf-opens': ['扉が開いた', 'The leaf opens'],
  'leaf-shuts': ['扉が閉まった', 'The leaf shuts'],
  'contact-lost': ['扉センサーが使えなくなった', 'The contact is gone'],
  'tamper-on': ['いたずら検知', 'Tamper input'],
  'fire-on': ['火災信号', 'Fire input'],
  'fire-off': ['火災の復旧(責任者)', 'Fire reset by a manager'],
  'lockdown-on': ['ロックダウン開始', 'Lockdown begins'],
  'lockdown-off': ['ロックダウン解除', 'Lockdown ends'],
  'closed-on': ['入館停止の時間・休館日になった', 'Closed hours begin'],
  'closed-off': ['入館停止が終わった', 'Closed hours end'],
  'interlock-on': ['もう一方の扉が開く、または解錠', 'The other door opens or unlocks'],
  'interlock-off': ['もう一方の扉が閉まった', 'The other door is shut'],
  'hold-on': ['開放の開始', 'A hold begins'],
  'hold-off': ['開放の終わり', 'A hold ends'],
  'no-answer': ['錠の返事が1.5秒ない', 'The lock is silent for 1.5 s'],
  'open-too-long': ['扉が開いたまま(heldAfterMs)', 'The leaf stays open (heldAfterMs)'],
  'half-time': ['開放の指示の半分の時間', 'Half of a hold’s command is over'],
  stop: ['プログラムの終了', 'The program ends'],
};

const PHASE_WORDS: Readonly<Record<string, Words>> = {
  locked: ['施錠', 'locked'],
  unlocking: ['解錠', 'unlocking'],
  open: ['開', 'open'],
  closing: ['閉まるのを待つ', 'closing'],
  'held-unlocked': ['開放', 'held-unlocked'],
  lockdown: ['ロックダウン', 'lockdown'],
  closed: ['入館停止', 'closed'],
  fire: ['火災', 'fire'],
  fault: ['故障', 'fault'],
};

/** Timers are the program's own business. */
const EFFECT_WORDS: Readonly<Record<string, Words>> = {
  energise: ['解錠を指示', 'tells the lock to release'],
  'energise-at': ['0.3秒後の解錠をガードに予約', 'has the guard release in 0.3 s, unless told otherwise'],
  rest: ['施錠を指示', 'tells the lock to rest'],
  opened: ['記録「通った」', 'records “passed”'],
  unused: ['記録「通らなかった」', 'records “nobody passed”'],
  'unused given-back': ['記録「通らなかった」、回数をもどす', 'records “nobody passed”, gives the right back'],
  silent: ['記録「錠が動かない」', 'records “the lock didn’t follow”'],
  'silent given-back': ['記録「錠が動かない」、回数をもどす', 'records “the lock didn’t follow”, gives the right back'],
  'alarm forced': ['警報「こじ開け」', 'alarm “forced”'],
  'end forced': ['警報「こじ開け」の終わり', 'alarm “forced” ends'],
  'alarm held': ['警報「開けたまま」', 'alarm “held”'],
  'end held': ['警報「開けたまま」の終わり', 'alarm “held” ends'],
  'alarm tamper': ['警報「いたずら」', 'alarm “tamper”'],
  'alarm lock': ['警報「錠」', 'alarm “lock”'],
};

const HEADING = `# 扉の動き / What a door does

この表はプログラムから作られ、テストで確かめられています。書かれていない組み合わせでは、扉は何も変えません。
優先順位: 火災 > 退館(ボタン・読み取り) > スタッフの操作 > ロックダウン > 入館停止(スケジュール・休館日) > 二重扉の連動 > 開放 > 会員の入館。
上のものは、下のものをその場で終わらせます。退館はいつでも開きます。

This table is made from the program and checked by a test. What isn’t listed changes nothing.
Precedence: fire > exit (button, scan) > staff > lockdown > closed (hours, closed days) > interlock > held unlocked > a member’s entry.
What stands higher ends at once what stands lower. An exit always opens.
`;

export function doorManual(): string {
  const sections = entriesOf(SITUATION_WORDS).map(([situation, [ja, en]]) => {
    const rows = entriesOf(INPUT_WORDS).flatMap(([input, words]) => {
      const cell = TRANSITIONS[situation][input];
      return cell === undefined ? [] : [rowOf(words, cell)];
    });
    return [`## ${ja} / ${en}`, '', '| 起きたこと | すると | Event | Then |', '|---|---|---|---|', ...rows, ''].join(
      '\n',
    );
  });
  return [HEADING, ...sections].join('\n');
}

function entriesOf<K extends string, V>(record: Readonly<Record<K, V>>): readonly [K, V][] {
  const keys: readonly string[] = Object.keys(record);
  return keys.filter((key): key is K => key in record).map((key) => [key, record[key]]);
}

function rowOf([ja, en]: Words, cell: string): string {
  const [phase = '', ...effects] = cell.split(', ');
  const told = effects.flatMap((effect) => (/^(start|stop) /.test(effect) ? [] : [wordsOf(EFFECT_WORDS, effect)]));
  const [phaseJa, phaseEn] = wordsOf(PHASE_WORDS, phase);
  const thenJa = [phaseJa, ...told.map(([words]) => words)].join('、');
  const thenEn = [phaseEn, ...told.map(([, words]) => words)].join(', ');
  return `| ${ja} | ${thenJa} | ${en} | ${thenEn} |`;
}

/** @throws Error where the manual lacks words */
export function wordsOf(words: Readonly<Record<string, Words>>, key: string): Words {
  const found = words[key];
  if (found === undefined) throw new Error(`the manual has no words for ${key}`);
  return found;
}
