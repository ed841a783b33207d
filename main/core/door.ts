/**
 * One door as a reducer: inputs in, the next state and effects as data out. It knows no device, no clock and no
 * record; times are monotonic milliseconds that come with the inputs.
 *
 *   locked ──grant──▶ unlocking ──leaf opens──▶ open ──line rests──▶ closing ──leaf shut──▶ locked
 *                         └──────────line rests, leaf shut──────────────────────────────────▶ locked
 *
 * Two truths make the state: whether the lock's line is energised, as the guard reports it, and whether the leaf is
 * open, as the contact reports it (null: no contact). A grant adds a passage; passages end together, once the line
 * rests and the leaf is shut.
 */

export type DoorPhase = 'locked' | 'unlocking' | 'open' | 'closing';
export type DoorAlarm = 'forced' | 'held';

/** How a passage ended. `silent`: commanded, but the lock didn't follow. `unused`: unlocked, and the leaf stayed shut. */
export type Outcome = 'opened' | 'unused' | 'silent';

/** An opening that was granted and has no outcome yet. */
export interface Passage {
  /** Number of the event that granted it; null for an exit that could not be recorded before it was opened. */
  readonly event: number | null;
  readonly commandedAt: number;
  /** The lock released. */
  readonly openedAt: number | null;
  /** The leaf opened; null also where no contact could tell. */
  readonly passedAt: number | null;
  /** From the command on the contact said that the leaf was shut, and it is known to work. */
  readonly watched: boolean;
  /** No other grant overlapped: whoever passed would have been this one. */
  readonly alone: boolean;
}

export interface DoorSettings {
  readonly pulseMs: number;
  readonly maxPulseMs: number;
  readonly heldAfterMs: number;
}

export interface DoorState {
  readonly phase: DoorPhase;
  readonly energised: boolean;
  /** null: no contact, or none that works. */
  readonly leafOpen: boolean | null;
  /** When the contact last moved, which shows that it works; null: not since the start. */
  readonly leafMovedAt: number | null;
  /** Number of the last command; the guard takes only growing ones. */
  readonly command: number;
  readonly passages: readonly Passage[];
  readonly alarms: readonly DoorAlarm[];
}

export type DoorInput =
  /** The record of `event` is durable: open. A grant while unlocking or open starts a new pulse from now. */
  | { readonly on: 'grant'; readonly event: number | null }
  /** The line moved because of `command`. */
  | { readonly on: 'line'; readonly command: number; readonly energised: boolean }
  /** The command could not be carried out. */
  | { readonly on: 'failed'; readonly command: number }
  /** Nobody knows what the line did: the guard is gone. It rests its lines when it goes and when it comes. */
  | { readonly on: 'guard-lost' }
  | { readonly on: 'contact'; readonly open: boolean | null }
  | { readonly on: 'timer'; readonly timer: DoorTimer };

/** `answer`: the guard must have moved the line by then. `held`: the leaf may not be open longer. */
export type DoorTimer = 'answer' | 'held';

export type DoorEffect =
  | { readonly do: 'energise'; readonly command: number; readonly until: number }
  | { readonly do: 'start-timer'; readonly timer: DoorTimer; readonly afterMs: number }
  | { readonly do: 'stop-timer'; readonly timer: DoorTimer }
  | {
      readonly do: 'record-outcome';
      readonly passage: Passage;
      readonly outcome: Outcome;
      readonly closedAt: number | null;
      /** The contact vouches for it: what the entry used up may be given back (guarantees 1.8). */
      readonly nobodyPassed: boolean;
    }
  | { readonly do: 'alarm'; readonly alarm: DoorAlarm; readonly active: boolean };

export interface DoorStep {
  readonly next: DoorState;
  readonly effects: readonly DoorEffect[];
}

/** How long the guard may take to move a line before the opening counts as failed. */
export const ANSWER_MS = 1_500;

/** A contact that hasn't moved for longer may be stuck: its word counts for nothing. */
export const CONTACT_TRUST_MS = 86_400_000;

/** @param leafOpen what the contact says at the start; null: no contact */
export function restingDoor(leafOpen: boolean | null): DoorState {
  return { phase: 'locked', energised: false, leafOpen, leafMovedAt: null, command: 0, passages: [], alarms: [] };
}

export function stepDoor(settings: DoorSettings, state: DoorState, input: DoorInput, now: number): DoorStep {
  switch (input.on) {
    case 'grant':
      return grant(settings, state, input.event, now);
    case 'line':
      return line(state, input.command, input.energised, now);
    case 'failed':
      return input.command === state.command ? lineIsSilent(state, now, true) : unchanged(state);
    case 'guard-lost':
      return lineIsSilent(state, now, false);
    case 'contact':
      return contact(settings, state, input.open, now);
    case 'timer':
      return input.timer === 'answer' ? lineIsSilent(state, now, false) : held(state);
  }
}

function unchanged(state: DoorState): DoorStep {
  return { next: state, effects: [] };
}

function grant(settings: DoorSettings, state: DoorState, event: number | null, now: number): DoorStep {
  const command = state.command + 1;
  const until = now + Math.min(settings.pulseMs, settings.maxPulseMs);
  const openedAt = state.energised ? now : null;
  const works = state.leafMovedAt !== null && now - state.leafMovedAt <= CONTACT_TRUST_MS;
  const passedAt = state.leafOpen === true ? now : null;
  const watched = works && state.leafOpen === false;
  // A repeated exit scan opens again under the event that it already has.
  const others = state.passages.filter((other) => other.event !== event).map((other) => ({ ...other, alone: false }));
  const same = state.passages.find((other) => other.event === event);
  const passage: Passage = { event, commandedAt: now, openedAt, passedAt, watched, alone: others.length === 0 };
  const next: DoorState = {
    ...state,
    phase: state.leafOpen === true ? 'open' : 'unlocking',
    command,
    passages: [...others, same ?? passage],
  };
  const effects: DoorEffect[] = [{ do: 'energise', command, until }];
  if (!state.energised) effects.push({ do: 'start-timer', timer: 'answer', afterMs: ANSWER_MS });
  return { next, effects };
}

function line(state: DoorState, command: number, energised: boolean, now: number): DoorStep {
  if (energised) {
    const passages = state.passages.map((passage) => ({ ...passage, openedAt: passage.openedAt ?? now }));
    return { next: { ...state, energised, passages }, effects: [{ do: 'stop-timer', timer: 'answer' }] };
  }
  // The end of an earlier pulse, overtaken by a newer command that is still on its way.
  if (command < state.command) return { next: { ...state, energised }, effects: [] };
  const rested = { ...state, energised };
  if (state.leafOpen === true) return unchanged({ ...rested, phase: 'closing' });
  return finish(rested, now, true);
}

/**
 * The lock doesn't follow, or can't be asked: what was granted so far did not open, unless the leaf says otherwise.
 * @param rests whether it is known to be at rest
 */
function lineIsSilent(state: DoorState, now: number, rests: boolean): DoorStep {
  const rested: DoorState = { ...state, energised: false };
  if (state.leafOpen === true) return unchanged({ ...rested, phase: state.phase === 'locked' ? 'locked' : 'closing' });
  return finish(rested, now, rests);
}

function contact(settings: DoorSettings, state: DoorState, open: boolean | null, now: number): DoorStep {
  if (open === state.leafOpen) return unchanged(state);
  const moved = state.leafOpen !== null && open !== null;
  // A contact that failed meanwhile vouches for nobody who is on the way.
  const passages = open === null ? state.passages.map((passage) => ({ ...passage, watched: false })) : state.passages;
  const seen: DoorState = { ...state, leafOpen: open, leafMovedAt: moved ? now : state.leafMovedAt, passages };
  if (open === true) return leafOpened(settings, seen, now);
  const quiet: DoorEffect[] = [{ do: 'stop-timer', timer: 'held' }];
  for (const alarm of state.alarms) quiet.push({ do: 'alarm', alarm, active: false });
  const shut: DoorState = { ...seen, alarms: [] };
  if (state.energised) return { next: { ...shut, phase: 'unlocking' }, effects: quiet };
  const { next, effects } = finish(shut, now, true);
  return { next, effects: [...quiet, ...effects] };
}

function leafOpened(settings: DoorSettings, state: DoorState, now: number): DoorStep {
  const watch: DoorEffect = { do: 'start-timer', timer: 'held', afterMs: settings.heldAfterMs };
  if (state.passages.length === 0) {
    const alarms: readonly DoorAlarm[] = [...state.alarms, 'forced'];
    return { next: { ...state, alarms }, effects: [{ do: 'alarm', alarm: 'forced', active: true }, watch] };
  }
  const passages = state.passages.map((passage) => ({ ...passage, passedAt: passage.passedAt ?? now }));
  return { next: { ...state, phase: state.energised ? 'open' : 'closing', passages }, effects: [watch] };
}

function held(state: DoorState): DoorStep {
  if (state.leafOpen !== true || state.alarms.includes('held')) return unchanged(state);
  const raised: DoorState = { ...state, alarms: [...state.alarms, 'held'] };
  const effects: DoorEffect[] = [{ do: 'alarm', alarm: 'held', active: true }];
  // Nobody waits for a door that stands open: who passed has passed.
  if (state.energised) return { next: raised, effects };
  const { effects: outcomes } = settle(raised, null, false);
  return { next: { ...raised, passages: [] }, effects: [...effects, ...outcomes] };
}

/** The line rests and the leaf is shut, as far as anybody can tell. */
function finish(state: DoorState, now: number, rests: boolean): DoorStep {
  const { effects } = settle(state, now, rests);
  const next: DoorState = { ...state, phase: 'locked', passages: [] };
  return { next, effects: [{ do: 'stop-timer', timer: 'answer' }, ...effects] };
}

function settle(
  state: DoorState,
  closedAt: number | null,
  rests: boolean,
): { readonly effects: readonly DoorEffect[] } {
  return {
    effects: state.passages.map((passage) => {
      const outcome = outcomeOf(passage, state.leafOpen);
      const nobodyPassed = rests && outcome !== 'opened' && passage.watched && passage.alone;
      return { do: 'record-outcome', passage, outcome, closedAt, nobodyPassed };
    }),
  };
}

function outcomeOf({ openedAt, passedAt }: Passage, leafOpen: boolean | null): Outcome {
  if (passedAt !== null) return 'opened';
  if (openedAt === null) return 'silent';
  // Without a contact nobody knows better: it counts as passed.
  return leafOpen === null ? 'opened' : 'unused';
}
