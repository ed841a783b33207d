// Three gyms of one tenant: what a unit knows of who has spent and given what becomes the share that it may grant.
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { initialShare, ranksOf } from '../core/leases.ts';
import { dayNumber } from '../core/rules.ts';
import { GYM, TestStore, usageOn } from './testing.ts';

const WINDOW = { at: 0, businessDay: 0, usageFrom: dayNumber('2026-11-01'), staysAfter: 0 };
const NOON = Date.UTC(2026, 10, 18, 3);
const DAY = dayNumber('2026-11-18');
const KEY = 'A'.repeat(43);

class Gym extends TestStore {
  readonly unit = String(this.query('SELECT unit_id AS id FROM unit')[0]?.['id']);

  exec(sql: string, ...parameters: readonly unknown[]): void {
    const db = new Database(this.file);
    try {
      db.prepare(sql).run(...parameters);
    } finally {
      db.close();
    }
  }

  /** @param sites their units; ours is called `here` */
  share(revision: number, sites: Readonly<Record<string, readonly string[]>>): void {
    const named = (unit: string) => ({ unit: unit === 'here' ? this.unit : unit, name: unit, key: KEY });
    const roster = { sites: Object.entries(sites).map(([site, units]) => ({ site, units: units.map(named) })) };
    this.exec('UPDATE hub SET revision = ?, roster = ?', revision, JSON.stringify(roster));
  }

  gave(id: string, right: readonly string[], from: string, to: string, uses: number): void {
    const insert = 'INSERT INTO transfer (id, right_key, from_site, to_site, uses) VALUES (?, ?, ?, ?, ?)';
    this.exec(insert, id, JSON.stringify(right), from, to, uses);
  }

  get ann() {
    return this.store.facts.memberById('ann', 'gym', WINDOW);
  }
}

const SITES = { aoba: ['here', 'aoba-2'], kobe: ['kobe-1'], naha: ['naha-1'] };
const ranks = ranksOf('c-ann', Object.keys(SITES));
const rank = (site: string) => ranks.get(site) ?? null;

describe('where there is nothing to share', () => {
  test('a unit without a hub, or of a tenant with one site, knows nothing of leases', () => {
    const gym = new Gym();
    expect(gym.ann).toMatchObject({ leases: null, tickets: [{ lease: null }] });
    gym.share(1, { aoba: ['here', 'aoba-2'] });
    expect(gym.ann).toMatchObject({ leases: null, tickets: [{ lease: null }] });
  });
});

describe('entries by bands', () => {
  test('each date with the site that counted it, ours, another’s, or none', () => {
    const gym = new Gym({ ...GYM, usage: usageOn('ann', 'day', '2026-11-02') });
    gym.share(1, SITES);
    gym.use('ann', NOON);
    const insert = `INSERT INTO usage (member_id, day, contract_id, band_id, unit, wire_id, at_hub)
      VALUES ('ann', ?, 'c-ann', 'day', ?, ?, 1)`;
    gym.exec(insert, DAY - 1, 'aoba-2', 'w1');
    gym.exec(insert, DAY - 2, 'kobe-1', 'w2');
    gym.exec(insert, DAY - 3, 'closed-1', 'w3');
    gym.exec(insert.replace('usage', 'usage_more'), DAY, 'naha-1', 'w4');
    const { leases, usage } = gym.ann ?? {};
    expect(usage).toHaveLength(5);
    expect(leases).toMatchObject({
      sites: 3,
      whole: false,
      contracts: [{ id: 'c-ann', rank: rank('aoba') }],
      moved: [],
    });
    const counted = leases?.counted
      .map((date) => [date.day - DAY, date.rank])
      .sort(([a = 0], [b = 0]) => (a ?? 0) - (b ?? 0));
    expect(counted).toStrictEqual([
      [-16, null],
      [-3, null],
      [-2, rank('kobe')],
      [-1, rank('aoba')],
      [0, rank('aoba')],
      [0, rank('naha')],
    ]);
  });

  test('what was given, of all bands and months of these contracts and of no others', () => {
    const gym = new Gym();
    gym.share(1, SITES);
    gym.gave('t1', ['band', 'c-ann', 'day', '2026-11'], 'aoba', 'kobe', 2);
    gym.gave('t2', ['band', 'c-ann', 'night', '2026-12'], 'naha', 'aoba', 1);
    gym.gave('t3', ['band', 'c-ann2', 'day', '2026-11'], 'aoba', 'kobe', 1);
    gym.gave('t4', ['ticket', 'c-ann'], 'aoba', 'kobe', 1);
    expect(gym.ann?.leases?.moved).toStrictEqual([
      { contractId: 'c-ann', bandId: 'day', month: '2026-11', from: rank('aoba'), to: rank('kobe'), uses: 2 },
      { contractId: 'c-ann', bandId: 'night', month: '2026-12', from: rank('naha'), to: rank('aoba'), uses: 1 },
    ]);
  });
});

describe('a ticket', () => {
  test('is shared out by what is left and what was used, less what was given', () => {
    const gym = new Gym();
    gym.share(1, SITES);
    expect(gym.ann?.tickets).toMatchObject([{ id: 'k-ann', remaining: 9, lease: { here: 3 } }]);
    gym.spend('ann', NOON);
    expect(gym.ann?.tickets).toMatchObject([{ remaining: 8, lease: { here: 2 } }]);
    const use = `INSERT INTO ticket_use (ticket_id, member_id, type_id, day, uses, unit, wire_id, at_hub)
      VALUES ('k-ann', 'ann', 'ten', ?, 1, ?, ?, 1)`;
    gym.exec(use, DAY, 'kobe-1', 'w1');
    gym.exec(use, DAY, 'closed-1', 'w2');
    gym.exec('UPDATE ticket SET remaining = 6 WHERE id = ?', 'k-ann');
    gym.gave('t1', ['ticket', 'k-ann'], 'kobe', 'aoba', 2);
    gym.gave('t2', ['ticket', 'k-ann2'], 'kobe', 'aoba', 2);
    // Eight to share: nine less the one that a closed site used.
    const share = initialShare({ kind: 'ticket', ticketId: 'k-ann' }, 8, Object.keys(SITES), 'aoba');
    expect(gym.ann?.tickets).toMatchObject([{ remaining: 6, lease: { here: share - 1 + 2 } }]);
    expect(gym.store.facts.ticket('k-ann', WINDOW)).toStrictEqual(gym.ann?.tickets[0]);
  });
});

describe('who is heard', () => {
  test('the site is whole over the hub, or when all its units are heard', () => {
    const gym = new Gym();
    gym.share(1, { ...SITES, aoba: ['here', 'aoba-2', 'aoba-3'] });
    const whole = (hub: boolean, ...peers: readonly string[]) => {
      gym.store.facts.leases.hears({ hub, peers: new Set(peers) });
      return gym.ann?.leases?.whole;
    };
    expect(whole(false)).toBe(false);
    expect(whole(false, 'aoba-2')).toBe(false);
    expect(whole(false, 'aoba-2', 'aoba-3')).toBe(true);
    expect(whole(true)).toBe(true);
    gym.share(2, { ...SITES, aoba: ['here'] });
    expect(whole(false)).toBe(true);
  });

  test('the roster is read again with each revision of the hub', () => {
    const gym = new Gym();
    gym.share(1, SITES);
    expect(gym.ann?.leases?.sites).toBe(3);
    gym.share(2, { aoba: ['here'], kobe: ['kobe-1'] });
    expect(gym.ann?.leases?.sites).toBe(2);
    gym.exec('UPDATE hub SET revision = 0, roster = NULL');
    expect(gym.ann?.leases).toBeNull();
  });

  test('a unit that the roster doesn’t have has no share', () => {
    const gym = new Gym();
    gym.share(1, { kobe: ['kobe-1'], naha: ['naha-1'] });
    gym.use('ann', NOON);
    expect(gym.ann).toMatchObject({
      leases: { contracts: [{ id: 'c-ann', rank: null }], counted: [{ rank: null }] },
      tickets: [{ lease: { here: 0 } }],
    });
  });
});
