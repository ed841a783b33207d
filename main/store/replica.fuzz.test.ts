// Two doors and a hub through days of anything: entries, exits, undoing, packets that stop half-way, restarts, snapshots
// with people coming in between, the site's network alone. At rest everybody says the same.
import { expect, test } from 'vitest';
import { HOUR_MS } from '../core/time/day.ts';
import { digestOfSite } from './digest.ts';
import { GYM } from './testing.ts';
import { ModelHub, memberRow } from './testing-hub.ts';
import { SyncedUnit } from './testing-unit.ts';

const START = Date.UTC(2026, 10, 18, 1);
const WHO = ['ann', 'bob', 'cho'] as const;
const SITE = {
  ...GYM,
  ticketTypes: GYM.ticketTypes.map((type, index) => ({
    ...type,
    entry: {
      storeIds: null,
      bandIds: null,
      weekdays: null,
      consume: index === 0 ? ('day' as const) : ('entry' as const),
    },
  })),
  // Few enough to be overdrawn.
  tickets: GYM.tickets.map((ticket) => ({ ...ticket, remaining: 3 })),
};

/** mulberry32: the same each time. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

class House {
  readonly hub = new ModelHub();
  readonly units: readonly SyncedUnit[];
  readonly told: string[] = [];
  readonly #pick: (below: number) => number;
  #at = START;

  constructor(seed: number) {
    this.#pick = chance(seed);
    this.hub.importSite(SITE);
    this.units = [new SyncedUnit(this.hub), new SyncedUnit(this.hub)];
    for (const unit of this.units) unit.snapshot();
  }

  step(): void {
    const [unit, other] = this.#pick(2) === 0 ? this.units : this.units.toReversed();
    if (unit === undefined || other === undefined) return;
    this.#at += this.#pick(3) * HOUR_MS;
    const acts: readonly (readonly [string, () => void])[] = [
      ['in', () => this.#enter(unit)],
      ['in', () => this.#enter(unit)],
      ['out', () => unit.scan(this.#who(), this.#at, 'out')],
      ['undo', () => this.#undo(unit)],
      ['push', () => unit.push(1 + this.#pick(3))],
      ['pull', () => unit.pull()],
      ['hear', () => unit.hear(other)],
      ['restart', () => unit.restart()],
      ['member', () => this.#change()],
      ['snapshot', () => this.#snapshot(unit)],
    ];
    const [what, act] = acts[this.#pick(this.#pick(4) === 0 ? acts.length : acts.length - 1)] ?? ['', () => undefined];
    this.told.push(`${what} ${this.units.indexOf(unit)}`);
    act();
  }

  rest(): void {
    for (const unit of this.units) unit.push();
    for (const unit of this.units) unit.pull();
  }

  #who(): (typeof WHO)[number] {
    return WHO[this.#pick(WHO.length)] ?? 'ann';
  }

  #enter(unit: SyncedUnit): void {
    const who = this.#who();
    const ticket = this.#pick(2) === 0 && who !== 'cho' ? `k-${who}` : null;
    unit.scan(who, this.#at, 'in', ticket);
  }

  #undo(unit: SyncedUnit): void {
    const of = unit.entries[this.#pick(Math.max(1, unit.entries.length))];
    const body = of === undefined ? null : unit.unit.store.record.find(of);
    if (of !== undefined && body !== null) unit.undo(of, JSON.parse(body).result.memberId, this.#at);
  }

  #change(): void {
    const index = this.#pick(3);
    const member = SITE.members[index];
    if (member !== undefined) this.hub.put(memberRow(member.id, index, { ...member, name: `Name ${this.#pick(99)}` }));
  }

  #snapshot(unit: SyncedUnit): void {
    let times = 0;
    unit.budget = 4;
    unit.snapshot(() => {
      times += 1;
      if (times % 5 !== 0) return;
      if (this.#pick(2) === 0) this.#enter(unit);
      else this.#undo(unit);
      if (this.#pick(3) === 0) unit.hear(this.units.find((one) => one !== unit) ?? unit);
    });
    unit.budget = 40;
  }
}

function run(seed: number, steps: number): void {
  const house = new House(seed);
  for (let step = 0; step < steps; step += 1) house.step();
  house.rest();
  const { hub, units, told } = house;
  const about = `seed ${seed}: ${told.join(', ')}`;
  for (const { unit, digest } of units) {
    const { usage, ticketUses, stays, tickets } = unit.store.exportSite() ?? SITE;
    const there = hub.export();
    expect({ tickets, uses: ticketUses.length }, about).toStrictEqual({
      tickets: there.tickets,
      uses: new Set(there.ticketUses.map(({ ticketId, date }) => ticketId + date)).size,
    });
    expect(stays.map(stayText).sort(), about).toStrictEqual(there.stays.map(stayText).sort());
    expect(new Set(usage.map(useText)), about).toStrictEqual(new Set(there.usage.map(useText)));
    expect(digest, about).toBe(digestOfSite(there));
    checkCounts(unit.query.bind(unit), about);
    expect(unit.store.record.verify().ok, about).toBe(true);
  }
}

const useText = ({ memberId, contractId, bandId, date }: (typeof GYM.usage)[number]) =>
  [memberId, contractId, bandId, date].join(' ');
const stayText = ({ memberId, enteredAt }: (typeof GYM.stays)[number]) => `${memberId} ${enteredAt}`;

/** Counts kept by triggers are those of the rows; what the hub has all of is known to be there. */
function checkCounts(query: (sql: string) => Record<string, unknown>[], about: string): void {
  const counted = query(`
    SELECT contract_id, band_id, sum(days) AS days FROM month_count GROUP BY 1, 2 ORDER BY 1, 2`);
  const rows = query('SELECT contract_id, band_id, count(*) AS days FROM usage GROUP BY 1, 2 ORDER BY 1, 2');
  expect(counted, about).toStrictEqual(rows);
  expect(query('SELECT * FROM given_back'), about).toStrictEqual([]);
  for (const table of ['usage', 'usage_more', 'ticket_use', 'stay'])
    expect(query(`SELECT * FROM ${table} WHERE at_hub = 0`), about).toStrictEqual([]);
}

const SEEDS = Array.from({ length: 6 }, (_, index) => index + 1);

test.each(SEEDS)('seed %i', (seed) => run(seed, 60));
