/**
 * Which screen stands: messages and times in, a view out. Pure. Times are milliseconds of the monotonic clock; whoever
 * holds the state calls `step` with `{ on: 'time' }` when `dueAt` has come.
 */
import type {
  DecisionMessage,
  OutcomeMessage,
  PageMessage,
  RemedyMessage,
  StatusMessage,
  UnjudgedMessage,
} from '../../main/contract/page.ts';
import { type DoorMessage, doorFault, doorOf, type FaultReason } from './door.ts';
import { type HubAway, hubAway } from './offline.ts';

export const TIMES = {
  admittedMs: 2_500,
  refusedMs: 6_000,
  /** A refusal that offers a ticket. */
  choiceMs: 20_000,
  /** How long it then says that none was spent. */
  unspentMs: 6_000,
  /** From the refusal on. */
  cardMs: 20_000,
  leavingMs: 6_000,
  leavingWithFeeMs: 10_000,
  silentMs: 6_000,
  /** A door that stays silent says so within its pulse and a little more; later nobody stands there any more. */
  silentWithinMs: 20_000,
  /** A controller that restarts is back in less. */
  lostGraceMs: 1_500,
} as const;

interface Shown {
  readonly decision: DecisionMessage;
  /** The door was commanded and did not follow. */
  readonly silent: boolean;
  /** The member wants to spend the ticket, and the controller hasn't judged it yet. */
  readonly chosen: boolean;
  readonly untilMono: number;
}

interface Kept {
  readonly decision: DecisionMessage;
  readonly untilMono: number;
}

interface Latest extends Kept {
  /** How many came in by this opening of the door, with this one. */
  readonly party: number;
}

interface TurnedAway {
  readonly message: UnjudgedMessage;
  readonly untilMono: number;
}

interface Card extends Kept {
  /** A ticket was offered and nobody took it. */
  readonly unspent: boolean;
}

export interface ScreenState {
  /** From the address; null: the first door of the status. */
  readonly askedDoor: string | null;
  readonly status: StatusMessage | null;
  readonly away: HubAway | null;
  readonly linkUp: boolean;
  readonly linkSinceMono: number;
  /** False: the page's camera gives no picture. */
  readonly cameraWorks: boolean;
  readonly shown: Shown | null;
  /** Somebody whom nobody judged; never beside `shown`. */
  readonly turnedAway: TurnedAway | null;
  /** The refusal that has left the screen. */
  readonly card: Card | null;
  /** The latest decision, for which an outcome may still come. */
  readonly last: Latest | null;
}

export type ScreenInput =
  | { readonly on: 'message'; readonly message: PageMessage }
  | { readonly on: 'link'; readonly up: boolean }
  | { readonly on: 'camera'; readonly works: boolean }
  /** Somebody pressed "close". */
  | { readonly on: 'close' }
  /** Somebody pressed to spend the ticket that the refusal `event` offers. */
  | { readonly on: 'choose'; readonly event: number }
  /** The controller didn't take the choice: nothing was spent (true), or nobody knows. */
  | { readonly on: 'choice-ended'; readonly event: number; readonly unspent: boolean }
  | { readonly on: 'time' };

export type View =
  | { readonly screen: 'waiting'; readonly card: Pick<Card, 'decision' | 'unspent'> | null }
  /** `party`: more than one came in by this opening. */
  | { readonly screen: 'admitted'; readonly decision: DecisionMessage; readonly party: number }
  | { readonly screen: 'leaving'; readonly decision: DecisionMessage }
  | { readonly screen: 'refused'; readonly decision: DecisionMessage; readonly busy: boolean }
  /** Refused, as far as anybody who stands there can see. */
  | { readonly screen: 'unjudged'; readonly message: UnjudgedMessage }
  | { readonly screen: 'fault'; readonly reason: FaultReason; readonly decision: DecisionMessage | null };

export function firstState(askedDoor: string | null, nowMono: number): ScreenState {
  return {
    askedDoor,
    status: null,
    away: null,
    linkUp: false,
    linkSinceMono: nowMono,
    cameraWorks: true,
    shown: null,
    turnedAway: null,
    card: null,
    last: null,
  };
}

export function step(state: ScreenState, input: ScreenInput, nowMono: number): ScreenState {
  const current = expire(state, nowMono);
  switch (input.on) {
    case 'time':
      return current;
    case 'close':
      return { ...current, shown: null, turnedAway: null, card: null };
    case 'choose':
      return choose(current, input.event);
    case 'choice-ended':
      return endChoice(current, input.event, input.unspent, nowMono);
    case 'camera':
      return current.cameraWorks === input.works ? current : { ...current, cameraWorks: input.works };
    case 'link':
      return current.linkUp === input.up ? current : { ...current, linkUp: input.up, linkSinceMono: nowMono };
    case 'message':
      return take(current, input.message, nowMono);
  }
}

function take(state: ScreenState, message: PageMessage, nowMono: number): ScreenState {
  switch (message.kind) {
    case 'status':
      return { ...state, status: message, away: hubAway(state.away, message, nowMono) };
    case 'decision':
      return doorIn(state)?.id === message.doorId ? decide(state, message, nowMono) : state;
    case 'unjudged':
      return doorIn(state)?.id === message.doorId ? turnAway(state, message, nowMono) : state;
    case 'outcome':
      return settle(state, message, nowMono);
  }
}

function turnAway(state: ScreenState, message: UnjudgedMessage, nowMono: number): ScreenState {
  const turnedAway = { message, untilMono: nowMono + TIMES.refusedMs };
  return { ...state, shown: null, turnedAway, card: null, last: null };
}

/** A new decision takes the screen at once, whatever stood there. */
function decide(state: ScreenState, decision: DecisionMessage, nowMono: number): ScreenState {
  return {
    ...state,
    shown: { decision, silent: false, chosen: false, untilMono: nowMono + shownMs(decision) },
    turnedAway: null,
    card: null,
    last: { decision, party: partyWith(state, decision), untilMono: nowMono + TIMES.silentWithinMs },
  };
}

/** Whoever is let in while the one before still is: both go through one opening. */
function partyWith(state: ScreenState, decision: DecisionMessage): number {
  const { last, shown } = state;
  if (last === null || screenOf(decision) !== 'admitted' || screenOf(last.decision) !== 'admitted') return 1;
  const door = doorIn(state)?.state;
  const isOpen = shown?.decision === last.decision || door === 'unlocking' || door === 'open';
  return isOpen ? last.party + 1 : 1;
}

/** Only a door that was to open and didn't is news to who stands before it. */
function settle(state: ScreenState, { of, outcome }: OutcomeMessage, nowMono: number): ScreenState {
  const decision = state.last?.decision;
  if (outcome !== 'silent' || decision?.event !== of || !decision.granted) return state;
  const shown = { decision, silent: true, chosen: false, untilMono: nowMono + TIMES.silentMs };
  return { ...state, shown, turnedAway: null, card: null, last: null };
}

/** The ticket that a refusal offers to spend: of several, the one that would be taken first. */
export function offerOf({
  granted,
  remedy,
}: Pick<DecisionMessage, 'granted' | 'remedy'>): RemedyMessage['tickets'][number] | null {
  return granted ? null : (remedy?.tickets[0] ?? null);
}

function choose(state: ScreenState, event: number): ScreenState {
  const { shown } = state;
  if (shown === null || shown.decision.event !== event) return state;
  return { ...state, shown: { ...shown, chosen: true } };
}

function endChoice(state: ScreenState, event: number, unspent: boolean, nowMono: number): ScreenState {
  const { shown } = state;
  if (shown === null || shown.decision.event !== event) return state;
  const card = { decision: shown.decision, unspent, untilMono: nowMono + TIMES.unspentMs };
  return { ...state, shown: null, card };
}

export function shownMs(decision: DecisionMessage): number {
  switch (screenOf(decision)) {
    case 'refused':
      return offerOf(decision) === null ? TIMES.refusedMs : TIMES.choiceMs;
    case 'admitted':
      return TIMES.admittedMs;
    case 'leaving':
      return (decision.stay?.fee ?? 0) > 0 ? TIMES.leavingWithFeeMs : TIMES.leavingMs;
  }
}

export function screenOf(decision: DecisionMessage): 'admitted' | 'refused' | 'leaving' {
  if (!decision.granted) return 'refused';
  return decision.direction === 'out' ? 'leaving' : 'admitted';
}

/** Ends what is over. A refusal that was read for 6 s goes on as a card. */
function expire(state: ScreenState, nowMono: number): ScreenState {
  const { shown, turnedAway, card, last } = state;
  const shownOver = shown !== null && shown.untilMono <= nowMono;
  const kept = shownOver && screenOf(shown.decision) === 'refused' ? cardOf(shown) : card;
  return {
    ...state,
    shown: shownOver ? null : shown,
    turnedAway: turnedAway !== null && turnedAway.untilMono > nowMono ? turnedAway : null,
    card: kept !== null && kept.untilMono > nowMono ? kept : null,
    last: last !== null && last.untilMono > nowMono ? last : null,
  };
}

/** A refusal that offered a ticket was read long enough; what its card says is that none was spent. */
function cardOf({ decision, chosen, untilMono }: Shown): Card {
  if (offerOf(decision) === null) {
    return { decision, unspent: false, untilMono: untilMono - TIMES.refusedMs + TIMES.cardMs };
  }
  return { decision, unspent: !chosen, untilMono: untilMono + TIMES.unspentMs };
}

/** When the view next changes by itself, always later than `nowMono`; null: it doesn't. */
export function dueAt(state: ScreenState, nowMono: number): number | null {
  const { shown, turnedAway, card, linkUp } = state;
  const times = [shown?.untilMono, turnedAway?.untilMono, card?.untilMono, linkUp ? undefined : lostAt(state)].filter(
    (time): time is number => time !== undefined && time > nowMono,
  );
  return times.length === 0 ? null : Math.min(...times);
}

function lostAt(state: ScreenState): number {
  return state.linkSinceMono + TIMES.lostGraceMs;
}

/** The door that this page stands at; null where there is none (yet). */
export function doorIn(state: ScreenState): DoorMessage | null {
  return state.status === null ? null : doorOf(state.status, state.askedDoor);
}

/** A decision is read to its end, also while the controller is away. */
export function viewOf(state: ScreenState, nowMono: number): View {
  const { shown, turnedAway, card, status, last } = expire(state, nowMono);
  // Nothing that a member did is worth a word then.
  if (doorIn(state)?.state === 'fire') return { screen: 'fault', reason: 'fire', decision: null };
  if (shown !== null) {
    const { decision, chosen } = shown;
    if (shown.silent) return { screen: 'fault', reason: 'lock-silent', decision };
    const screen = screenOf(decision);
    if (screen === 'refused') return { screen, decision, busy: chosen };
    return screen === 'admitted' ? { screen, decision, party: last?.party ?? 1 } : { screen, decision };
  }
  if (turnedAway !== null) return { screen: 'unjudged', message: turnedAway.message };
  const fault = standingFault(state, status, nowMono);
  if (fault !== null) return { screen: 'fault', reason: fault, decision: null };
  return { screen: 'waiting', card: card === null ? null : { decision: card.decision, unspent: card.unspent } };
}

function standingFault(state: ScreenState, status: StatusMessage | null, nowMono: number): FaultReason | null {
  if (!state.linkUp && nowMono >= lostAt(state)) return 'controller-lost';
  if (status === null) return 'starting';
  const door = doorOf(status, state.askedDoor);
  return door === null ? 'no-door' : doorFault(status, door, state.cameraWorks);
}
