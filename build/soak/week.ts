/**
 * A simulated week of a whole unit in virtual time: real engine, rules, record and guard, simulated devices and people,
 * and all that may befall them. Seeded: the same seed brings the same week.
 */
import { Chance } from './chance.ts';
import { heapNow } from './heap.ts';
import { Agenda } from './week-agenda.ts';
import { WeekDisk } from './week-disk.ts';
import { House } from './week-house.ts';
import { WeekLife } from './week-life.ts';
import { WeekOracle } from './week-oracle.ts';
import { recordFindings } from './week-record.ts';
import { makeClub } from './week-site.ts';
import { HOUR_MS, Traffic } from './week-traffic.ts';
import { Trouble } from './week-trouble.ts';

export interface WeekReport {
  readonly seed: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly troubles: Readonly<Record<string, number>>;
  /** After each hour, with nothing left to collect. */
  readonly heapBytes: readonly number[];
  /** What must never be; empty when all held. */
  readonly findings: readonly string[];
}

export interface WeekOptions {
  readonly days: number;
  readonly seed: number;
  readonly progress?: (line: string) => void;
}

/** Midnight in Tokyo before a Monday. */
const BEGIN = Date.UTC(2026, 10, 1, 15);
/** More than all that is under way may take to end. */
const STOP_MS = 3_000;
const CLUB = makeClub();

export async function simulateWeek({ days, seed, progress }: WeekOptions): Promise<WeekReport> {
  const week = new Week(seed);
  try {
    return await week.run(days, progress ?? (() => undefined));
  } finally {
    week.remove();
  }
}

class Week {
  readonly #seed: number;
  readonly #disk = new WeekDisk();
  readonly #oracle = new WeekOracle(this.#disk);
  readonly #house = new House(CLUB, BEGIN, this.#oracle);
  readonly #agenda = new Agenda();
  readonly #traffic: Traffic;
  readonly #trouble: Trouble;
  #life: WeekLife | null = null;

  constructor(seed: number) {
    this.#seed = seed;
    const parts = { club: CLUB, house: this.#house, oracle: this.#oracle, agenda: this.#agenda };
    const life = () => this.#life;
    this.#traffic = new Traffic({ ...parts, life, chance: new Chance(seed) });
    const restart = (isClean: boolean, afterMs: number) => this.#restart(isClean, afterMs);
    this.#trouble = new Trouble({ ...parts, life, chance: new Chance(seed + 1) }, this.#disk, this.#traffic, {
      restart,
    });
    this.#oracle.begin(this.#house);
  }

  async run(days: number, progress: (line: string) => void): Promise<WeekReport> {
    this.#import();
    this.#start();
    const heapBytes: number[] = [];
    for (let day = 0; day < days; day += 1) {
      for (let hour = 0; hour < 24; hour += 1) {
        await this.#hour(hour);
        heapBytes.push(heapNow());
      }
      this.#oracle.findings.push(...recordFindings(this.#disk, false));
      const { readings, entries, exits } = this.#oracle.counts;
      progress(`day ${day + 1}: ${readings} readings, ${entries} entries, ${exits} exits, ${heapBytes.at(-1)} bytes`);
    }
    this.#disk.trouble = null;
    await this.#house.clock.advance(HOUR_MS / 4);
    // What a power cut left open is settled by the next start.
    for (let again = 0; again < 2; again += 1) {
      await this.#stop(true);
      if (again === 0) this.#start();
      await this.#house.clock.advance(STOP_MS);
    }
    const left = this.#house.clock.timers().map(({ name }) => name);
    if (left.length > 0) this.#oracle.found(`timers are left: ${left.join(', ')}`);
    const findings = [...this.#oracle.findings, ...recordFindings(this.#disk, true)];
    return { seed: this.#seed, counts: this.#oracle.counts, troubles: this.#trouble.counts, heapBytes, findings };
  }

  remove(): void {
    this.#disk.remove();
  }

  async #hour(hour: number): Promise<void> {
    const { clock } = this.#house;
    const end = clock.mono() + HOUR_MS;
    this.#traffic.hour(hour);
    this.#trouble.hour();
    for (let deed = this.#agenda.next(end); deed !== null; deed = this.#agenda.next(end)) {
      // A restart takes its time, and what should have been done meanwhile is done late.
      await clock.advance(Math.max(0, deed.at - clock.mono()));
      await deed.run();
      await clock.advance(0);
      this.#oracle.look();
    }
    await clock.advance(Math.max(0, end - clock.mono()));
  }

  #import(): void {
    const store = this.#disk.openStore();
    const done = store.transact((writer) => {
      writer.importSite(CLUB.site, BEGIN);
      writer.importSettings(CLUB.settings);
    });
    store.close();
    if (!done.ok) throw new Error(done.error.detail);
  }

  #start(): void {
    const life = new WeekLife(CLUB, this.#house, this.#disk, this.#oracle);
    life.unit.screen.subscribe((message) => this.#traffic.told(message));
    this.#life = life;
    this.#oracle.lifeBegins(life);
    life.start();
  }

  async #restart(isClean: boolean, afterMs: number): Promise<void> {
    if (this.#life === null) return;
    await this.#stop(isClean);
    this.#agenda.add(this.#house.clock.mono() + afterMs, () => this.#start());
  }

  async #stop(isClean: boolean): Promise<void> {
    const life = this.#life;
    if (life === null) return;
    if (isClean) await this.#end(life);
    else await life.cut();
    this.#life = null;
    this.#oracle.lifeEnds(isClean);
  }

  /** Lets a clean stop take its time. */
  async #end(life: WeekLife): Promise<void> {
    const ended: string[][] = [];
    const stopping = life.stop().then((left) => void ended.push([...left]));
    await this.#house.clock.advance(STOP_MS);
    if (ended.length === 0) this.#oracle.found('the unit doesn’t stop');
    for (const name of ended.flat()) this.#oracle.found(`a timer is left after a stop: ${name}`);
    await stopping;
  }
}
