/** What staff read about a passage, a refusal, a fault. Pure. */
import type { AlarmRow, Passage } from '../../../main/contract/looks.ts';
import type { RemedyMessage } from '../../../main/contract/page.ts';
import { REFUSALS } from '../../../main/contract/values.ts';
import { plain } from '../../locale/texts.ts';
import type { DeskFault, Refusal } from './refusal.ts';
import type { StaffKey, StaffTexts } from './texts.ts';

const SECOND_MS = 1_000;
const MINUTE_S = 60;

/** @param leftMs until it may be tried again; 0: now */
export function faultWords(t: StaffTexts, refusal: Pick<Refusal, 'fault' | 'triesLeft'>, leftMs: number): string {
  const { fault, triesLeft } = refusal;
  const isWrong = triesLeft !== null;
  if (leftMs > 0) {
    const wait = waitWords(t, leftMs);
    return isWrong ? t('staff.fault-and', { what: t(FAULTS[fault]), more: wait }) : wait;
  }
  if (fault === 'wait' || fault === 'many' || triesLeft === 0) return t('staff.try-again');
  if (!isWrong) return t(FAULTS[fault]);
  return t('staff.fault-and', { what: t(FAULTS[fault]), more: t('staff.tries-left', { count: triesLeft }) });
}

function waitWords(t: StaffTexts, leftMs: number): string {
  const seconds = Math.ceil(leftMs / SECOND_MS);
  if (seconds <= MINUTE_S) return t('staff.fault-wait', { seconds });
  const rest = String(seconds % MINUTE_S).padStart(2, '0');
  return t('staff.fault-wait-long', { left: `${Math.floor(seconds / MINUTE_S)}:${rest}` });
}

const FAULTS: Readonly<Record<DeskFault, StaffKey>> = {
  'no-door': 'staff.fault-gone',
  'no-member': 'staff.fault-gone',
  'no-place': 'staff.fault-gone',
  'no-staff': 'staff.fault-gone',
  'no-type': 'staff.fault-gone',
  'no-event': 'staff.fault-gone',
  'no-alarm': 'staff.fault-gone',
  'no-code': 'staff.fault-gone',
  'no-first-manager': 'staff.fault-gone',
  fire: 'staff.fault-fire',
  burning: 'staff.fault-fire',
  'not-kept': 'staff.fault-not-kept',
  altered: 'staff.fault-not-kept',
  'no-decision': 'staff.fault-not-kept',
  'no-entry': 'staff.fault-too-late',
  twice: 'staff.fault-too-late',
  'too-late': 'staff.fault-too-late',
  busy: 'staff.fault-busy',
  many: 'staff.fault-busy',
  wait: 'staff.fault-busy',
  trusted: 'staff.fault-clock-no',
  'not-shown': 'staff.fault-clock-no',
  impossible: 'staff.fault-clock-no',
  'wrong-pin': 'staff.fault-wrong-pin',
  'wrong-code': 'staff.fault-wrong-code',
  'weak-pin': 'staff.fault-weak-pin',
  'pins-differ': 'staff.fault-pins-differ',
  'of-settings': 'staff.fault-of-settings',
  'last-manager': 'staff.fault-last-manager',
  'too-many': 'staff.fault-too-many',
  'not-allowed': 'staff.fault-not-allowed',
  'bad-until': 'staff.fault-bad-until',
  lock: 'staff.fault-lock',
  'no-site': 'staff.fault-no-site',
  'not-inside': 'staff.fault-not-inside',
  'no-ticket': 'staff.fault-no-ticket',
  clock: 'staff.fault-clock',
  store: 'staff.fault-store',
  away: 'staff.fault-away',
};

export type Symbol = 'ok' | 'no' | 'out' | 'heed' | 'act';

export function symbolOf({ type, granted, direction, warnings }: Passage): Symbol {
  if (type === 'alarm') return 'heed';
  if (granted === null) return type === 'scan' ? 'no' : 'act';
  if (!granted) return 'no';
  if (warnings.length > 0) return 'heed';
  return direction === 'out' ? 'out' : 'ok';
}

/** Who, or what. */
export function whoWords(t: StaffTexts, { type, name, memberId, reason }: Passage): string {
  if (name !== null) return name;
  if (memberId !== null) return t('staff.left-data');
  if (type === 'scan') return t(reason === 'unknown-credential' ? 'staff.unknown-code' : 'staff.nobody-known');
  if (type === 'override') return t('staff.guest');
  return t(`staff.type-${type}`);
}

/** What happened, in a line. */
export function passageWords(t: StaffTexts, passage: Passage): string {
  const { granted, direction, reason, warnings, what, outcome, type } = passage;
  const parts: string[] = [];
  if (type === 'undo' || type === 'redeem') parts.push(t(`staff.type-${type}`));
  else if (granted !== null)
    parts.push(t(granted ? (direction === 'out' ? 'staff.left' : 'staff.came') : 'staff.refused'));
  if (reason !== null && reason !== 'exit') parts.push(reasonWords(t, reason));
  if (what !== null) parts.push(whatWords(t, what));
  for (const warning of warnings) parts.push(t(`staff.warn-${warning}`));
  if (outcome === 'silent' || outcome === 'unused') parts.push(t(`staff.outcome-${outcome}`));
  return parts.join(' · ');
}

export function reasonWords(t: StaffTexts, reason: NonNullable<Passage['reason']>): string {
  return plain(t(`staff.reason-${reason}`));
}

const WHATS: Readonly<Record<string, StaffKey>> = {
  open: 'staff.what-open',
  'hold-open': 'staff.what-hold-open',
  'hold-open-ended': 'staff.what-end-hold',
  'end-hold': 'staff.what-end-hold',
  lockdown: 'staff.what-lockdown',
  'lockdown-ended': 'staff.what-end-lockdown',
  'lock-away': 'staff.what-lock-away',
  'store-failure': 'staff.what-store-failure',
  interlock: 'staff.what-interlock',
  closed: 'staff.what-closed',
  fire: 'staff.alarm-fire',
  'fire-ended': 'staff.what-fire-ended',
  'reset-fire': 'staff.what-fire-ended',
  forced: 'staff.alarm-forced',
  held: 'staff.alarm-held',
  tamper: 'staff.alarm-tamper',
  lock: 'staff.alarm-lock',
  exitButton: 'staff.what-exit',
  'sign-in': 'staff.what-sign-in',
  'sign-out': 'staff.what-sign-out',
  'first-manager': 'staff.what-team',
  'visitor-pass': 'staff.what-pass',
  'staff-code': 'staff.what-pass',
  'issue-ticket': 'staff.issue',
  'end-stay': 'staff.end-stay',
  'take-alarm': 'staff.what-take-alarm',
  'pin-lockout': 'staff.what-pin-lockout',
};

/** Also of what later programs do. */
export function whatWords(t: StaffTexts, what: string): string {
  return t(WHATS[what] ?? (what.endsWith('-ended') ? 'staff.what-ended' : 'staff.what-other'));
}

const SAYS: Readonly<Record<string, StaffKey>> = {
  passes: 'staff.says-passes',
  known: 'staff.says-known',
  'business-date': 'staff.says-day',
  counted: 'staff.says-counted',
  'used-today': 'staff.says-used-today',
  elsewhere: 'staff.says-elsewhere',
  closes: 'staff.says-passes',
  'no-entry': 'staff.warn-no-entry',
  overstay: 'staff.warn-overstay',
  'passback-warn': 'staff.reason-passback',
  'passback-deny': 'staff.reason-passback',
};

/** What a step of a judgement came to. */
export function saysWords(t: StaffTexts, says: string): string {
  const reason = REFUSALS.find((refusal) => refusal === says);
  if (reason !== undefined) return reasonWords(t, reason);
  return t(SAYS[says] ?? 'staff.says-looked');
}

/** A step that let nobody in by itself. */
export function isBar(says: string): boolean {
  return REFUSALS.some((refusal) => refusal === says) || says === 'elsewhere' || says === 'passback-deny';
}

/** There is something that the member can do or wait for; else they were sent to the staff. */
export function helps(remedy: RemedyMessage | null): boolean {
  if (remedy === null) return false;
  const { opensAt, startsOn, limit, insideSince, tickets, stores, doors } = remedy;
  const isKnown = [opensAt, startsOn, limit, insideSince].some((one) => one !== null);
  return isKnown || tickets.length + stores.length + doors.length > 0;
}

export function alarmWords(t: StaffTexts, alarm: AlarmRow['alarm']): string {
  return t(`staff.alarm-${alarm}`);
}
