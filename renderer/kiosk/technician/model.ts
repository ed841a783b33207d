/** What the technicians' screens show: who is signed in, the unit live, and what was asked of it. */
import type * as z from 'zod';
import { Done, type Person, SignInOutput, type StaffFault, WhoOutput } from '../../../main/contract/staff.ts';
import {
  type ConfigChange,
  FindOutput,
  type Found,
  SetupDone,
  type SetupFault,
  SetupView,
} from '../../../main/contract/technician.ts';
import type { Clock, Timer } from '../../parts/clock.ts';
import { type Asked as Entered, type Entrance, failed, refused } from '../staff/refusal.ts';
import { openTechClient, type TechCalls, type TechClient } from './client.ts';

export const STEPS = ['find', 'lock', 'camera', 'connect', 'clock', 'report', 'swap', 'logs', 'manual'] as const;
/** The roll is nobody's step, and in reach from each. */
export type StepName = (typeof STEPS)[number] | 'roll';
/** Those that are gone through one after the other. */
export const WIZARD: readonly StepName[] = STEPS.slice(0, 6);

export interface TechState {
  readonly isUp: boolean;
  /** null: not known yet. */
  readonly who: WhoOutput | null;
  /** On the page's monotonic clock; null: not known, or nobody is signed in. */
  readonly signedOutAtMono: number | null;
  readonly view: SetupView | null;
  readonly found: readonly Found[] | null;
  readonly step: StepName;
  readonly changes: readonly ConfigChange[];
}

/** Why something was not done, in lines where the controller has some. */
export interface Refusal {
  readonly fault: SetupFault | StaffFault | 'failed';
  readonly lines: readonly string[];
}
export type Asked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

const STAY_MS = 20_000;
/** Before they are signed out. */
export const WARN_MS = 20_000;
const AGAIN_MS = 1_000;
const FAILED: Refusal = { fault: 'failed', lines: [] };

type Answer<V> =
  | { readonly ok: true; readonly value: V; readonly signedOutInMs?: number | null | undefined }
  | {
      readonly ok: false;
      readonly signedOutInMs?: number | null | undefined;
      readonly fault: SetupFault | StaffFault;
      readonly lines?: readonly string[] | undefined;
    };

type FirstManager = Parameters<Entrance['makeFirstManager']>[0];

export class TechModel implements Entrance {
  readonly #clock: Clock;
  readonly #client: TechClient;
  readonly #signedOut: () => void;
  readonly #changed = new Set<() => void>();
  #state: TechState = {
    ...{ isUp: false, who: null, signedOutAtMono: null, view: null, found: null },
    ...{ step: 'find', changes: [] },
  };
  /** Somebody was signed in since the line came up. */
  #wasIn = false;
  /** How long the controller waits for a call, as it said after the last. */
  #idleMs: number | null = null;
  #unwatch: (() => void) | null = null;
  #again: Timer | null = null;
  #end: Timer | null = null;
  #stayedMono = Number.NEGATIVE_INFINITY;
  #closed = false;

  /** @param signedOut told when whoever was signed in isn't any more, while the line stands */
  constructor(clock: Clock, signedOut: () => void) {
    this.#clock = clock;
    this.#signedOut = signedOut;
    this.#client = openTechClient((isUp) => this.#line(isUp));
  }

  get calls(): TechCalls {
    return this.#client.calls;
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#changed.add(changed);
    return () => this.#changed.delete(changed);
  };

  readonly state = (): TechState => this.#state;

  close(): void {
    this.#closed = true;
    this.#again?.cancel();
    this.#end?.cancel();
    this.#unwatch?.();
    this.#client.close();
  }

  go(step: StepName): void {
    this.#set({ step });
    this.active();
  }

  /** Somebody does something: not only at the screen, also at a reader or a button. */
  active(): void {
    const now = this.#clock.mono();
    if (this.#state.view !== null && now - this.#stayedMono >= STAY_MS) this.stay();
  }

  stay(): void {
    this.#stayedMono = this.#clock.mono();
    void this.ask(Done, () => this.calls.staff.stay.mutate());
  }

  change(change: ConfigChange): void {
    this.#set({ changes: [...this.#state.changes, change] });
  }

  drop(index: number): void {
    this.#set({ changes: this.#state.changes.filter((_, at) => at !== index) });
  }

  forgetChanges(): void {
    this.#set({ changes: [] });
  }

  async look(): Promise<void> {
    this.#set({ found: null });
    const found = await this.ask(FindOutput, () => this.calls.setup.find.query());
    this.#set({ found: found.ok ? found.value : [] });
  }

  signIn(staffId: string, pin: string): Promise<Entered<Person>> {
    return this.#enter(() => this.calls.staff.signIn.mutate({ staffId, pin }));
  }

  makeFirstManager(input: FirstManager): Promise<Entered<Person>> {
    return this.#enter(() => this.calls.staff.makeFirstManager.mutate(input));
  }

  signOut(): Promise<void> {
    const over = (): void => undefined;
    return this.calls.staff.signOut.mutate().then(over, over);
  }

  done(call: (calls: TechCalls) => Promise<unknown>): Promise<Asked<null>> {
    return this.ask(SetupDone, () => call(this.calls));
  }

  /** Whatever comes is checked; what isn't as the contract has it has failed. */
  async ask<V>(form: z.ZodType<Answer<V>>, call: () => Promise<unknown>): Promise<Asked<V>> {
    this.active();
    try {
      const answer = form.parse(await call());
      this.#prolong(answer.signedOutInMs);
      if (answer.ok) return { ok: true, value: answer.value };
      return { ok: false, refusal: { fault: answer.fault, lines: answer.lines ?? [] } };
    } catch {
      return { ok: false, refusal: FAILED };
    }
  }

  async #enter(call: () => Promise<unknown>): Promise<Entered<Person>> {
    try {
      const signed = SignInOutput.parse(await call());
      if (!signed.ok) return refused(this.#clock, signed);
      await this.#ask();
      return { ok: true, value: signed.value };
    } catch (error) {
      return failed(this.#clock, error);
    }
  }

  #line(isUp: boolean): void {
    // Whoever was signed in at a controller that is gone signs in again here.
    if (!isUp) this.#wasIn = false;
    this.#set({ isUp, ...(isUp ? {} : { view: null, signedOutAtMono: null }) });
    if (isUp) void this.#ask();
  }

  /** Who is signed in; the view follows. */
  async #ask(): Promise<void> {
    try {
      const who = WhoOutput.parse(await this.calls.staff.who.query());
      this.#set({ who });
      const role = who.signedIn?.role;
      this.#prolong(who.signedOutInMs);
      if (role === 'technician' || role === 'manager') this.#watch();
      else if (this.#wasIn) this.#signedOut();
    } catch {
      this.#askAgain();
    }
  }

  /** Each answer to a call says so, or stands for a call that was heard. */
  #prolong(signedOutInMs: number | null | undefined): void {
    if (signedOutInMs !== undefined && signedOutInMs !== null)
      this.#idleMs = Math.max(signedOutInMs, this.#idleMs ?? 0);
    const inMs = signedOutInMs === undefined ? this.#idleMs : signedOutInMs;
    this.#set({ signedOutAtMono: inMs === null ? null : this.#clock.mono() + inMs });
    this.#end?.cancel();
    this.#end = inMs === null ? null : this.#clock.after('technician signed out', inMs, () => void this.signOut());
  }

  #askAgain(): void {
    if (this.#closed) return;
    this.#again?.cancel();
    this.#again = this.#clock.after('who is signed in', AGAIN_MS, () => void this.#ask());
  }

  /** One at a time. Ending one on purpose tells its listener too, which is no news then. */
  #watch(): void {
    this.#unwatch?.();
    let isCurrent = true;
    const over = (): void => {
      if (!isCurrent) return;
      isCurrent = false;
      this.#set({ view: null });
      this.#askAgain();
    };
    const watching = this.calls.setup.watch.subscribe(undefined, {
      onData: (data) => {
        if (isCurrent) this.#hear(data);
      },
      onError: over,
      onComplete: over,
    });
    this.#unwatch = () => {
      isCurrent = false;
      watching.unsubscribe();
    };
  }

  #hear(data: unknown): void {
    const view = SetupView.safeParse(data);
    if (!view.success) return;
    const before = this.#state.view;
    this.#wasIn = true;
    this.#set({ view: view.data });
    if (before !== null && isHandled(before, view.data)) this.active();
  }

  #set(change: Partial<TechState>): void {
    this.#state = { ...this.#state, ...change };
    for (const changed of this.#changed) changed();
  }
}

/** Something came from a reader or moved an input. */
function isHandled(before: SetupView, now: SetupView): boolean {
  const sum = ({ parts }: SetupView): number =>
    parts.reduce((all, { changes, echo }) => all + changes + (echo?.times ?? 0), 0);
  return sum(before) !== sum(now);
}
