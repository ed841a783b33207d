/**
 * Rights that were just used, looked at one after the other: what runs out at a site is filled up from another before
 * anybody is refused there. Nothing waits for it, and what is forgotten is asked for by the refusal that follows.
 */
import type { Timer } from '../../../main/core/clock.ts';
import type { Right } from '../../wire/rights.ts';
import { placeOf } from '../log.ts';
import type { Commands } from './commands.ts';
import type { HubParts } from './ports.ts';

/** A backlog uses the same right many times. */
const GATHER_MS = 200;
const MOST_WAITING = 10_000;

interface Used {
  readonly tenant: string;
  readonly site: string;
  readonly right: Right;
}

export class TopUps {
  readonly #parts: Pick<HubParts, 'clock' | 'log'>;
  readonly #commands: Pick<Commands, 'makeUp'>;
  readonly #waiting = new Map<string, Used>();
  #timer: Timer | null = null;
  #isRunning = false;
  #isOver = false;

  constructor(parts: Pick<HubParts, 'clock' | 'log'>, commands: Pick<Commands, 'makeUp'>) {
    this.#parts = parts;
    this.#commands = commands;
  }

  add(tenant: string, site: string, spent: readonly Right[]): void {
    for (const right of spent) {
      if (this.#waiting.size >= MOST_WAITING) break;
      this.#waiting.set(JSON.stringify([tenant, site, right]), { tenant, site, right });
    }
    this.#arm();
  }

  stop(): void {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#waiting.clear();
  }

  #arm(): void {
    if (this.#isOver || this.#isRunning || this.#timer !== null || this.#waiting.size === 0) return;
    this.#timer = this.#parts.clock.after('leases', GATHER_MS, () => {
      this.#timer = null;
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    // A tenant with one site has nothing to share out, however much is used there.
    const alone = new Set<string>();
    try {
      for (const { tenant, site, right } of waiting) {
        if (this.#isOver) break;
        if (alone.has(tenant) || (await this.#commands.makeUp(tenant, site, right))) continue;
        alone.add(tenant);
      }
    } catch (error) {
      this.#parts.log.warn({ place: placeOf(error) }, 'leases were not looked after');
    }
    this.#isRunning = false;
    this.#arm();
  }
}
