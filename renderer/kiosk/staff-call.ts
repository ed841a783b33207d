/** Whoever was refused calls for staff: once for each refusal. */
import type { KioskLink } from './link.ts';

export type CallState = 'free' | 'calling' | 'called';

interface StaffCallParts {
  readonly link: Pick<KioskLink, 'callStaff'>;
  /** The door that the page stands at; null where there is none yet. */
  readonly doorId: () => string | null;
  readonly changed: () => void;
}

export class StaffCall {
  readonly #parts: StaffCallParts;
  #last: { readonly event: number; readonly state: CallState } | null = null;

  constructor(parts: StaffCallParts) {
    this.#parts = parts;
  }

  stateOf(event: number): CallState {
    return this.#last?.event === event ? this.#last.state : 'free';
  }

  /** For the refusal `event`. Where nobody was reached it can be tried again. */
  call(event: number): void {
    const door = this.#parts.doorId();
    if (door === null || this.stateOf(event) !== 'free') return;
    this.#be(event, 'calling');
    const told = (called: boolean | null): void => {
      if (this.#last?.event === event) this.#be(event, called === true ? 'called' : 'free');
    };
    this.#parts.link.callStaff({ door }).then(told, () => told(null));
  }

  #be(event: number, state: CallState): void {
    this.#last = { event, state };
    this.#parts.changed();
  }
}
