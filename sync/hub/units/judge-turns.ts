/**
 * Judges what was taken, behind the acknowledgements: a group at a time, each a short moment in which nothing else runs.
 * While events wait to be made durable it keeps to a part of the time, so that they go first, and always gets that part,
 * so that it is never put off for good: a tenth, and half once it has been behind for a while.
 */
import type { Timer } from '../../../main/core/clock.ts';
import { placeOf } from '../log.ts';
import type { Intake } from './intake.ts';
import type { HubParts } from './ports.ts';

export class JudgeTurns {
  readonly #parts: Pick<HubParts, 'store' | 'clock' | 'limits' | 'log'>;
  readonly #intake: Pick<Intake, 'hasWork'>;
  /** Tenants with events that wait, in the order of their turns. */
  #waiting = new Set<string>();
  #timer: Timer | null = null;
  #turn: Promise<void> | null = null;
  /** When something was there to be judged, and has been ever since. */
  #behindSince: number | null = null;
  #isOver = false;

  constructor(parts: Pick<HubParts, 'store' | 'clock' | 'limits' | 'log'>, intake: Pick<Intake, 'hasWork'>) {
    this.#parts = parts;
    this.#intake = intake;
  }

  /** Events of the tenant are durable. */
  taken(tenant: string): void {
    this.#waiting.add(tenant);
    this.#arm(0);
  }

  /** Finds what another process has left, or this one before it was started anew. */
  async look(): Promise<void> {
    const { tenants } = await this.#parts.store.waiting();
    for (const tenant of tenants) this.taken(tenant);
  }

  /** Resolves once nothing of it is on its way; what still waits is judged by whoever comes next. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#timer?.cancel();
    await this.#turn;
  }

  #arm(delayMs: number): void {
    if (this.#isOver || this.#timer !== null || this.#turn !== null) return;
    if (this.#waiting.size === 0) {
      this.#behindSince = null;
      return;
    }
    this.#behindSince ??= this.#parts.clock.mono();
    this.#timer = this.#parts.clock.after('judging', delayMs, () => {
      this.#timer = null;
      this.#turn = this.#run();
    });
  }

  async #run(): Promise<void> {
    const { clock, limits } = this.#parts;
    const begun = clock.mono();
    const tenants = [...this.#waiting].slice(0, limits.judgeTenants);
    for (const tenant of tenants) this.#waiting.delete(tenant);
    for (const tenant of await this.#judge(tenants)) this.#waiting.add(tenant);
    const now = clock.mono();
    const isLate = now - (this.#behindSince ?? now) > limits.judgeLateMs;
    const rest = isLate ? 1 : limits.judgeRests;
    this.#turn = null;
    this.#arm(this.#intake.hasWork ? Math.min(rest * (now - begun), limits.judgeRestMs) : 0);
  }

  /** A tenant whose events can't be judged holds up no other; it is tried again with the next look. */
  async #judge(tenants: readonly string[]): Promise<readonly string[]> {
    const { store, limits, log } = this.#parts;
    try {
      const { left } = await store.judge(tenants, limits.judgeEvents);
      return left;
    } catch (error) {
      const [only, ...others] = tenants;
      if (others.length === 0) {
        log.warn({ tenant: only ?? null, place: placeOf(error) }, 'events can’t be judged');
        return [];
      }
      const left: string[] = [];
      for (const tenant of tenants) left.push(...(await this.#judge([tenant])));
      return left;
    }
  }
}
