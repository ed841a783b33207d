/** What a door's reducer (`door.ts`) takes and gives. Times are monotonic milliseconds. */

/** Who opens: a member who was admitted, whoever wants out, or staff. */
export type Opening = 'entry' | 'exit' | 'staff';

/** `lock`: it doesn't answer, or doesn't come to rest. */
export type DoorAlarm = 'forced' | 'held' | 'tamper' | 'lock';

/** How a passage ended. `silent`: the lock didn't follow, or wasn't asked. `unused`: unlocked, and the leaf stayed shut. */
export type Outcome = 'opened' | 'unused' | 'silent';

/** An opening that was granted and has no outcome yet. It ends once its pulse is over and the leaf is shut. */
export interface Passage {
  /** Number of the event that granted it; null for an exit that could not be recorded before it was opened. */
  readonly event: number | null;
  readonly by: Opening;
  readonly commandedAt: number;
  /** End of its pulse; past while an exit waits for its lock. */
  readonly until: number;
  /** The lock released. */
  readonly openedAt: number | null;
  /** The leaf opened; null also where no contact could tell. */
  readonly passedAt: number | null;
  /** From the command on the contact said that the leaf was shut, and it is known to work. */
  readonly watched: boolean;
  /** No other opening overlapped: whoever passed would have been this one. */
  readonly alone: boolean;
}

export interface DoorSettings {
  readonly pulseMs: number;
  readonly maxPulseMs: number;
  readonly heldAfterMs: number;
}

/** The orders that hold for a door. */
export interface DoorMode {
  /** Released until the input is normal and a manager has reset it. */
  readonly fire: boolean;
  /** Nobody comes in, by order of the staff. */
  readonly lockdown: boolean;
  /** Nobody comes in, by the calendar: always-locked hours, a closed day. */
  readonly closed: boolean;
  /** The other door of the pair is open or unlocked. */
  readonly interlocked: boolean;
  /** Held unlocked, by schedule or staff. */
  readonly hold: boolean;
}

export interface DoorState {
  /** The lock can be commanded. */
  readonly ready: boolean;
  readonly energised: boolean;
  /** null: no contact, or none that works. */
  readonly leafOpen: boolean | null;
  /** When the contact last moved, which shows that it works; null: not since the start. */
  readonly leafMovedAt: number | null;
  /** Number of the last command; the guard takes only growing ones. */
  readonly command: number;
  /** End of the running command; null: none runs, as far as is known. */
  readonly commandedUntil: number | null;
  /** What the guard does by itself for an exit whose record isn't there yet; null: nothing. */
  readonly due: { readonly at: number; readonly until: number } | null;
  readonly mode: DoorMode;
  /** A chain of commands holds the lock released. */
  readonly holding: boolean;
  readonly passages: readonly Passage[];
  readonly alarms: readonly DoorAlarm[];
}

export type DoorInput =
  /**
   * The record of `event` is durable: open. While unlocking or open a new pulse begins from now. An exit also waits for
   * a lock that is away.
   */
  | { readonly on: 'open'; readonly event: number | null; readonly by: Opening }
  /** Somebody wants out, and the record comes first; `open` follows, unless the record takes too long. */
  | { readonly on: 'exit-wanted' }
  /** The line moved because of `command`. */
  | { readonly on: 'line'; readonly command: number; readonly energised: boolean }
  /** The command could not be carried out, or not to its end. */
  | { readonly on: 'failed'; readonly command: number }
  /**
   * The lock can be commanded, or can't: it or the guard is gone. Nobody knows then what the line did; it has been put
   * to rest when it is back.
   */
  | { readonly on: 'lock'; readonly ready: boolean }
  | { readonly on: 'contact'; readonly open: boolean | null }
  | { readonly on: 'tamper'; readonly active: boolean }
  | { readonly on: 'mode'; readonly mode: DoorMode }
  | { readonly on: 'timer'; readonly timer: DoorTimer }
  /** The program ends, and the guard has put the lock to rest: what is under way ends now. */
  | { readonly on: 'stop' };

/**
 * `answer`: the guard must have moved the line by then. `held`: the leaf may not be open longer. `renew`: the chain of
 * commands goes on.
 */
export type DoorTimer = 'answer' | 'held' | 'renew';

export type DoorEffect =
  | { readonly do: 'energise'; readonly command: number; readonly until: number }
  /** The guard energises by itself at `at`, unless another command comes before. */
  | { readonly do: 'energise-at'; readonly command: number; readonly at: number; readonly until: number }
  | { readonly do: 'rest'; readonly command: number }
  /** A timer of that name that runs already begins anew. */
  | { readonly do: 'start-timer'; readonly timer: DoorTimer; readonly afterMs: number }
  | { readonly do: 'stop-timer'; readonly timer: DoorTimer }
  | {
      readonly do: 'record-outcome';
      readonly passage: Passage;
      readonly outcome: Outcome;
      /** null: the leaf still stands open. */
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

/** How long an exit waits for its record (guarantees 1.1). */
export const EXIT_WAIT_MS = 300;

/** A hold that the lock didn't follow is commanded again after this. */
export const RETRY_MS = 1_000;

/** A contact that hasn't moved for longer may be stuck: its word counts for nothing. */
export const CONTACT_TRUST_MS = 86_400_000;

/** More people than this don't pass in one opening: the earliest has its outcome then. */
export const MOST_PASSAGES = 64;

export const NO_ORDERS: DoorMode = {
  fire: false,
  lockdown: false,
  closed: false,
  interlocked: false,
  hold: false,
};

/** A door whose lock has not been heard of yet. @param leafOpen what the contact says; null: no contact */
export function restingDoor(leafOpen: boolean | null): DoorState {
  return {
    ready: false,
    energised: false,
    leafOpen,
    leafMovedAt: null,
    command: 0,
    commandedUntil: null,
    due: null,
    mode: NO_ORDERS,
    holding: false,
    passages: [],
    alarms: [],
  };
}
