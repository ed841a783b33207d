/** The lines of the locks, as a meter at each would see them, held against what the guard was told. */
import type { House } from './week-house.ts';
import { MAX_PULSE_MS } from './week-site.ts';

interface Line {
  energised: boolean;
  /** Until when the last command lets it be. */
  until: number;
  /** Since its command, somebody or something has ended it: it may rest. */
  mayRest: boolean;
  /** A command is to run soon. */
  reserved: boolean;
  /** Ends that were commanded at `at`, in this moment. */
  at: number;
  ends: number[];
}

/** Virtual time has no jitter, floating point has. */
const SLACK_MS = 0.01;

export class LineWatch {
  readonly #house: House;
  readonly #found: (text: string) => void;
  readonly #lines = new Map<string, Line>();

  constructor(house: House, found: (text: string) => void) {
    this.#house = house;
    this.#found = found;
  }

  isEnergised(door: string): boolean {
    return this.#line(door).energised;
  }

  /** How often the door was commanded in this moment, to this end. */
  countAt(door: string, until: number): number {
    const line = this.#line(door);
    return line.at === this.#now() ? line.ends.filter((end) => end === until).length : 0;
  }

  commanded(door: string, until: number): void {
    const now = this.#now();
    const line = this.#line(door);
    if (line.at !== now) line.ends = [];
    line.at = now;
    line.reserved = false;
    line.ends.push(until);
    line.until = Math.min(until, now + MAX_PULSE_MS);
    line.mayRest = false;
    if (until > now + MAX_PULSE_MS + SLACK_MS) this.#found(`${door}: commanded beyond maxPulseMs`);
  }

  reserved(door: string): void {
    this.#line(door).reserved = true;
  }

  isReserved(door: string): boolean {
    return this.#line(door).reserved;
  }

  rested(door: string): void {
    this.#end(this.#line(door));
  }

  /** The guard is gone. */
  allRest(): void {
    for (const line of this.#lines.values()) this.#end(line);
  }

  moved(door: string, energised: boolean): void {
    const now = this.#now();
    const line = this.#line(door);
    line.energised = energised;
    if (energised && now > line.until) this.#found(`${door}: released without a command`);
    if (energised || !this.#isWell(door)) return;
    if (now > line.until + SLACK_MS) this.#found(`${door}: rests ${Math.round(now - line.until)} ms late`);
    if (now < line.until - SLACK_MS && !line.mayRest) this.#found(`${door}: dropped before its end`);
  }

  look(): void {
    const now = this.#now();
    for (const [door, line] of this.#lines) {
      if (!line.energised || now <= line.until + SLACK_MS || !this.#isWell(door)) continue;
      this.#found(`${door}: stays released`);
      line.until = Number.POSITIVE_INFINITY;
    }
  }

  #end(line: Line): void {
    line.reserved = false;
    line.until = Math.min(line.until, this.#now());
    line.mayRest = true;
  }

  #isWell(door: string): boolean {
    return this.#house.door(door).lock.isHealthy;
  }

  #line(door: string): Line {
    const known = this.#lines.get(door);
    if (known !== undefined) return known;
    const line = { energised: false, until: 0, mayRest: true, at: 0, reserved: false, ends: [] };
    this.#lines.set(door, line);
    return line;
  }

  #now(): number {
    return this.#house.clock.mono();
  }
}
