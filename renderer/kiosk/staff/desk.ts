/**
 * The staff's side of the page: who is signed in, for how long yet, and what they ask of the controller. It is open in
 * place of the member's screens, and closes with everything on it as soon as nobody is signed in any more.
 */
import type { TRPCClient } from '@trpc/client';
import type * as z from 'zod';
import type { KioskRouter } from '../../../main/api/router.ts';
import {
  Done,
  type FirstManagerInput,
  type Person,
  SignInOutput,
  type StaffFault,
  WhoOutput,
} from '../../../main/contract/staff.ts';
import type { Clock, Timer } from '../../parts/clock.ts';
import type { Kiosk } from '../kiosk.ts';
import { type Asked, AWAY, codeOf, type Entrance, failed, refused } from './refusal.ts';

export type Calls = TRPCClient<KioskRouter>;

interface Answer<T> {
  readonly ok: true;
  readonly value: T;
  readonly signedOutInMs: number | null;
}
interface Refused {
  readonly ok: false;
  readonly fault: StaffFault;
  readonly waitMs: number | null;
  readonly triesLeft: number | null;
  readonly signedOutInMs: number | null;
}

export interface DeskView {
  readonly isOpen: boolean;
  readonly who: WhoOutput | null;
  readonly person: Person | null;
  /** On the page's monotonic clock; null: nobody is signed in. */
  readonly signedOutAtMono: number | null;
}

export const DESK_TIMES = {
  /** Before they are signed out. */
  warnMs: 20_000,
  /** A touch says that somebody is there, at most so often. */
  stayEveryMs: 10_000,
  /** Nobody chose a name, or typed a PIN. */
  signInIdleMs: 60_000,
  /** Whoever asked while the line was away has gone by then. */
  wantedMs: 3_000,
  whoEveryMs: 5_000,
} as const;

export interface DeskParts {
  readonly clock: Clock;
  readonly kiosk: Kiosk;
  readonly calls: Calls;
  /** Opens the technicians' screens, where whoever is signed in still is. */
  readonly toTechnicians: () => void;
}

export class Desk implements Entrance {
  readonly #parts: DeskParts;
  readonly #changed = new Set<() => void>();
  #view: DeskView = { isOpen: false, who: null, person: null, signedOutAtMono: null };
  /** Ends what is asked when the desk closes. */
  #asking = new AbortController();
  #idle: Timer | null = null;
  #stayedMono = Number.NEGATIVE_INFINITY;
  #askedWhoMono = Number.NEGATIVE_INFINITY;
  #isUp = false;
  /** Somebody asked for these screens while the line was away. */
  #wantedUntilMono = Number.NEGATIVE_INFINITY;
  #acts = 0;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Follows the kiosk's line to the controller for as long as the page stands. */
  start(): void {
    const { kiosk } = this.#parts;
    kiosk.onLink((isUp) => this.#linked(isUp));
    kiosk.listen((message) => {
      const isDue = this.#parts.clock.mono() - this.#askedWhoMono > DESK_TIMES.whoEveryMs;
      if (message.kind === 'status' && isDue && !this.#view.isOpen) void this.#lookWho();
    });
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#changed.add(changed);
    return () => this.#changed.delete(changed);
  };

  readonly view = (): DeskView => this.#view;

  open(): void {
    if (!this.#isUp) {
      this.#wantedUntilMono = this.#parts.clock.mono() + DESK_TIMES.wantedMs;
      return;
    }
    this.#wantedUntilMono = Number.NEGATIVE_INFINITY;
    this.#asking = new AbortController();
    this.#set({ isOpen: true });
    this.#parts.kiosk.setDesk(this.#view.who?.firstManager === true ? 'setup' : 'staff');
    this.#wait(DESK_TIMES.signInIdleMs);
    void this.#lookWho();
  }

  /** Back to the members' screens, signed out. */
  close(): void {
    if (!this.#view.isOpen) return;
    if (this.#isUp) this.#signOut();
    this.#putAway();
    void this.#lookWho();
  }

  /** Somebody touches the screen. */
  touch(): void {
    if (!this.#view.isOpen) return;
    if (this.#view.person === null) this.#wait(DESK_TIMES.signInIdleMs);
    else if (this.#parts.clock.mono() - this.#stayedMono > DESK_TIMES.stayEveryMs) void this.stay();
  }

  stay(): Promise<Asked<null>> {
    return this.ask(Done, (calls, signal) => calls.staff.stay.mutate(undefined, { signal }));
  }

  async signIn(staffId: string, pin: string): Promise<Asked<Person>> {
    return this.#enter((calls, signal) => calls.staff.signIn.mutate({ staffId, pin }, { signal }));
  }

  async makeFirstManager(input: z.infer<typeof FirstManagerInput>): Promise<Asked<Person>> {
    const made = await this.#enter((calls, signal) => calls.staff.makeFirstManager.mutate(input, { signal }));
    if (made.ok) this.#parts.kiosk.setDesk('staff');
    return made;
  }

  /** For one act: asked again, the controller does it once. */
  newAct(): string {
    this.#acts += 1;
    return `page-${Math.round(this.#parts.clock.wall())}-${this.#acts}`;
  }

  /** Never fails. Ends as `away` when the line is lost, or when `cancel` says so. */
  async ask<T>(
    output: z.ZodType<Answer<T> | Refused>,
    call: (calls: Calls, signal: AbortSignal) => Promise<unknown>,
    cancel?: AbortSignal,
  ): Promise<Asked<T>> {
    if (!this.#isUp || !this.#view.isOpen) return AWAY;
    const of = this.#asking;
    const signal = cancel === undefined ? of.signal : AbortSignal.any([of.signal, cancel]);
    try {
      const answer = output.parse(await call(this.#parts.calls, signal));
      if (of !== this.#asking || of.signal.aborted) return AWAY;
      this.#stayedMono = this.#parts.clock.mono();
      this.#prolong(answer.signedOutInMs);
      return answer.ok ? { ok: true, value: answer.value } : refused(this.#parts.clock, answer);
    } catch (error) {
      const isOver = codeOf(error) === 'not-allowed' && of === this.#asking && this.#view.person !== null;
      if (isOver) this.close();
      return failed(this.#parts.clock, error);
    }
  }

  /** What staff are called; the id of who isn't any more. */
  nameOf(staffId: string): string {
    return this.#view.who?.people.find((one) => one.staffId === staffId)?.name ?? staffId;
  }

  /** Epoch milliseconds now. */
  wall(): number {
    return this.#parts.clock.wall();
  }

  /** The line as it is, for subscriptions, which end by themselves when the person is signed out. */
  get calls(): Calls {
    return this.#parts.calls;
  }

  #putAway(): void {
    const { kiosk } = this.#parts;
    this.#asking.abort();
    this.#idle?.cancel();
    this.#set({ isOpen: false, person: null, signedOutAtMono: null });
    kiosk.readers.divert(null);
    kiosk.setDesk(null);
  }

  /** Unheard, the controller signs out by itself. */
  #signOut(): void {
    this.#parts.calls.staff.signOut.mutate().catch(() => undefined);
  }

  async #enter(call: (calls: Calls, signal: AbortSignal) => Promise<unknown>): Promise<Asked<Person>> {
    const signed = await this.ask(SignInOutput, call);
    if (signed.ok && signed.value.role === 'technician') {
      this.#parts.toTechnicians();
      this.#putAway();
    } else if (signed.ok) this.#set({ person: signed.value });
    return signed;
  }

  /** Whoever was signed in before this page was loaded, or before the line was lost, isn't any more. */
  #linked(isUp: boolean): void {
    this.#isUp = isUp;
    if (!isUp) this.close();
    else if (this.#parts.clock.mono() < this.#wantedUntilMono) this.open();
    else void this.#lookWho();
  }

  async #lookWho(): Promise<void> {
    if (!this.#isUp) return;
    const { calls, clock } = this.#parts;
    this.#askedWhoMono = clock.mono();
    try {
      const who = WhoOutput.parse(await calls.staff.who.query());
      this.#set({ who });
      if (this.#view.isOpen && this.#view.person === null)
        this.#parts.kiosk.setDesk(who.firstManager ? 'setup' : 'staff');
      if (who.signedIn !== null && !this.#view.isOpen && location.hash === '') this.#signOut();
    } catch {
      // Asked again with the next status.
    }
  }

  #prolong(signedOutInMs: number | null): void {
    if (signedOutInMs === null) {
      if (this.#view.person !== null) this.close();
      return;
    }
    this.#set({ signedOutAtMono: this.#parts.clock.mono() + signedOutInMs });
    this.#wait(signedOutInMs);
  }

  #wait(ms: number): void {
    this.#idle?.cancel();
    this.#idle = this.#parts.clock.after('staff desk closes', ms, () => this.close());
  }

  #set(change: Partial<DeskView>): void {
    this.#view = { ...this.#view, ...change };
    for (const changed of this.#changed) changed();
  }
}
