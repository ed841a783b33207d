/**
 * What a member does at the screen besides holding up a code: reads the place's code, takes a provisional card, carries a
 * membership over. Pure; times are milliseconds of the monotonic clock. All of it ends by itself and leaves nothing.
 */
import type { CarryField, IssuedCard, NoCard, PlaceCodeOutput } from '../../main/contract/member-ways.ts';
import { type CarryDraft, type CarryKey, finished, isBlank, newDraft, onlyMail, pressKey } from './carry-draft.ts';

export const VISIT_TIMES = {
  /** Without a touch. */
  idleMs: 60_000,
  /** A photograph takes time. */
  issuedMs: 120_000,
  /** A form is asked about, and then cleared. */
  formMs: 90_000,
  askMs: 20_000,
  /** "We have it", "it is cancelled". */
  doneMs: 30_000,
} as const;

export type Way = 'place' | 'card' | 'carry';

export type Visit =
  /** `code: null`: not told yet. */
  | { readonly at: 'place'; readonly code: PlaceCodeOutput | null; readonly codeUntilMono: number }
  | { readonly at: 'card'; readonly step: 'ask' | 'busy' | 'withdrawn' | 'kept' }
  | { readonly at: 'card'; readonly step: 'issued'; readonly card: IssuedCard; readonly busy: boolean }
  /** null: nobody answered. */
  | { readonly at: 'card'; readonly step: 'none'; readonly why: NoCard | null }
  | { readonly at: 'carry'; readonly step: CarryStep; readonly draft: CarryDraft };

export type CarryStep = 'intro' | 'fill' | 'busy' | 'sent' | 'failed';

export interface VisitState {
  readonly visit: Visit | null;
  readonly touchedMono: number;
}

export type VisitInput =
  | { readonly on: 'open'; readonly way: Exclude<Way, 'carry'> }
  | { readonly on: 'open-carry'; readonly fields: readonly CarryField[] }
  /** `stay`: the answer to whether somebody is still there. */
  | { readonly on: 'close' | 'touch' | 'stay' | 'time' }
  | { readonly on: 'begin' | 'leave-fields' }
  /** Somebody was let in: whoever stood here for that is gone. A form is kept for who fills it in. */
  | { readonly on: 'admitted' }
  /** null: nobody answered. */
  | { readonly on: 'code'; readonly code: PlaceCodeOutput | null }
  | { readonly on: 'card-step'; readonly visit: Extract<Visit, { at: 'card' }> }
  | { readonly on: 'key'; readonly key: CarryKey }
  | { readonly on: 'check' }
  | { readonly on: 'kept'; readonly taken: boolean };

export const NO_VISIT: VisitState = { visit: null, touchedMono: 0 };
/** Until it is asked again, where nobody answered. */
const AGAIN_MS = 2_000;

export function visitStep(state: VisitState, input: VisitInput, nowMono: number): VisitState {
  const current = over(state, nowMono) ? NO_VISIT : state;
  const { visit } = current;
  const now = (next: Visit | null): VisitState => (next === null ? NO_VISIT : { visit: next, touchedMono: nowMono });
  switch (input.on) {
    case 'time':
      return current;
    case 'touch':
      // While it is asked, only the answer counts.
      return clearsInMs(current, nowMono) === null ? now(visit) : current;
    case 'stay':
      return now(visit);
    case 'open':
      return now(
        input.way === 'place' ? { at: 'place', code: null, codeUntilMono: nowMono } : { at: 'card', step: 'ask' },
      );
    case 'open-carry':
      return now({ at: 'carry', step: 'intro', draft: newDraft(input.fields) });
    case 'close':
      return NO_VISIT;
    case 'admitted':
      return visit?.at === 'carry' ? current : NO_VISIT;
    case 'code':
      return visit?.at === 'place' ? { ...current, visit: withCode(input.code, nowMono) } : current;
    case 'card-step':
      return visit?.at === 'card' ? now(input.visit) : current;
    case 'begin':
    case 'leave-fields':
    case 'key':
    case 'check':
    case 'kept':
      return visit?.at === 'carry' ? now(carryStep(visit, input)) : current;
  }
}

function withCode(code: PlaceCodeOutput | null, nowMono: number): Visit {
  return { at: 'place', code, codeUntilMono: nowMono + Math.max(1, code?.leftMs ?? AGAIN_MS) };
}

function carryStep(
  visit: Extract<Visit, { at: 'carry' }>,
  input: Extract<VisitInput, { on: 'begin' | 'leave-fields' | 'key' | 'check' | 'kept' }>,
): Visit {
  switch (input.on) {
    case 'begin':
      return { ...visit, step: 'fill' };
    case 'leave-fields':
      return visit.step === 'fill' ? { ...visit, step: 'intro' } : visit;
    case 'key':
      return visit.step === 'fill' ? { ...visit, draft: pressKey(visit.draft, input.key) } : visit;
    case 'check': {
      const checked = finished(visit.draft);
      return 'form' in checked ? { ...visit, step: 'busy' } : { ...visit, draft: checked.draft };
    }
    case 'kept':
      return input.taken ? { ...visit, step: 'sent', draft: onlyMail(visit.draft) } : { ...visit, step: 'failed' };
  }
}

/** When it ends by itself unless somebody touches the screen. */
function endMono({ visit, touchedMono }: VisitState): number {
  if (visit === null) return Number.POSITIVE_INFINITY;
  return touchedMono + (asksFirst(visit) ? VISIT_TIMES.formMs + VISIT_TIMES.askMs : idleMsOf(visit));
}

function idleMsOf(visit: Visit): number {
  if (visit.at === 'carry') return visit.step === 'sent' ? VISIT_TIMES.doneMs : VISIT_TIMES.idleMs;
  if (visit.at === 'place') return VISIT_TIMES.idleMs;
  if (visit.step === 'issued') return VISIT_TIMES.issuedMs;
  return visit.step === 'withdrawn' || visit.step === 'kept' ? VISIT_TIMES.doneMs : VISIT_TIMES.idleMs;
}

/** Nobody's work is thrown away unasked. */
function asksFirst(visit: Visit): boolean {
  return visit.at === 'carry' && visit.step !== 'sent' && !isBlank(visit.draft);
}

function over(state: VisitState, nowMono: number): boolean {
  return nowMono >= endMono(state);
}

/** Milliseconds until a form is cleared, while that is asked about; null: it isn't. */
export function clearsInMs(state: VisitState, nowMono: number): number | null {
  if (state.visit === null || !asksFirst(state.visit)) return null;
  const leftMs = endMono(state) - nowMono;
  return leftMs > VISIT_TIMES.askMs ? null : Math.max(0, leftMs);
}

/** Whether the next code of the place is due. */
export function wantsCode({ visit }: VisitState, nowMono: number): boolean {
  return visit?.at === 'place' && nowMono >= visit.codeUntilMono;
}

const SECOND_MS = 1_000;

/** When the view next changes by itself, always later than `nowMono`; null: it doesn't. */
export function visitDueAt(state: VisitState, nowMono: number): number | null {
  const { visit } = state;
  if (visit === null) return null;
  const end = endMono(state);
  const asks = asksFirst(visit) ? end - VISIT_TIMES.askMs : end;
  // Seconds are counted while it is asked.
  const second = nowMono >= asks ? nowMono + ((end - nowMono) % SECOND_MS || SECOND_MS) : asks;
  const code = visit.at === 'place' ? visit.codeUntilMono : end;
  const times = [end, second, code].filter((time) => time > nowMono);
  return times.length === 0 ? null : Math.min(...times);
}
