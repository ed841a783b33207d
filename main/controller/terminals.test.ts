// A face terminal lets people in by itself and tells us afterwards, sometimes twice, late, or with a clock that is off.
// What happened is counted and kept; nothing is commanded, and nothing is said to be kept that isn't.
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { explainEvent } from '../cli/explain.ts';
import type { TerminalConfig } from '../contract/lan.ts';
import type { PassageReport } from '../contract/passage.ts';
import type { ClockTrust } from '../core/clock.ts';
import type { SiteBundle } from '../core/model.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time/day.ts';
import { formatInstant } from '../core/time/instant.ts';
import { GYM, TestStore, usageOn } from '../store/testing.ts';
import { Journal } from './journal.ts';
import { SiteCache } from './site-cache.ts';
import { TerminalDesk } from './terminals.ts';

/** 12:00 in Tokyo, a Wednesday. */
const NOON = Date.UTC(2026, 10, 18, 3);
const FACE: TerminalConfig = { id: 'face', doorId: 'face-door', direction: 'in', tokenDigest: '', from: [] };

const door = (id: string, policy: SiteBundle['doors'][number]['policy']) =>
  ({ id, placeId: 'gym', name: id, policy, admitsPlans: null, passback: 'deny' }) as const;
const SITE: SiteBundle = {
  ...GYM,
  doors: [door('front', 'plan'), door('face-door', 'record-only')],
  members: [
    ...GYM.members,
    {
      ...GYM.members[0],
      id: 'dan',
      name: 'Dan',
      kana: null,
      codes: ['DAN'],
      suspended: { profile: true, identity: false },
      contracts: [],
    },
  ],
};

interface Recorded {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly readerId: string;
  readonly direction: string;
  readonly result: { readonly granted: boolean; readonly reason: string; readonly memberId: string | null };
  readonly clock: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

class Desk {
  readonly clock = new VirtualClock({ wallMs: NOON });
  readonly store: TestStore;
  readonly site: SiteCache;
  readonly desk: TerminalDesk;
  trust: ClockTrust = 'synced';
  readonly faults: unknown[] = [];

  constructor(site: SiteBundle | null = SITE) {
    this.store = new TestStore(site);
    const { clock } = this;
    const { store } = this.store;
    this.site = new SiteCache(store);
    const trust = () => this.trust;
    const journal = new Journal(
      { store, clock, probe: () => undefined, reserve: null, broken: null, recorded: () => undefined },
      trust,
      (fault) => this.faults.push(fault),
    );
    this.desk = new TerminalDesk({ clock, journal, site: this.site, trust });
  }

  /** @param ago ms before now */
  passes(id: string, memberId: string, ago = 0, more: Partial<PassageReport> = {}) {
    return this.desk.report(FACE, { id, at: formatInstant(this.clock.wall() - ago), memberId, ...more });
  }

  events(): Recorded[] {
    return [...this.store.store.record.since(0)].map((body): Recorded => JSON.parse(body));
  }

  usage(): unknown[] {
    return this.store.query(
      "SELECT member_id AS m, band_id AS b, date(day * 86400, 'unixepoch') AS d FROM usage ORDER BY m, d",
    );
  }
}

const RECORDED = (event: number, duplicate = false) => ({ ok: true, value: { event, duplicate } });

test('a member passes: recorded, counted once a date, past the limit too; no outcome is owed', () => {
  const desk = new Desk({
    ...SITE,
    usage: usageOn('ann', 'day', '2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04'),
  });
  expect(desk.passes('1', 'ann')).toEqual(RECORDED(1));
  expect(desk.passes('2', 'ann')).toEqual(RECORDED(2));
  const [first, second] = desk.events();
  expect(first).toMatchObject({
    ...{ type: 'scan', at: '2026-11-18T03:00:00Z', doorId: 'face-door', readerId: 'face', direction: 'in' },
    result: { granted: true, reason: 'record-only', memberId: 'ann', contractId: 'c-ann', bandId: 'day' },
    detail: { receivedAt: '2026-11-18T03:00:00Z' },
  });
  expect(first?.result).toMatchObject({ consumed: [{ kind: 'band', bandId: 'day', date: '2026-11-18' }] });
  expect(second?.result).toMatchObject({ granted: true, consumed: [] });
  expect(desk.usage().filter((row) => (row as { d: string }).d === '2026-11-18')).toHaveLength(1);
  expect(desk.store.store.record.withoutOutcome()).toEqual([]);
  expect(desk.store.store.record.verify().ok).toBe(true);
});

test('a code names a member as well, with white space around it, and stands nowhere on record', () => {
  const desk = new Desk();
  const report = { id: 'CODE-bob-7', at: formatInstant(NOON), code: ' CODE-bob\u3000' };
  expect(desk.desk.report(FACE, report)).toEqual(RECORDED(1));
  expect(desk.events()[0]?.result.memberId).toBe('bob');
  expect([...desk.store.store.record.since(0)].join()).not.toContain('CODE-bob');
});

test.each([
  ['nobody', 'unknown-credential', null],
  ['dan', 'suspended', 'dan'],
])('%s passed all the same: recorded as %s, counted for nobody', (memberId, reason, who) => {
  const desk = new Desk();
  expect(desk.passes('1', memberId)).toEqual(RECORDED(1));
  expect(desk.events()[0]?.result).toMatchObject({ granted: false, reason, memberId: who, alert: 'error' });
  expect(desk.usage()).toEqual([]);
});

test('out again: the stay that the terminal began ends, whatever the order of the days between', () => {
  const desk = new Desk();
  desk.passes('1', 'bob', 2 * HOUR_MS);
  desk.passes('2', 'bob', 0, { direction: 'out' });
  expect(desk.events()[1]).toMatchObject({
    direction: 'out',
    result: { granted: true, reason: 'exit', stay: { minutes: 120 } },
  });
  desk.passes('3', 'bob', 5 * MINUTE_MS, { direction: 'out' });
  expect(desk.events()[2]?.result).toMatchObject({ warnings: ['no-entry'] });
});

test('sent again, also after a restart, it is one record; another passage under the same id is a second, marked', () => {
  const desk = new Desk();
  expect(desk.passes('1', 'ann', HOUR_MS)).toEqual(RECORDED(1));
  expect(desk.passes('1', 'ann', HOUR_MS)).toEqual(RECORDED(1, true));
  desk.desk.report({ ...FACE, id: 'other' }, { id: '1', at: formatInstant(NOON - HOUR_MS), memberId: 'ann' });
  expect(desk.events()).toHaveLength(2);
  // A terminal that was reset counts from 1 again.
  expect(desk.passes('1', 'bob', 0)).toEqual(RECORDED(3));
  expect(desk.events().map(({ detail }) => detail['idAgain'])).toEqual([undefined, undefined, true]);
});

test.each([
  ['a little ahead: now', -4 * MINUTE_MS, 0, false],
  ['far ahead: when it came', -6 * MINUTE_MS, 0, true],
  ['a month late: when it happened', 31 * DAY_MS, 31 * DAY_MS, false],
  ['later still: when it came', 31 * DAY_MS + 1_000, 0, true],
  ['from 1970: when it came', NOON - 2 * DAY_MS, 0, true],
])('a terminal’s clock %s', (_, ago, countsAgo, isOff) => {
  const desk = new Desk();
  expect(desk.passes('1', 'cho', ago)).toEqual(RECORDED(1));
  const [event] = desk.events();
  expect(event?.at).toBe(formatInstant(NOON - countsAgo));
  expect(event?.detail['clockOff']).toBe(isOff ? true : undefined);
  expect(event?.detail['reportedAt']).toBe(ago === countsAgo ? undefined : formatInstant(NOON - ago));
  expect(desk.usage()).toMatchObject([{ m: 'cho', d: formatInstant(NOON - countsAgo).slice(0, 10) }]);
  expect(desk.passes('1', 'cho', ago)).toEqual(RECORDED(1, true));
});

test('while our own clock is doubtful, the terminal’s is taken', () => {
  const desk = new Desk();
  desk.trust = 'doubtful';
  desk.passes('1', 'cho', -400 * DAY_MS);
  expect(desk.events()[0]).toMatchObject({ at: formatInstant(NOON + 400 * DAY_MS), clock: 'doubtful' });
  // When the unit starts again, that isn't taken for the last time known.
  expect(desk.store.store.record.lastAt()).toBe(NOON);
});

test('what an import has made of the door doesn’t matter: judged as record-only, and explained as such', () => {
  const desk = new Desk({ ...SITE, doors: [door('face-door', 'plan')], usage: usageOn('ann', 'day', '2026-11-17') });
  desk.clock.setWall(NOON + 12 * HOUR_MS);
  desk.passes('1', 'ann');
  desk.passes('2', 'ann');
  expect(desk.events().map(({ result }) => result.reason)).toEqual(['record-only', 'record-only']);
  for (const { seq } of desk.events()) {
    expect(explainEvent(desk.store.store, seq)).toMatchObject({ ok: true, value: { same: true } });
  }
});

test('a unit without a site, and a site without the door, ask for it again later', () => {
  const empty = new Desk(null);
  expect(empty.passes('1', 'ann')).toEqual({ ok: false, error: 'no-site' });
  empty.store.import({ ...SITE, doors: [door('front', 'plan')] });
  empty.site.reload();
  expect(empty.passes('1', 'ann')).toEqual({ ok: false, error: 'no-door' });
  empty.store.import(SITE);
  empty.site.reload();
  expect(empty.passes('1', 'ann')).toEqual(RECORDED(1));
});

test('a store that can’t write is said, rests a moment, and has it all once it can', () => {
  const desk = new Desk();
  const other = new Database(desk.store.file);
  onTestFinished(() => {
    other.close();
  });
  other.exec('BEGIN IMMEDIATE');
  expect(desk.passes('1', 'ann')).toEqual({ ok: false, error: 'store' });
  other.exec('COMMIT');
  // Not even asked, so that a door doesn't wait behind it.
  expect(desk.passes('1', 'ann')).toEqual({ ok: false, error: 'store' });
  expect(desk.events()).toEqual([]);
  desk.clock.setWall(NOON + 2_000);
  return desk.clock.advance(2_000).then(() => {
    expect(desk.passes('1', 'ann', 2_000)).toEqual(RECORDED(1));
    expect(desk.faults).toMatchObject([{ code: 'busy' }, null]);
  });
});

test('what nobody will send again is forgotten', async () => {
  const desk = new Desk();
  const rows = () => desk.store.query('SELECT event_seq AS seq FROM reported_passage ORDER BY 1');
  desk.passes('1', 'ann');
  await desk.clock.advance(62 * DAY_MS);
  desk.passes('2', 'ann');
  expect(rows()).toHaveLength(2);
  await desk.clock.advance(1);
  desk.passes('3', 'ann');
  expect(rows()).toEqual([{ seq: 2 }, { seq: 3 }]);
});

test('whatever comes in whatever order, each passage is one event, and each date is counted once', () => {
  const passage = fc.record({
    id: fc.integer({ min: 1, max: 12 }),
    who: fc.constantFrom('ann', 'bob', 'cho', 'dan', 'nobody'),
    hoursAgo: fc.integer({ min: 0, max: 200 }),
    direction: fc.constantFrom('in', 'out'),
  });
  fc.assert(
    fc.property(fc.array(passage, { maxLength: 25 }), (passages) => {
      const desk = new Desk();
      const different = new Set<string>();
      for (const { id, who, hoursAgo, direction } of passages) {
        different.add(`${id} ${hoursAgo} ${direction}`);
        expect(desk.passes(String(id), who, hoursAgo * HOUR_MS, { direction })).toMatchObject({ ok: true });
      }
      expect(desk.events()).toHaveLength(different.size);
      expect(new Set(desk.usage().map((row) => JSON.stringify(row))).size).toBe(desk.usage().length);
      desk.store.store.close();
    }),
    { numRuns: 25, seed: 20_261_122 },
  );
});
