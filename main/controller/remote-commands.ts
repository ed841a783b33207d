/**
 * What the operator's people have done here through the hub. The link has checked that the hub signed it for this unit and
 * connection, and that it runs once; here it meets the rules of the door. Each is an event that names who asked.
 */
import type { CommandPayload } from '../../sync/link/ports.ts';
import type { Clock } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { DeskFault, DoorDesk } from './door-desk.ts';
import type { Journal } from './journal.ts';

/** Who asked, and by which command. */
export interface RemoteActor {
  readonly by: string;
  readonly command: string;
}

export interface RemoteParts {
  readonly clock: Clock;
  readonly desk: DoorDesk;
  readonly journal: Journal;
  /** Asks the hub for what is new. */
  readonly refresh: () => void;
  /** Begins the controller again. */
  readonly restart: () => void;
  /** Gives so much of a lease away, on record, if it is there to give. */
  readonly give: (payload: GivePayload, actor: RemoteActor) => Result<void, string>;
}

export type GivePayload = Extract<CommandPayload, { readonly do: 'give' }>;

/** A door is opened from afar at most once in this time. */
const OPEN_EVERY_MS = 5_000;
/** So that its answer is out first. */
const AFTER_ANSWER_MS = 500;

const FAULTS: Readonly<Record<DeskFault, string>> = {
  'no-staff': 'nobody of that id is on the staff',
  'not-allowed': 'that takes another role',
  'no-door': 'this unit has no such door',
  'bad-until': 'that time can’t be',
  fire: 'the locks are released for a fire',
  burning: 'a fire input is active still',
  lock: 'the lock can’t be commanded',
  store: 'the record can’t be written, and nothing is opened without',
};

export class RemoteCommands {
  readonly #parts: RemoteParts;
  readonly #openedMono = new Map<string, number>();
  /** What was opened just before a restart isn't known: so for a moment nothing is. */
  readonly #begunMono: number;

  constructor(parts: RemoteParts) {
    this.#parts = parts;
    this.#begunMono = parts.clock.mono();
  }

  run(id: string, payload: CommandPayload): Result<string, string> {
    const actor = { by: payload.by, command: id };
    switch (payload.do) {
      case 'open':
        return this.#open(payload.doorId, actor);
      case 'lockdown':
        return said(this.#parts.desk.lockdownFor(payload.doorId, payload.on, actor), 'done');
      case 'refresh':
        return this.#soon('refresh', actor, this.#parts.refresh);
      case 'restart':
        return this.#soon('restart', actor, this.#parts.restart);
      case 'give': {
        const given = this.#parts.give(payload, actor);
        return given.ok ? ok('given') : given;
      }
    }
  }

  #open(door: string, actor: RemoteActor): Result<string, string> {
    const now = this.#parts.clock.mono();
    const before = this.#openedMono.get(door) ?? this.#begunMono;
    if (now - before < OPEN_EVERY_MS)
      return err(`this door was opened from afar in the last ${OPEN_EVERY_MS / 1_000} s, or the unit has just begun`);
    const opened = this.#parts.desk.openFor(door, actor);
    if (opened.ok) this.#openedMono.set(door, now);
    return said(opened, 'commanded');
  }

  #soon(what: string, actor: RemoteActor, run: () => void): Result<string, string> {
    const { clock, journal } = this.#parts;
    journal.note({ type: 'system', detail: { what, ...actor } });
    clock.after(`${what} from afar`, AFTER_ANSWER_MS, run);
    return ok('done');
  }
}

function said(done: Result<unknown, DeskFault>, text: string): Result<string, string> {
  return done.ok ? ok(text) : err(FAULTS[done.error]);
}
