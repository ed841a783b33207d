/**
 * Watches the simulated week at every moment: what the doors are told, what their lines do, what the page is told, and
 * says what must never be. It knows what people and devices did, and keeps its own account of what follows from it.
 */

import type { DecisionMessage, PageMessage } from '../../main/contract/page.ts';
import type { InputKind } from '../../main/controller/doors.ts';
import type { WeekDisk } from './week-disk.ts';
import type { House } from './week-house.ts';
import type { LifeEars, WeekLife } from './week-life.ts';
import { LineWatch } from './week-lines.ts';
import { ReadingWatch } from './week-readings.ts';
import { HELD_AFTER_MS, MAX_PULSE_MS, PULSE_MS } from './week-site.ts';

/** An opening that was granted and has no outcome yet. */
interface Grant {
  /** null: an exit button's, which nobody names. */
  readonly event: number | null;
  readonly by: 'entry' | 'exit' | 'staff';
  /** Since when its pulse runs. */
  at: number;
}

const MOST_FINDINGS = 20;
/** An opening is over when its pulse is, and whoever stands in the door has been told so. */
const LONGEST_MS = 3 * (PULSE_MS + HELD_AFTER_MS + MAX_PULSE_MS);
const MOST_TIMERS = 100;
/** As the reducer has it. */
const MOST_PASSAGES = 64;

export class WeekOracle implements LifeEars {
  readonly findings: string[] = [];
  readonly counts = { readings: 0, entries: 0, exits: 0, refused: 0, unjudged: 0, commands: 0, outcomes: 0, late: 0 };
  readonly lockdowns = new Set<string>();
  readonly #disk: WeekDisk;
  #house: House | null = null;
  #life: WeekLife | null = null;
  #lines: LineWatch | null = null;
  readonly #grants = new Map<string, Grant[]>();
  readonly #readings = new ReadingWatch((text) => this.found(text));
  /** Outcomes of which the grant is told later in the same turn, by door and event. */
  readonly #early = new Set<string>();
  readonly #pressed = new Map<string, boolean>();
  readonly #burning = new Set<string>();
  #isFire = false;

  constructor(disk: WeekDisk) {
    this.#disk = disk;
  }

  begin(house: House): void {
    this.#house = house;
    this.#lines = new LineWatch(house, (text) => this.found(text));
  }

  lifeBegins(life: WeekLife): void {
    this.#life = life;
  }

  /** @param isClean nothing may be left under way */
  lifeEnds(isClean: boolean): void {
    this.#life = null;
    for (const [door, grants] of this.#grants) {
      if (isClean && grants.length > 0) this.found(`${door}: ${grants.length} openings have no outcome after a stop`);
    }
    this.#grants.clear();
    this.#readings.forget();
    this.#pressed.clear();
    this.#burning.clear();
    this.#lines?.allRest();
  }

  found(what: string): void {
    if (this.findings.length >= MOST_FINDINGS) return;
    const at = this.#house === null ? '' : ` at ${new Date(this.#house.clock.wall()).toISOString()}, ${this.#now()} ms`;
    this.findings.push(`${what}${at}`);
  }

  presented(reader: string, text: string): void {
    if (this.#life === null) return;
    this.counts.readings += 1;
    const again = this.#readings.presented(reader, text, this.#now());
    if (again !== null) this.#grant(this.#doorOf(reader), again, 'exit');
  }

  level(door: string, kind: InputKind, active: boolean): void {
    if (kind === 'fire') {
      if (active) this.#burning.add(door);
      else this.#burning.delete(door);
      this.#isFire ||= active;
    }
    if (kind !== 'exitButton' || this.#life === null) return;
    const before = this.#pressed.get(door) ?? false;
    this.#pressed.set(door, active);
    if (active && !before) this.#grant(door, null, 'exit');
  }

  fireIsReset(): void {
    this.#isFire = false;
    if (this.#burning.size > 0) this.found('a fire was reset while it burns');
  }

  lineMoved(door: string, energised: boolean): void {
    this.#lines?.moved(door, energised);
  }

  commanded(door: string, until: number): void {
    this.counts.commands += 1;
    this.#lines?.commanded(door, until);
    const at = this.#now();
    const life = this.#life;
    const isSame = this.#lines?.countAt(door, until) ?? 0;
    // An exit that waited for its lock begins when that is back, be it for a hold.
    if (this.#lines?.isEnergised(door) === false)
      for (const one of this.#grants.get(door) ?? []) if (one.by === 'exit' && this.#isHold(door, until)) one.at = at;
    // The rest of this turn says because of what.
    queueMicrotask(() => {
      if (life === null) this.found(`${door}: commanded while no controller runs`);
      else this.#explain(door, until, at, isSame);
    });
  }

  /** For an exit, should its record take long: here none does, and its command comes in the same turn. */
  reserved(door: string): void {
    this.#lines?.reserved(door);
    queueMicrotask(() => {
      if (this.#lines?.isReserved(door)) this.found(`${door}: an exit was wanted, and no command followed`);
    });
  }

  rested(door: string): void {
    this.#lines?.rested(door);
  }

  guardIsGone(): void {
    this.#lines?.allRest();
  }

  complained(text: string): void {
    this.found(`the guard complains: ${text}`);
  }

  told(message: PageMessage): void {
    if (message.kind === 'decision') this.#decided(message);
    else if (message.kind === 'unjudged') {
      this.counts.unjudged += 1;
      this.#readings.answered(message.readerId, 'in', this.#now());
    } else if (message.kind === 'outcome') this.#outcome(message.doorId, message.of);
  }

  staffOpened(door: string, event: number): void {
    this.#grant(door, event, 'staff');
  }

  /** Between two moments of the plan: nothing is overdue. */
  look(): void {
    const life = this.#life;
    this.#lines?.look();
    if (life === null) return;
    this.#readings.look(this.#now());
    for (const door of life.unit.config.doors) this.#lookAtDoor(life, door.id);
    if (life.clock.timers().length > MOST_TIMERS) this.found(`${life.clock.timers().length} timers`);
  }

  #lookAtDoor(life: WeekLife, door: string): void {
    const state = life.unit.stateOf(door);
    if (state === undefined) return;
    if (state.passages.length > MOST_PASSAGES) this.found(`${door}: ${state.passages.length} passages`);
    const isWell = state.ready && life.hasGuard && this.#house?.door(door).lock.isHealthy === true;
    if (this.#isFire && isWell && !this.#lines?.isEnergised(door)) this.found(`${door}: locked in a fire`);
    const grants = this.#grants.get(door) ?? [];
    const old = grants.filter(({ at }) => state.ready && this.#now() - at > LONGEST_MS);
    if (old.length > 0) {
      this.found(`${door}: an opening (${old.map(({ event, by }) => `${by} ${event}`).join(', ')}) has no outcome`);
      this.#grants.set(door, []);
    }
  }

  #decided({ doorId: door, readerId, direction, granted, event }: DecisionMessage): void {
    this.#readings.answered(readerId ?? '', direction, this.#now());
    if (event < 0) this.counts.late += 1;
    if (!granted) {
      this.counts.refused += 1;
      if (direction === 'out') this.found(`${door}: an exit was refused`);
      return;
    }
    if (direction === 'in') this.counts.entries += 1;
    else this.counts.exits += 1;
    this.#isRecorded(door, event, direction);
    if (direction === 'in') this.#mayEnter(door);
    if (direction === 'out') this.#readings.leftBy(event);
    this.#grant(door, event, direction === 'in' ? 'entry' : 'exit');
  }

  /** A member takes up an offer at the reader, where `choose` says so. */
  choosing(reader: string, choose: () => boolean): void {
    this.#readings.choosing(reader, this.#now(), choose);
  }

  #isRecorded(door: string, event: number, direction: 'in' | 'out'): void {
    const last = this.#life?.store.record.last()?.seq ?? 0;
    if (event > last) this.found(`${door}: event ${event} opens and isn’t on record`);
    if (event < 0 && direction === 'in' && -event > this.#disk.reserved)
      this.found(`${door}: a late entry opens and isn’t in the reserve`);
  }

  #mayEnter(door: string): void {
    if (this.#isFire || this.lockdowns.has(door)) this.found(`${door}: an entry in fire or lockdown`);
    const partner = door === 'lobby-a' ? 'lobby-b' : door === 'lobby-b' ? 'lobby-a' : null;
    if (partner === null) return;
    const isOpen = this.#life?.unit.stateOf(partner)?.leafOpen === true;
    if (isOpen || this.#lines?.isEnergised(partner)) this.found(`${door}: an entry while ${partner} is open`);
  }

  /** Before the turn is over the door must have been commanded for it. */
  #grant(door: string, event: number | null, by: Grant['by']): void {
    if (this.#early.delete(`${door} ${event}`)) return;
    const at = this.#now();
    const grants = this.#grants.get(door) ?? [];
    const same = grants.find((one) => one.by === 'exit' && one.event === event);
    if (same !== undefined) same.at = at;
    else {
      if (event !== null && by !== 'exit' && grants.some((one) => one.event === event))
        this.found(`${door}: event ${event} opens twice`);
      this.#grants.set(door, [...grants, { event, by, at }]);
    }
    queueMicrotask(() => this.#isCommanded(door, by, at));
  }

  #isCommanded(door: string, by: Grant['by'], at: number): void {
    const [life, lines] = [this.#life, this.#lines];
    const state = life?.unit.stateOf(door);
    if (!life || !lines || state === undefined || !state.ready) return;
    const isHeld = state.mode.fire || (state.holding && lines.isEnergised(door));
    if (!isHeld && lines.countAt(door, at + PULSE_MS) === 0) this.found(`${door}: ${by} was granted, not commanded`);
    const isWell = life.hasGuard && this.#house?.door(door).lock.isHealthy === true;
    if (isWell && !lines.isEnergised(door)) this.found(`${door}: ${by} was granted, and the lock didn’t release`);
  }

  /** A link of a chain of commands that an order holds the door by. */
  #isHold(door: string, until: number): boolean {
    const mode = this.#life?.unit.stateOf(door)?.mode;
    return until === this.#now() + MAX_PULSE_MS && (mode?.fire === true || mode?.hold === true);
  }

  #explain(door: string, until: number, at: number, isSame: number): void {
    const grants = this.#grants.get(door) ?? [];
    const now = grants.filter((one) => one.at + PULSE_MS === until);
    // An exit that waited for its lock is commanded when that is back.
    const waiting = grants.filter((one) => one.by === 'exit' && until === at + PULSE_MS && one.at < at);
    if (this.#isHold(door, until)) return;
    if (now.length === 0) for (const one of waiting) one.at = at;
    if (now.length + waiting.length === 0) this.found(`${door}: opened for nobody`);
    else if (isSame > Math.max(1, now.length, waiting.length)) this.found(`${door}: opened twice for one`);
  }

  #outcome(door: string, of: number): void {
    this.counts.outcomes += 1;
    const grants = this.#grants.get(door) ?? [];
    const ended = grants.find(({ event }) => event === of) ?? grants.find(({ event }) => event === null);
    const others = grants.filter((one) => one !== ended);
    if (ended !== undefined) {
      this.#grants.set(door, others);
      return;
    }
    // Where the door may not be opened after all, that comes before we are told of the grant.
    const key = `${door} ${of}`;
    this.#early.add(key);
    queueMicrotask(() => {
      if (this.#early.delete(key)) this.found(`${door}: an outcome of event ${of}, which has none to come`);
    });
  }

  #doorOf(reader: string): string {
    const door = this.#life?.unit.config.doors.find(({ readers }) => readers.some(({ id }) => id === reader));
    return door?.id ?? '';
  }

  #now(): number {
    return this.#house?.clock.mono() ?? 0;
  }
}
