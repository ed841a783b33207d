/**
 * Events of all connections on their way into the store: what comes while a commit runs, or within a few milliseconds,
 * is made durable together. A batch that the store can't take fails alone.
 */
import type { Timer } from '../../../main/core/clock.ts';
import type { Result } from '../../../main/core/result.ts';
import { placeOf } from '../log.ts';
import type { BatchFault, EventBatch, Taken } from '../ports.ts';
import type { HubParts } from './ports.ts';

type Answer = Result<Taken, BatchFault>;

interface Waiting {
  readonly batch: EventBatch;
  readonly length: number;
  readonly done: (answer: Answer) => void;
  readonly failed: (error: unknown) => void;
}

export class Intake {
  readonly #parts: Pick<HubParts, 'store' | 'clock' | 'limits' | 'log'>;
  readonly #taken: (tenant: string) => void;
  readonly #waiting: Waiting[] = [];
  #timer: Timer | null = null;
  /** The timer waits for more. */
  #isGathering = false;
  #commit: Promise<void> | null = null;
  /** More than one came for the last commit: waiting a moment pays. */
  #isBusy = false;
  /** Nothing has been stored since something could not be: the disk is full, say. */
  #isFailing = false;
  #committedMono = Number.NEGATIVE_INFINITY;
  #waitingLength = 0;

  /** @param taken told whose events have become durable */
  constructor(parts: Pick<HubParts, 'store' | 'clock' | 'limits' | 'log'>, taken: (tenant: string) => void) {
    this.#parts = parts;
    this.#taken = taken;
  }

  /** Something is on its way into the store, or was just now: whoever sends a backlog has the next part ready. */
  get hasWork(): boolean {
    const isNear = this.#parts.clock.mono() - this.#committedMono < this.#parts.limits.gatherMs;
    return isNear || this.#waiting.length > 0 || this.#commit !== null;
  }

  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Resolves when it is durable, and rejects where the store can't. */
  add(batch: EventBatch): Promise<Answer> {
    const length = batch.bodies.reduce((sum, body) => sum + body.length, 0);
    return new Promise((done, failed) => {
      this.#waiting.push({ batch, length, done, failed });
      this.#waitingLength += length;
      this.#arm();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#waiting.length > 0 || this.#commit !== null) {
      this.#timer?.cancel();
      this.#timer = null;
      await (this.#commit ?? this.#run());
    }
  }

  #arm(): void {
    if (this.#commit !== null || this.#waiting.length === 0) return;
    const { gatherMs, gatheredBytes } = this.#parts.limits;
    // Who sends a backlog waits for its answer: what is enough for a commit of its own waits for nobody.
    const isEnough = this.#waitingLength >= gatheredBytes;
    if (this.#timer !== null && !(isEnough && this.#isGathering)) return;
    this.#timer?.cancel();
    this.#isGathering = this.#isBusy && !isEnough;
    this.#timer = this.#parts.clock.after('events commit', this.#isGathering ? gatherMs : 0, () => {
      this.#timer = null;
      void this.#run();
    });
  }

  #run(): Promise<void> {
    const group = this.#take();
    this.#isBusy = group.length > 1;
    this.#commit = this.#store(group).finally(() => {
      this.#commit = null;
      this.#committedMono = this.#parts.clock.mono();
      this.#arm();
    });
    return this.#commit;
  }

  #take(): Waiting[] {
    const { gatherBatches, gatherBytes } = this.#parts.limits;
    let count = 0;
    for (let length = 0; count < this.#waiting.length && count < gatherBatches; count += 1) {
      length += this.#waiting[count]?.length ?? 0;
      if (count > 0 && length > gatherBytes) break;
    }
    const group = this.#waiting.splice(0, count);
    for (const { length } of group) this.#waitingLength -= length;
    return group;
  }

  async #store(group: readonly Waiting[]): Promise<void> {
    try {
      settle(group, await this.#parts.store.take(group.map(({ batch }) => batch)));
      this.#isFailing = false;
      for (const tenant of new Set(group.map(({ batch }) => batch.tenant))) this.#taken(tenant);
    } catch (error) {
      if (group.length < 2 || !(await this.#isStoreThere())) this.#fail(group, error);
      else for (const one of group) await this.#store([one]);
    }
  }

  #fail(group: readonly Waiting[], error: unknown): void {
    if (!this.#isFailing) this.#parts.log.warn({ place: placeOf(error) }, 'events can’t be stored');
    this.#isFailing = true;
    for (const { failed } of group) failed(error);
  }

  async #isStoreThere(): Promise<boolean> {
    try {
      return await this.#parts.store.healthy();
    } catch {
      return false;
    }
  }
}

function settle(group: readonly Waiting[], answers: readonly Answer[]): void {
  group.forEach(({ done, failed }, at) => {
    const answer = answers[at];
    if (answer === undefined) failed(new Error('the store left a batch without an answer'));
    else done(answer);
  });
}
