/** What the bench and its helper processes tell each other over the channel of `fork`. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod';

/** Whom doors are connected with: the hub, or what it is measured against. */
const Target = z.enum(['ours', 'bare']);
export type Target = z.infer<typeof Target>;

export const Order = z.discriminatedUnion('do', [
  z.object({ do: z.literal('make'), doors: z.int() }),
  z.object({ do: z.literal('connect'), to: Target, url: z.string(), ca: z.string().nullable() }),
  z.object({ do: z.literal('load'), to: Target, seconds: z.int() }),
  z.object({ do: z.literal('ping'), to: Target }),
  /** From now on it is noted who hears something. */
  z.object({ do: z.literal('watch'), to: Target }),
  /** Resolves when every door has heard something. */
  z.object({ do: z.literal('heard'), to: Target }),
]);
export type Order = z.infer<typeof Order>;

/** Of the server that the hub is measured against. */
export const BareOrder = z.object({ do: z.literal('broadcast'), text: z.string() });
export type BareOrder = z.infer<typeof BareOrder>;

const Report = z.discriminatedUnion('did', [
  z.object({ did: z.literal('make'), units: z.array(z.object({ unit: z.string(), key: z.string() })) }),
  z.object({ did: z.literal('connect') }),
  z.object({ did: z.literal('load'), ackMs: z.array(z.number()), lost: z.int(), lateMs: z.number() }),
  z.object({ did: z.literal('ping') }),
  z.object({ did: z.literal('watch') }),
  z.object({ did: z.literal('heard'), at: z.number() }),
  z.object({ did: z.literal('listen'), port: z.int() }),
  z.object({ did: z.literal('broadcast'), at: z.number() }),
  z.object({ did: z.literal('fail'), why: z.string() }),
]);
export type Report = z.infer<typeof Report>;
type Did<D extends Report['did']> = Extract<Report, { readonly did: D }>;

/** A helper process. One order after the other; it ends with whoever started it. */
export class Helper {
  readonly #child: ChildProcess;
  readonly #reports: Report[] = [];
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(program: string, args: readonly string[]) {
    this.#child = fork(join(import.meta.dirname, `${program}.ts`), [...args], { serialization: 'advanced' });
    this.#child.on('message', (message) => {
      this.#reports.push(Report.parse(message));
      this.#wake();
    });
    this.#child.on('exit', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  get pid(): number {
    return Number(this.#child.pid);
  }

  order(order: Order | BareOrder): void {
    this.#child.send(order);
  }

  /** The next report, which is this one; rejects with what went wrong. */
  async report<D extends Report['did']>(did: D): Promise<Did<D>> {
    while (this.#reports.length === 0 && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    const report = this.#reports.shift();
    if (report !== undefined && isOf(report, did)) return report;
    throw new Error(report?.did === 'fail' ? report.why : `a helper of the bench did not ${did}`);
  }

  end(): void {
    this.#child.disconnect();
  }
}

function isOf<D extends Report['did']>(report: Report, did: D): report is Did<D> {
  return report.did === did;
}

/** A helper's side: carries out what it is told, one after the other, and ends with its parent. */
export function serve(carryOut: (order: unknown) => Promise<Report> | Report): void {
  let turn = Promise.resolve();
  process.on('message', (order) => {
    turn = turn
      .then(() => carryOut(order))
      .catch((error: unknown): Report => ({ did: 'fail', why: String(error) }))
      .then((report) => void process.send?.(report));
  });
  process.on('disconnect', () => process.exit(0));
}
