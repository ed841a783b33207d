/** One suite in one machine: starts it, hears it out, counts. */
import { join } from 'node:path';
import { reportLine } from '../test/report.ts';
import type { Count } from '../test/vitest.ts';
import type { Layout } from './kit/layout.ts';
import { Machine } from './machine.ts';
import { FromGuest, type ToGuest, type Wish } from './talk.ts';

/** A machine that says nothing for this long hangs: a check ends itself after 60 s. */
const SILENCE_MS = 90_000;

/** @param folder with the guest's programs */
export async function runSuite(kit: Layout, suite: string, folder: string): Promise<Count> {
  const began = performance.now();
  // Emulated machines die on the way up now and then; one that has said its plan is not started again.
  const first = await new GuestRun(kit, suite, folder).finish();
  const { plan, passed, failed, words } = first.plan === null ? await new GuestRun(kit, suite, folder).finish() : first;
  const left = plan === null ? ['its start'] : plan.filter((name) => !passed.has(name) && !failed.has(name));
  for (const name of left) reportLine(`hil ${suite}: ${name}: the machine did not get there`, false, performance.now());
  if (left.length > 0) process.stdout.write(`${words}\n`);
  const count = { passed: passed.size, failed: failed.size + left.length, skipped: 0 };
  reportLine(`hil ${suite}: ${count.passed} passed, ${count.failed} failed`, count.failed === 0, began);
  return count;
}

class GuestRun {
  plan: readonly string[] | null = null;
  readonly passed = new Set<string>();
  readonly failed = new Set<string>();
  /** What the console said last. */
  words = '';
  readonly #suite: string;
  readonly #machine: Machine;
  #silence: NodeJS.Timeout;
  #resetDue: { readonly name: string; readonly sign: string; readonly began: number } | null = null;

  constructor(kit: Layout, suite: string, folder: string) {
    this.#suite = suite;
    const command = `cd ${folder} && ${process.execPath} ${join(folder, 'guest.js')} ${suite}`;
    this.#machine = new Machine({ kit, command, hear: (line) => this.#hear(line) });
    this.#silence = this.#killAfter(SILENCE_MS);
  }

  async finish(): Promise<this> {
    await this.#machine.ended;
    clearTimeout(this.#silence);
    this.words = this.#machine.lastWords();
    if (this.#resetDue !== null) {
      const { name, sign, began } = this.#resetDue;
      const isReset = this.#machine.exitCode === 0 && this.words.includes(sign);
      this.#tell(name, isReset, began, `the machine was to be reset, with ${sign} on its console:\n${this.words}`);
    }
    this.#machine.remove();
    return this;
  }

  #killAfter(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#machine.kill(), ms);
  }

  #hear(line: string): void {
    const message = FromGuest.parse(JSON.parse(line));
    clearTimeout(this.#silence);
    this.#silence = this.#killAfter(message.say === 'reset-due' ? message.withinMs : SILENCE_MS);
    switch (message.say) {
      case 'plan':
        this.plan = message.names;
        break;
      case 'result':
        this.#tell(message.name, message.ok, performance.now() - message.ms, message.detail);
        break;
      case 'reset-due':
        this.#resetDue = { name: message.name, sign: message.sign, began: performance.now() };
        break;
      case 'end':
        this.#machine.kill();
        break;
      case 'wish':
        void this.#grant(message.id, message.wish);
        break;
      default:
        message satisfies never;
    }
  }

  #tell(name: string, ok: boolean, began: number, detail: string): void {
    (ok ? this.passed : this.failed).add(name);
    if (!ok) process.stdout.write(`${detail}\n`);
    reportLine(`hil ${this.#suite}: ${name}`, ok, began);
  }

  async #grant(id: number, wish: Wish): Promise<void> {
    const answer = await grant(this.#machine, wish).catch((error: unknown) => `error: ${String(error)}`);
    this.#machine.tell(JSON.stringify({ id, answer } satisfies ToGuest));
  }
}

async function grant(machine: Machine, wish: Wish): Promise<string> {
  switch (wish.do) {
    case 'usb-serial':
      await machine.usbSerial(wish.there);
      return '';
    case 'send':
      machine.send(Buffer.from(wish.hex, 'hex'));
      return '';
    case 'received':
      return machine.received().toString('hex');
  }
}
