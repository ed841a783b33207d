/**
 * Who is signed in at a page's session. Signed out by itself after a while without a call, when the page has been gone
 * for some seconds, and when the person is not as at the signing in.
 */
import type { Person } from '../contract/staff.ts';
import type { Clock, Timer } from '../core/clock.ts';
import { ActMemory } from './act-memory.ts';
import type { ApiLimits } from './limits.ts';
import type { SignInSource, SignOutReason } from './staff-port.ts';

type Limits = Pick<ApiLimits, 'signedInIdleMs' | 'pageGoneMs'>;

export class StaffSession {
  readonly acts: ActMemory;
  readonly #clock: Clock;
  readonly #source: SignInSource;
  readonly #limits: Limits;
  readonly #onSignOut = new Set<() => void>();
  #person: Person | null = null;
  #idle: Timer | null = null;
  #gone: Timer | null = null;
  #untilMono = 0;
  #pages = 0;

  constructor(clock: Clock, source: SignInSource, limits: Limits) {
    this.#clock = clock;
    this.#source = source;
    this.#limits = limits;
    this.acts = new ActMemory(clock);
  }

  /** Who may act now; null: nobody is signed in. */
  person(): Person | null {
    if (this.#person !== null && !this.#source.isStill(this.#person)) this.signOut('changed');
    return this.#person;
  }

  /** Ms until the person is signed out unless something is called; null: nobody is signed in. */
  get signedOutInMs(): number | null {
    return this.#person === null ? null : Math.max(0, Math.ceil(this.#untilMono - this.#clock.mono()));
  }

  signIn(person: Person): void {
    this.signOut('another');
    this.#person = person;
    this.touch();
    this.#watchPages();
  }

  /** The person has called something. */
  touch(): void {
    if (this.#person === null) return;
    this.#idle?.cancel();
    const { signedInIdleMs } = this.#limits;
    this.#untilMono = this.#clock.mono() + signedInIdleMs;
    this.#idle = this.#clock.after('staff signed out', signedInIdleMs, () => this.signOut('idle'));
  }

  signOut(why: SignOutReason): void {
    const person = this.#person;
    if (person === null) return;
    this.#person = null;
    this.#idle?.cancel();
    this.#idle = null;
    this.#gone?.cancel();
    this.#gone = null;
    this.acts.forget();
    for (const listener of [...this.#onSignOut]) listener();
    this.#source.signedOut(person, why);
  }

  /** Calls `listener` when the person is signed out, until the returned function is called. */
  onSignOut(listener: () => void): () => void {
    this.#onSignOut.add(listener);
    return () => {
      this.#onSignOut.delete(listener);
    };
  }

  /** A connection of the session is there. @returns what says that it is gone */
  connected(): () => void {
    this.#pages += 1;
    this.#watchPages();
    return () => {
      this.#pages -= 1;
      this.#watchPages();
    };
  }

  /** A page that reloads is back within a moment. */
  #watchPages(): void {
    this.#gone?.cancel();
    this.#gone = null;
    if (this.#pages > 0 || this.#person === null) return;
    this.#gone = this.#clock.after('page of staff gone', this.#limits.pageGoneMs, () => this.signOut('page-gone'));
  }
}
