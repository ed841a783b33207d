/** An act that comes twice is done once: sent again over a new connection, or tapped twice. */
import { createHash } from 'node:crypto';
import type * as z from 'zod';
import type { Clock } from '../core/clock.ts';

interface Kept {
  /** Of the call and what it asks for, without the act's id. A digest, since a PIN may stand in it. */
  readonly content: string;
  readonly startedAt: number;
  readonly answer: Promise<unknown>;
}

/** As many are remembered as a person does in a session. */
const MOST = 64;
/** The same once more within this time is a second tap. */
const DOUBLE_TAP_MS = 1_000;

export class ActMemory {
  readonly #clock: Pick<Clock, 'mono'>;
  readonly #kept = new Map<string, Kept>();

  constructor(clock: Pick<Clock, 'mono'>) {
    this.#clock = clock;
  }

  /**
   * The answer of the first that came under this id, or that asked for the same a moment ago; else `run`'s.
   * @param answered the form of the answer @returns null where the id stood for something else before
   */
  async once<T>(
    path: string,
    input: { readonly act: string },
    answered: z.ZodType<T>,
    run: () => unknown,
  ): Promise<T | null> {
    const { act, ...asked } = input;
    const content = createHash('sha256')
      .update(JSON.stringify([path, asked]))
      .digest('base64');
    const before = this.#kept.get(act) ?? this.#justNow(content);
    if (before !== undefined && before.content !== content) return null;
    return answered.parse(await (before?.answer ?? this.#begin(act, content, run)));
  }

  forget(): void {
    this.#kept.clear();
  }

  #begin(act: string, content: string, run: () => unknown): Promise<unknown> {
    const answer = Promise.resolve().then(run);
    // Whoever asked hears of it; a second one may never.
    answer.catch(() => undefined);
    this.#kept.set(act, { content, startedAt: this.#clock.mono(), answer });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest);
    return answer;
  }

  #justNow(content: string): Kept | undefined {
    const since = this.#clock.mono() - DOUBLE_TAP_MS;
    return [...this.#kept.values()].findLast((kept) => kept.content === content && kept.startedAt > since);
  }
}
