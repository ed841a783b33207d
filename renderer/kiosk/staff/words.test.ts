// Somebody types a wrong PIN. The pad says how many may still be wrong, then for how long it is closed, in each language;
// once the pause is over it asks again, and of anything else that failed it says that alone.
import { expect, test } from 'vitest';
import { LANGUAGES } from '../../locale/texts.ts';
import { createStaffTexts } from './texts.ts';
import { faultWords, helps } from './words.ts';

const speak = createStaffTexts();
const wrong = (triesLeft: number) => ({ fault: 'wrong-pin', triesLeft }) as const;
const inAll = (say: (t: ReturnType<typeof speak>) => string) =>
  Object.fromEntries(LANGUAGES.map((language) => [language, say(speak(language))]));

test('how many may be wrong yet', () => {
  expect(inAll((t) => faultWords(t, wrong(2), 0))).toStrictEqual({
    ja: 'PINがちがいます。あと2回まちがえると、しばらく入力できません',
    en: 'That is not the PIN. 2 more wrong tries, and you will have to wait',
    'zh-Hans': 'PIN不正确。再输错2次，将需要等待',
    ko: 'PIN이 다릅니다. 2회 더 틀리면 잠시 기다려야 합니다',
  });
  expect(faultWords(speak('en'), wrong(1), 0)).toBe(
    'That is not the PIN. One more wrong try, and you will have to wait',
  );
});

test('for how long the pad is closed, to the second, and that it is open again', () => {
  expect(inAll((t) => faultWords(t, wrong(0), 4_001))).toStrictEqual({
    ja: 'PINがちがいます。5秒待ってから、もう一度入力してください',
    en: 'That is not the PIN. Please wait 5 s, then try again',
    'zh-Hans': 'PIN不正确。请等待5秒后重试',
    ko: 'PIN이 다릅니다. 5초 후 다시 입력하세요',
  });
  const waits = { fault: 'wait', triesLeft: null } as const;
  const en = speak('en');
  expect(faultWords(en, waits, 60_000)).toBe('Please wait 60 s, then try again');
  expect(inAll((t) => faultWords(t, waits, 604_500))).toStrictEqual({
    ja: 'あと10:05待ってから、もう一度入力してください',
    en: 'Please wait 10:05, then try again',
    'zh-Hans': '请等待10:05后重试',
    ko: '10:05 후 다시 입력하세요',
  });
  const many = { fault: 'many', triesLeft: null } as const;
  for (const refused of [waits, many, wrong(0)]) expect(faultWords(en, refused, 0)).toBe('Please try again');
});

test('of what else failed, that alone', () => {
  expect(faultWords(speak('en'), { fault: 'weak-pin', triesLeft: null }, 0)).not.toMatch(/wait|try/);
});

test('what a member could do or wait for helps; being sent to the staff doesn’t', () => {
  const none = { opensAt: null, startsOn: null, limit: null, tickets: [], stores: [], doors: [], insideSince: null };
  expect([helps(null), helps(none)]).toStrictEqual([false, false]);
  const ticket = { ticketId: 't', name: 'T', remaining: 1, after: 0 };
  const some = [{ opensAt: 1 }, { startsOn: 1 }, { insideSince: 1 }, { tickets: [ticket] }, { stores: ['S'] }];
  for (const one of [...some, { doors: ['D'] }, { limit: { used: 1, limit: 1, renewsOn: 1 } }])
    expect(helps({ ...none, ...one }), JSON.stringify(one)).toBe(true);
});
