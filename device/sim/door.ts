import type { Clock, Timer } from '../../main/core/clock.ts';
import type { InputPort } from '../ports.ts';
import { SimInput } from './input.ts';

const PASSING_MS = 2_000;
const FORCED_MS = 5_000;
const RELEASED_MS = 1_000;
const WALKING_UP_MS = 700;

export interface SimDoorState {
  /** The lock is unlocked. */
  readonly energised: boolean;
  readonly leaf: 'shut' | 'open' | 'held';
  /** The lock's line is there. */
  readonly plugged: boolean;
}

/**
 * A door in a wall that isn't there: a lock that its line moves, a leaf that people open and that falls shut by itself,
 * a contact that sees the leaf. Each control returns whether it did anything.
 */
export class SimDoor {
  readonly #clock: Clock;
  readonly #name: string;
  readonly #autoPass: boolean;
  readonly #contact: SimInput;
  readonly #listeners = new Set<(state: SimDoorState) => void>();
  #state: SimDoorState = { energised: false, leaf: 'shut', plugged: true };
  #shutting: Timer | null = null;
  #walking: Timer | null = null;

  /** `autoPass`: whenever it unlocks, somebody opens it 700 ms later. */
  constructor(clock: Clock, options: { readonly name: string; readonly autoPass?: boolean }) {
    this.#clock = clock;
    this.#name = options.name;
    this.#autoPass = options.autoPass ?? false;
    this.#contact = new SimInput(clock);
  }

  state(): SimDoorState {
    return this.#state;
  }

  /** Active while the leaf is open. */
  contact(): InputPort {
    return this.#contact;
  }

  /** Calls `listener` after every change, until the returned function is called. */
  onChange(listener: (state: SimDoorState) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** What the line does to the lock. A line that is pulled out does nothing. */
  setEnergised(energised: boolean): boolean {
    if (!this.#state.plugged || energised === this.#state.energised) return false;
    this.#change({ energised });
    if (energised && this.#autoPass) this.#walkUp();
    return true;
  }

  /** Somebody goes through. Needs an unlocked door, or one that stands open. */
  open(): boolean {
    const { leaf, energised } = this.#state;
    if (leaf === 'held' || (leaf === 'shut' && !energised)) return false;
    this.#openFor(PASSING_MS);
    return true;
  }

  /** Somebody breaks it open. */
  force(): boolean {
    if (this.#state.leaf === 'held') return false;
    this.#openFor(FORCED_MS);
    return true;
  }

  /** Somebody puts a wedge under the open (or unlocked) door; again: takes it away, and the door falls shut. */
  hold(): boolean {
    const { leaf, energised } = this.#state;
    if (leaf === 'shut' && !energised) return false;
    if (leaf === 'held') {
      this.#openFor(RELEASED_MS);
      return true;
    }
    this.#shutting?.cancel();
    this.#change({ leaf: 'held' });
    return true;
  }

  /** Pulls the lock's line out. The lock goes to rest. */
  unplug(): boolean {
    if (!this.#state.plugged) return false;
    this.#change({ plugged: false, energised: false });
    return true;
  }

  replug(): boolean {
    if (this.#state.plugged) return false;
    this.#change({ plugged: true });
    return true;
  }

  /** Cancels what is under way. */
  close(): void {
    this.#shutting?.cancel();
    this.#walking?.cancel();
    this.#listeners.clear();
  }

  #walkUp(): void {
    this.#walking?.cancel();
    this.#walking = this.#clock.after(`${this.#name} simulated person`, WALKING_UP_MS, () => {
      if (this.#state.leaf === 'shut') this.open();
    });
  }

  #openFor(ms: number): void {
    this.#shutting?.cancel();
    this.#shutting = this.#clock.after(`${this.#name} simulated leaf falls shut`, ms, () => {
      this.#change({ leaf: 'shut' });
    });
    this.#change({ leaf: 'open' });
  }

  #change(change: Partial<SimDoorState>): void {
    const before = this.#state;
    this.#state = { ...before, ...change };
    if (sameState(before, this.#state)) return;
    this.#contact.set(this.#state.leaf !== 'shut');
    for (const listener of this.#listeners) listener(this.#state);
  }
}

function sameState(a: SimDoorState, b: SimDoorState): boolean {
  return a.energised === b.energised && a.leaf === b.leaf && a.plugged === b.plugged;
}
