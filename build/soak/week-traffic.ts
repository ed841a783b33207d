/** The people of the simulated week: members who come and go, strangers who try, staff who open, hold and lock down. */

import type { PageMessage } from '../../main/contract/page.ts';
import { letIn } from '../../main/controller/override.ts';
import { mintPass } from '../../main/controller/passes/mint.ts';
import type { Chance } from './chance.ts';
import type { Agenda } from './week-agenda.ts';
import type { House } from './week-house.ts';
import type { WeekLife } from './week-life.ts';
import type { WeekOracle } from './week-oracle.ts';
import { type Club, MANAGER_ID, type Person, STAFF_ID, TENANT } from './week-site.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** What a day brings, and whom it concerns. */
export interface Scene {
  readonly club: Club;
  readonly house: House;
  readonly oracle: WeekOracle;
  readonly agenda: Agenda;
  readonly chance: Chance;
  /** null: none runs. */
  readonly life: () => WeekLife | null;
}

/** People an hour, from midnight on. */
const BUSY = [2, 1, 1, 0, 1, 4, 12, 20, 24, 24, 30, 30, 34, 30, 26, 26, 30, 40, 46, 40, 30, 20, 10, 5];

export class Traffic {
  readonly #scene: Scene;
  readonly #doors: readonly string[];
  /** Tickets on offer at the last refusal. */
  #offer: { readonly event: number; readonly reader: string; readonly tickets: readonly string[] } | null = null;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#doors = [...scene.house.doors.keys()];
  }

  /** What the page shows. */
  told(message: PageMessage): void {
    const tickets = message.kind === 'decision' ? (message.remedy?.tickets ?? []) : [];
    if (message.kind !== 'decision' || tickets.length === 0) return;
    this.#offer = {
      event: message.event,
      reader: message.readerId ?? '',
      tickets: tickets.map(({ ticketId }) => ticketId),
    };
    if (this.#scene.chance.oneIn(2)) this.#soon(this.#scene.chance.between(1_000, 30_000), () => this.#choose());
  }

  /** Puts the hour that begins now on the agenda. @param hour of the day, 0 to 23 */
  hour(hour: number): void {
    const { chance } = this.#scene;
    const some = (count: number, run: () => void) => {
      for (let left = count; left > 0; left -= 1) this.#soon(chance.between(0, HOUR_MS), run);
    };
    some(BUSY[hour] ?? 0, () => this.#visit());
    some(4, () => this.#stranger());
    some(2, () => this.#staff());
    some(3, () => this.#press(chance.pick(this.#doors)));
    if (chance.oneIn(2)) some(1, () => this.#holdOpen());
    if (chance.oneIn(12)) some(1, () => this.#lockDown());
    if (chance.oneIn(12)) some(1, () => this.#burn());
    if (chance.oneIn(12)) some(1, () => this.#tamper());
  }

  /** In, through whatever doors, and out again. */
  #visit(): void {
    const { club, chance } = this.#scene;
    const person = chance.pick(club.people);
    const door = chance.pick(['front', 'front', 'front', 'lobby-a', 'lobby-b', 'gate']);
    this.#enter(person, door);
    const inside = [
      ['lobby-a', 5_000],
      ['lobby-b', 9_000],
    ] as const;
    if (chance.oneIn(3))
      for (const [next, ms] of inside) this.#soon(ms + chance.between(0, 4_000), () => this.#enter(person, next));
    if (chance.oneIn(2)) this.#swim(person);
    const stayMs = chance.between(1, 100) * MINUTE_MS;
    this.#soon(stayMs, () => this.#leave(person, door));
  }

  #swim(person: Person): void {
    const { chance } = this.#scene;
    const inMs = chance.between(2, 10) * MINUTE_MS;
    const outMs = inMs + chance.between(1, 20) * MINUTE_MS;
    for (const ms of [inMs, outMs]) this.#soon(ms, () => this.#show(person, 'pool-both'));
  }

  #enter(person: Person, door: string): void {
    const { chance } = this.#scene;
    const hasCamera = door === 'front' && chance.oneIn(3);
    this.#show(person, hasCamera ? 'front-cam' : `${door}-in`);
    this.#walk(door);
  }

  #leave(person: Person, door: string): void {
    const { chance, house } = this.#scene;
    const how = chance.below(10);
    if (how < 7) this.#show(person, `${door}-out`);
    else if (how < 9) this.#press(door);
    // By the handle, which always opens.
    else house.door(door).door.force();
    if (how < 9) this.#walk(door);
  }

  /** Opens the leaf where it can be opened; some don't, some stand in it. */
  #walk(door: string): void {
    const { chance, house } = this.#scene;
    const { door: leaf } = house.door(door);
    if (chance.oneIn(8)) return;
    const startMs = chance.between(300, 2_800);
    this.#soon(startMs, () => void leaf.open());
    if (!chance.oneIn(25)) return;
    this.#soon(startMs + 500, () => leaf.hold() && this.#soon(chance.between(1_000, 90_000), () => void leaf.hold()));
  }

  /** Holds the code up: once, or again and again as nervous hands and cameras do. */
  #show(person: Person, reader: string): void {
    const { chance } = this.#scene;
    const code = person.hasPass && chance.oneIn(1) ? this.#passOf(person) : person.code;
    const isCamera = reader === 'front-cam';
    const times = isCamera ? chance.below(60) + 1 : chance.oneIn(4) ? chance.below(4) + 1 : 1;
    const everyMs = isCamera ? 33.37 : 700.3;
    for (let time = 0; time < times; time += 1) this.#soon(time * everyMs, () => this.read(reader, code));
  }

  #passOf({ id }: Person): string {
    const { club, chance, house } = this.#scene;
    const now = house.clock.wall();
    const times = { notBefore: null, expiresAt: now + (chance.oneIn(10) ? -HOUR_MS : MINUTE_MS) };
    const claims = { memberId: id, tenant: TENANT, passId: chance.bytes(6).toString('hex'), doorIds: null, ...times };
    const pass = mintPass(club.passKey, claims);
    return pass.ok ? pass.value : 'GP1:';
  }

  /** A reader has read this. */
  read(reader: string, code: string): void {
    const { house } = this.#scene;
    const port = house.readers.get(reader);
    if (port === undefined) this.#scene.life()?.pageReads(reader, code);
    else port.port.scan(code);
  }

  /** Somebody with a code that is none. */
  #stranger(): void {
    const { chance, club } = this.#scene;
    const readers = club.config.doors.flatMap((door) => door.readers.map(({ id }) => id));
    const garbage = chance
      .bytes(1 + chance.below(80))
      .toString('latin1')
      .replaceAll(/[\r\n]/g, '.');
    const codes = [`X-${chance.below(1_000_000)}`, garbage, `GP1:${garbage}`, ' ', '会員', 'C-1\u0000'];
    const reader = chance.pick(readers);
    this.read(reader, chance.pick(codes));
    if (chance.oneIn(4))
      this.#walk(club.config.doors.find((door) => door.readers.some(({ id }) => id === reader))?.id ?? 'front');
  }

  #press(door: string): void {
    const { chance, house } = this.#scene;
    const button = house.door(door).inputs.exitButton;
    if (button === undefined) return;
    const times = chance.oneIn(5) ? chance.below(5) + 2 : 1;
    for (let time = 0; time < times; time += 1) {
      this.#soon(time * 400.1, () => button.set(true));
      this.#soon(time * 400.1 + 200, () => button.set(false));
    }
    this.#walk(door);
  }

  #staff(): void {
    const { chance, oracle, club } = this.#scene;
    const life = this.#scene.life();
    if (life === null) return;
    const { unit, clock } = life;
    const door = chance.pick(this.#doors);
    if (chance.oneIn(2)) {
      const opened = unit.doors.desk.open(door, STAFF_ID);
      if (opened.ok) oracle.staffOpened(door, opened.value);
    } else {
      const memberId = chance.oneIn(3) ? null : chance.pick(club.people).id;
      const parts = { clock, journal: unit.journal, site: unit.site, doors: unit.doors };
      const consume = chance.oneIn(2);
      const done = letIn(parts, { doorId: door, memberId, consume, why: 'other', staffId: STAFF_ID });
      if (done.ok) oracle.staffOpened(door, done.value);
    }
    this.#walk(door);
  }

  #choose(): void {
    const { chance, oracle } = this.#scene;
    const offer = this.#offer;
    const unit = this.#scene.life()?.unit;
    if (offer === null || unit === undefined) return;
    oracle.choosing(offer.reader, () => unit.choose(offer.event, chance.pick(offer.tickets)));
  }

  #holdOpen(): void {
    const { chance, house } = this.#scene;
    const door = chance.pick(this.#doors);
    const until = Math.floor(house.clock.wall() + chance.between(1, 40) * MINUTE_MS);
    this.#desk((desk) => desk.holdOpen(door, until, STAFF_ID));
    if (chance.oneIn(2))
      this.#soon(chance.between(1, 30) * MINUTE_MS, () => this.#desk((desk) => desk.holdOpen(door, null, STAFF_ID)));
  }

  #lockDown(): void {
    const { chance, oracle } = this.#scene;
    const door = chance.oneIn(3) ? null : chance.pick(this.#doors);
    const doors = door === null ? this.#doors : [door];
    const order = (active: boolean) => {
      const done = this.#desk((desk) => desk.lockdown(door, active, MANAGER_ID));
      if (done) for (const one of doors) oracle.lockdowns[active ? 'add' : 'delete'](one);
      return done;
    };
    // Where no controller runs, nobody can be told: they come back until it does.
    const end = () => {
      if (!order(false)) this.#soon(MINUTE_MS, end);
    };
    if (order(true)) this.#soon(chance.between(1, 20) * MINUTE_MS, end);
  }

  #burn(): void {
    const { chance, house, oracle } = this.#scene;
    const fire = house.door('front').inputs.fire;
    fire?.set(true);
    const outMs = chance.between(1, 10) * MINUTE_MS;
    this.#soon(outMs, () => fire?.set(false));
    const reset = () => {
      if (this.#desk((desk) => desk.resetFire(MANAGER_ID))) oracle.fireIsReset();
      else this.#soon(MINUTE_MS, reset);
    };
    this.#soon(outMs + MINUTE_MS, reset);
  }

  #tamper(): void {
    const { chance, house } = this.#scene;
    const tamper = house.door(chance.pick(['front', 'gate'])).inputs.tamper;
    tamper?.set(true);
    this.#soon(chance.between(1, 300) * 1_000, () => tamper?.set(false));
  }

  /** @returns whether somebody was there to be told, and took it */
  #desk(order: (desk: WeekLife['unit']['doors']['desk']) => { readonly ok: boolean }): boolean {
    const life = this.#scene.life();
    return life !== null && order(life.unit.doors.desk).ok;
  }

  /** Never at the same moment as anything else: in the house too no two things are. */
  #soon(ms: number, run: () => void): void {
    const { agenda, house, chance } = this.#scene;
    agenda.add(house.clock.mono() + ms + chance.real(), run);
  }
}
