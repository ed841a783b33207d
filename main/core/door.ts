/**
 * One door as a reducer: inputs in, the next state and effects as data out. It knows no device, no clock and no
 * record; times are monotonic milliseconds that come with the inputs. Every transition stands in `door-table.ts`.
 *
 *   locked ──opening──▶ unlocking ──leaf opens──▶ open ──line rests──▶ closing ──leaf shut──▶ locked
 *                           └──────────line rests, leaf shut───────────────────────────────▶ locked
 *
 * Two truths make the state: whether the lock's line is energised, as the guard reports it, and whether the leaf is
 * open, as the contact reports it. What the line shall do follows from orders and openings (`door-orders.ts`); a hold
 * is a chain of commands, each renewed at half its time.
 */
import {
  ANSWER_MS,
  CONTACT_TRUST_MS,
  type DoorAlarm,
  type DoorEffect,
  type DoorInput,
  type DoorSettings,
  type DoorState,
  type DoorStep,
  type DoorTimer,
  EXIT_WAIT_MS,
  MOST_PASSAGES,
  type Opening,
  type Outcome,
  type Passage,
  RETRY_MS,
} from './door-model.ts';
import { HELD, isReleased, mayOpen, releasedUntil } from './door-orders.ts';

/** One input being taken; what it leads to is gathered here. */
interface Turn {
  readonly settings: DoorSettings;
  readonly now: number;
  readonly effects: DoorEffect[];
}

export function stepDoor(settings: DoorSettings, state: DoorState, input: DoorInput, now: number): DoorStep {
  const turn: Turn = { settings, now, effects: [] };
  const commanded = command(turn, take(turn, state, input));
  return { next: watchLeaf(turn, state, commanded), effects: turn.effects };
}

function take(turn: Turn, state: DoorState, input: DoorInput): DoorState {
  switch (input.on) {
    case 'open':
      return open(turn, state, input.event, input.by);
    case 'exit-wanted':
      return exitWanted(turn, state);
    case 'line':
      return line(turn, state, input.command, input.energised);
    case 'failed':
      return failed(turn, state, input.command);
    case 'lock':
      return input.ready ? lockIsBack(turn, state) : lockIsGone(turn, state);
    case 'contact':
      return contact(turn, state, input.open);
    case 'tamper':
      return setAlarm(turn, state, 'tamper', input.active);
    case 'mode':
      return { ...state, mode: input.mode };
    case 'timer':
      return timer(turn, state, input.timer);
    case 'stop':
      return settle(turn, lockIsGone(turn, state), () => true);
  }
}

function open(turn: Turn, state: DoorState, event: number | null, by: Opening): DoorState {
  const { now } = turn;
  // The record took so long that the guard has opened: this is that opening, and no other.
  const begun = state.due !== null && state.due.at <= now ? state.due : null;
  // A repeated exit opens again under the event that it already has.
  const others = state.passages.filter((other) => other.event !== event).map((other) => ({ ...other, alone: false }));
  const same = state.passages.find((other) => other.event === event);
  const passage: Passage = {
    event,
    by,
    commandedAt: begun?.at ?? now,
    openedAt: state.energised ? now : null,
    passedAt: state.leafOpen === true ? now : null,
    watched: state.leafOpen === false && contactWorks(state, now),
    alone: others.length === 0,
    ...same,
    // Nothing runs yet where the lock is away.
    until: begun?.until ?? (state.ready ? pulseEnd(turn) : now),
  };
  if (!mayOpen(state, by)) {
    tellOutcome(turn, state, passage);
    return state;
  }
  if (begun !== null) turn.effects.push({ do: 'start-timer', timer: 'answer', afterMs: ANSWER_MS });
  const commandedUntil = begun?.until ?? state.commandedUntil;
  const passages = [...others, passage];
  const late = new Set(passages.slice(0, -MOST_PASSAGES));
  const next = settle(turn, { ...state, passages, commandedUntil, due: null }, (one) => late.has(one));
  // Nobody needs the lock of a door that is held open.
  return isHeldOpen(next) ? settleOver(turn, next) : next;
}

/** Whatever becomes of the record, and of the program that writes it: the guard opens in time. */
function exitWanted({ settings, now, effects }: Turn, state: DoorState): DoorState {
  if (!state.ready || state.holding) return state;
  const command = state.command + 1;
  const at = now + EXIT_WAIT_MS;
  const due = { at, until: at + pulseMs(settings) };
  effects.push({ do: 'energise-at', command, ...due });
  return { ...state, command, due };
}

function pulseEnd({ settings, now }: Turn): number {
  return now + pulseMs(settings);
}

function pulseMs({ pulseMs, maxPulseMs }: DoorSettings): number {
  return Math.min(pulseMs, maxPulseMs);
}

function contactWorks({ leafMovedAt }: DoorState, now: number): boolean {
  return leafMovedAt !== null && now - leafMovedAt <= CONTACT_TRUST_MS;
}

function line(turn: Turn, state: DoorState, number: number, energised: boolean): DoorState {
  const { now, effects } = turn;
  const told = energised === state.energised ? state : setAlarm(turn, state, 'lock', false);
  const moved = { ...told, energised };
  if (energised) {
    effects.push({ do: 'stop-timer', timer: 'answer' });
    return { ...moved, passages: state.passages.map((one) => ({ ...one, openedAt: one.openedAt ?? now })) };
  }
  if (number >= state.command) return commandIsOver(turn, moved);
  // The end of an earlier command, overtaken by one that is still on its way.
  effects.push({ do: 'start-timer', timer: 'answer', afterMs: ANSWER_MS });
  return moved;
}

/** What a lock that is away doesn't do is no news, and an exit waits for it. */
function failed(turn: Turn, state: DoorState, number: number): DoorState {
  if (!state.ready || number !== state.command) return state;
  return commandIsOver(turn, setAlarm(turn, state, 'lock', true));
}

/** The lock neither moved nor failed: nobody knows where it is. */
function silent(turn: Turn, state: DoorState): DoorState {
  return state.energised ? state : commandIsOver(turn, setAlarm(turn, unwatched(state), 'lock', true));
}

/** An exit that waited is commanded now. */
function lockIsBack(turn: Turn, state: DoorState): DoorState {
  const until = pulseEnd(turn);
  const passages = state.passages.map((one) =>
    isWaiting(state, one) ? { ...one, commandedAt: turn.now, until } : one,
  );
  return { ...setAlarm(turn, state, 'lock', false), ready: true, passages };
}

function lockIsGone(turn: Turn, state: DoorState): DoorState {
  turn.effects.push({ do: 'stop-timer', timer: 'renew' });
  return commandIsOver(turn, { ...unwatched(state), ready: false, energised: false, holding: false, due: null });
}

/** Nobody vouches for whoever is on the way. */
function unwatched(state: DoorState): DoorState {
  return { ...state, passages: state.passages.map((one) => ({ ...one, watched: false })) };
}

function isWaiting({ ready }: DoorState, { by, openedAt, passedAt }: Passage): boolean {
  return !ready && by === 'exit' && openedAt === null && passedAt === null;
}

/** However it ended, it doesn't go on; a hold is commanded anew. */
function commandIsOver(turn: Turn, state: DoorState): DoorState {
  turn.effects.push({ do: 'stop-timer', timer: 'answer' });
  if (state.holding) turn.effects.push({ do: 'start-timer', timer: 'renew', afterMs: RETRY_MS });
  const passages = state.passages.map((one) => ({ ...one, until: Math.min(one.until, turn.now) }));
  return settleIfShut(turn, { ...state, commandedUntil: null, passages });
}

function contact(turn: Turn, state: DoorState, isOpen: boolean | null): DoorState {
  const { leafOpen, leafMovedAt, passages } = state;
  if (isOpen === leafOpen) return state;
  const moved = leafOpen !== null && isOpen !== null;
  const seen = { ...state, leafOpen: isOpen, leafMovedAt: moved ? turn.now : leafMovedAt };
  // Who is on the way has passed, or the contact didn't see it: it vouches for nobody any more.
  if (isOpen !== true) return settleIfShut(turn, unwatched(seen));
  const forced = !isReleased(state) && passages.length === 0;
  const opened = { ...seen, passages: passages.map((one) => ({ ...one, passedAt: one.passedAt ?? turn.now })) };
  return forced ? setAlarm(turn, opened, 'forced', true) : opened;
}

function timer(turn: Turn, state: DoorState, which: DoorTimer): DoorState {
  switch (which) {
    case 'answer':
      return silent(turn, state);
    case 'held':
      // Nobody waits for a door that stands open: who passed has passed.
      return isWatched(state) ? settleOver(turn, setAlarm(turn, state, 'held', true)) : state;
    case 'renew':
      return state.holding ? hold(turn, settleOver(turn, state)) : state;
  }
}

/** Commands what orders and openings ask for, if it isn't what runs already. */
function command(turn: Turn, state: DoorState): DoorState {
  const { now, effects } = turn;
  const until = state.ready ? releasedUntil(state, now) : null;
  if (until === HELD) return state.holding ? state : hold(turn, state);
  if (state.holding) effects.push({ do: 'stop-timer', timer: 'renew' });
  const free = { ...state, holding: false };
  if (until !== null) return until === state.commandedUntil ? free : energise(turn, free, until);
  // A command that is at its end anyway needs no other.
  if ((state.commandedUntil ?? 0) <= now) return free;
  effects.push({ do: 'rest', command: state.command + 1 });
  return { ...free, command: state.command + 1, commandedUntil: null };
}

function hold(turn: Turn, state: DoorState): DoorState {
  const { maxPulseMs } = turn.settings;
  turn.effects.push({ do: 'start-timer', timer: 'renew', afterMs: maxPulseMs / 2 });
  return { ...energise(turn, state, turn.now + maxPulseMs), holding: true };
}

function energise({ effects }: Turn, state: DoorState, until: number): DoorState {
  const number = state.command + 1;
  effects.push({ do: 'energise', command: number, until });
  if (!state.energised) effects.push({ do: 'start-timer', timer: 'answer', afterMs: ANSWER_MS });
  return { ...state, command: number, commandedUntil: until };
}

/** A leaf that stands open without an order to is watched. */
function isWatched({ leafOpen, holding }: DoorState): boolean {
  return leafOpen === true && !holding;
}

function watchLeaf(turn: Turn, before: DoorState, state: DoorState): DoorState {
  const { settings, effects } = turn;
  if (isWatched(state) !== isWatched(before)) {
    const timer = 'held';
    if (isWatched(state)) effects.push({ do: 'start-timer', timer, afterMs: settings.heldAfterMs });
    else effects.push({ do: 'stop-timer', timer });
  }
  // A contact that is gone ends no alarm: whoever breaks in may have cut its wire.
  if (state.leafOpen !== false && !state.holding) return state;
  return setAlarm(turn, setAlarm(turn, state, 'held', false), 'forced', false);
}

function setAlarm({ effects }: Turn, state: DoorState, alarm: DoorAlarm, active: boolean): DoorState {
  if (state.alarms.includes(alarm) === active) return state;
  effects.push({ do: 'alarm', alarm, active });
  const others = state.alarms.filter((other) => other !== alarm);
  return { ...state, alarms: active ? [...others, alarm] : others };
}

/** One that stands open too long is waited for no more. */
function settleIfShut(turn: Turn, state: DoorState): DoorState {
  return state.leafOpen !== true || isHeldOpen(state) ? settleOver(turn, state) : state;
}

/** Nobody's outcome waits for a leaf that is held open; a contact that is gone says no better. */
function isHeldOpen({ alarms }: DoorState): boolean {
  return alarms.includes('held');
}

/** Passages whose pulse is over have their outcome. */
function settleOver(turn: Turn, state: DoorState): DoorState {
  return settle(turn, state, (one) => one.until <= turn.now && !isWaiting(state, one));
}

function settle(turn: Turn, state: DoorState, ends: (passage: Passage) => boolean): DoorState {
  for (const passage of state.passages.filter(ends)) tellOutcome(turn, state, passage);
  return { ...state, passages: state.passages.filter((passage) => !ends(passage)) };
}

function tellOutcome({ effects, now }: Turn, state: DoorState, passage: Passage): void {
  const outcome = outcomeOf(passage, state.leafOpen);
  const nobodyPassed = !state.energised && outcome !== 'opened' && passage.watched && passage.alone;
  const closedAt = state.leafOpen === true ? null : now;
  effects.push({ do: 'record-outcome', passage, outcome, closedAt, nobodyPassed });
}

function outcomeOf({ openedAt, passedAt }: Passage, leafOpen: boolean | null): Outcome {
  if (passedAt !== null) return 'opened';
  if (openedAt === null) return 'silent';
  // Without a contact nobody knows better: it counts as passed.
  return leafOpen === null ? 'opened' : 'unused';
}
