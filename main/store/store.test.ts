// The store keeps what was promised: whole sites, an unbroken record, rights that are taken once, and no name for thieves.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Changes } from '../core/decide.ts';
import type { SiteBundle } from '../core/model.ts';
import { dayNumber } from '../core/rules.ts';
import { openDatabase } from './database.ts';
import { KEY_BYTES, Keys } from './keys.ts';
import { SCHEMA_VERSION } from './migrate.ts';
import type { EventDraft } from './record.ts';
import { Store } from './store.ts';

const keys = new Keys(randomBytes(KEY_BYTES));

function tempFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'genkan-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'genkan.db');
}

function open(file = ':memory:'): Store {
  const store = Store.open(file, keys);
  if (!store.ok) throw new Error(store.error.detail);
  onTestFinished(() => store.value.close());
  return store.value;
}

const BUNDLE: SiteBundle = {
  format: 'genkan-site/1',
  site: { id: 's', name: 'Site', timezone: 'Asia/Tokyo', dayStart: '04:00', maxStayHours: 24 },
  stores: [{ id: 'st', name: 'Store', bands: [{ id: 'day', name: 'Day', from: '10:00', to: '17:00' }] }],
  holidays: ['2026-11-03'],
  programs: [{ id: 'yoga', name: 'Yoga' }],
  places: [{ id: 'pl', storeId: 'st', name: 'Place', smaregiStoreId: null, fee: null }],
  doors: [{ id: 'front', placeId: 'pl', name: 'Front', policy: 'plan', admitsPlans: null, passback: 'off' }],
  plans: [
    {
      id: 'p',
      name: 'Plan',
      kind: 'standard',
      storeIds: null,
      stayFee: 'none',
      entry: { mode: 'open' },
      booking: null,
    },
  ],
  members: [
    {
      id: 'm2',
      name: '山田 花子',
      kana: 'ヤマダ ハナコ',
      codes: ['SECRET-1', 'SECRET-2'],
      suspended: { profile: true, identity: false },
      contracts: [],
    },
    {
      id: 'm1',
      name: 'Ann Example',
      kana: null,
      codes: ['SECRET-3'],
      suspended: { profile: false, identity: false },
      contracts: [
        { id: 'c2', planId: 'p', from: '2026-01-01', to: null },
        { id: 'c1', planId: 'p', from: '2026-01-01', to: '2026-12-31' },
      ],
    },
  ],
  ticketTypes: [
    {
      id: 'tt',
      name: 'T',
      uses: 10,
      validDays: null,
      price: 0,
      present: 'qr',
      description: null,
      image: null,
      entry: null,
    },
  ],
  tickets: [
    { id: 'k2', typeId: 'tt', memberId: 'm1', issuedOn: '2026-11-01', remaining: 3 },
    { id: 'k1', typeId: 'tt', memberId: 'm1', issuedOn: '2026-10-01', remaining: 0 },
  ],
  reservations: [
    {
      id: 'r2',
      memberId: 'm1',
      storeId: 'st',
      programId: 'yoga',
      start: '2026-11-02T03:00:00Z',
      end: '2026-11-02T04:00:00Z',
      status: 'booked',
    },
    {
      id: 'r1',
      memberId: 'm1',
      storeId: 'st',
      programId: 'yoga',
      start: '2026-11-02T03:00:00Z',
      end: '2026-11-02T04:00:00.001Z',
      status: 'cancelled',
    },
  ],
  usage: [{ memberId: 'm1', contractId: 'c1', bandId: 'day', date: '2026-11-01' }],
  ticketUses: [{ ticketId: 'k2', date: '2026-11-01', uses: 2 }],
  stays: [
    {
      memberId: 'm1',
      placeId: 'pl',
      enteredAt: '2026-11-02T03:00:00Z',
      via: { contractId: 'c1', until: '2026-11-02T08:00:00Z' },
    },
    { memberId: 'm1', placeId: 'pl', enteredAt: '2026-11-02T03:00:00Z', via: null },
  ],
};

function importInto(store: Store, bundle: SiteBundle = BUNDLE): void {
  expect(store.transact((writer) => writer.importSite(bundle, 0)).ok).toBe(true);
}

const NOW = Date.UTC(2026, 10, 2, 3);
const EVENT: EventDraft = {
  at: NOW,
  type: 'scan',
  doorId: 'front',
  readerId: 'r',
  direction: 'in',
  result: null,
  of: null,
  clock: 'held',
  detail: {},
};
const NONE: Changes = {
  consumed: null,
  reused: null,
  inside: null,
  businessDay: dayNumber('2026-11-02'),
  enter: null,
  leave: [],
};

/** Records an event of member `m1` with its changes. */
function commit(store: Store, changes: Partial<Changes>) {
  return store.transact((writer) => {
    const seq = writer.record.append(EVENT);
    writer.history.apply(seq, NOW, 'm1', { ...NONE, ...changes });
    return seq;
  });
}

describe('the database', () => {
  test('is opened with every commit durable, and with every table STRICT', () => {
    const file = tempFile();
    for (const attempt of ['new', 'known']) {
      const db = openDatabase(file);
      if (!db.ok) throw new Error(attempt);
      expect(db.value.pragma('synchronous', { simple: true })).toBe(2);
      expect(db.value.pragma('journal_mode', { simple: true })).toBe('wal');
      expect(db.value.pragma('foreign_keys', { simple: true })).toBe(1);
      const loose = db.value.prepare(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%'",
      );
      expect(loose.all()).toStrictEqual([]);
      db.value.close();
    }
  });

  test('from the future is refused and left as it is', () => {
    const file = tempFile();
    open(file);
    const db = new Database(file);
    db.pragma(`user_version = ${SCHEMA_VERSION + 10}`);
    db.close();
    expect(Store.open(file, keys)).toMatchObject({ ok: false, error: { code: 'newer' } });
    expect(new Database(file).pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION + 10);
  });

  test('can be read beside the controller, and not written', () => {
    const file = tempFile();
    const store = open(file);
    importInto(store);
    const beside = Store.open(file, keys, 'read');
    if (!beside.ok) throw new Error(beside.error.detail);
    expect(beside.value.exportSite()).toStrictEqual(BUNDLE);
    expect(beside.value.transact(({ record }) => record.append(EVENT))).toMatchObject({
      ok: false,
      error: { code: 'read-only' },
    });
    beside.value.close();
  });

  test('that is not there, or not set up, is not made by reading', () => {
    const file = tempFile();
    expect(Store.open(file, keys, 'read')).toMatchObject({ ok: false, error: { code: 'read-only' } });
    new Database(file).close();
    expect(Store.open(file, keys, 'read')).toMatchObject({ ok: false, error: { code: 'missing' } });
  });

  test('a bug inside a transaction is thrown on, and nothing of it stays', () => {
    const store = open();
    const bug = () =>
      store.transact(({ record }) => {
        record.append(EVENT);
        throw new Error('a bug');
      });
    expect(bug).toThrow('a bug');
    expect(store.record.last()).toBeNull();
  });

  test('tells who the unit is, and its setup code, also after it was opened again', () => {
    const file = tempFile();
    const first = open(file);
    const code = first.setupCode();
    expect(code).toMatch(/^\d{8}$/);
    expect(open(file).setupCode()).toBe(code);
    expect(open(file).record.unit()).toStrictEqual(first.record.unit());
    expect(open().record.unit().unit_id).not.toBe(first.record.unit().unit_id);
  });
});

describe('a site', () => {
  test('comes out as it went in', () => {
    const store = open();
    expect(store.exportSite()).toBeNull();
    importInto(store);
    expect(store.exportSite()).toStrictEqual(BUNDLE);
    expect(store.record.unit()).toMatchObject({ revision: 1, imported_at: 0 });
    expect(store.memberCount()).toBe(2);
    expect([store.memberName('m1'), store.memberName('nobody')]).toStrictEqual(['Ann Example', null]);
  });

  test('again: own usage stays, imported usage is what the new bundle says', () => {
    const store = open();
    importInto(store);
    commit(store, { consumed: { kind: 'band', contractId: 'c1', bandId: 'day', day: dayNumber('2026-11-02') } });
    importInto(store, { ...BUNDLE, usage: [] });
    expect(store.exportSite()?.usage.map(({ date }) => date)).toStrictEqual(['2026-11-02']);
    importInto(store, { ...BUNDLE, usage: [...BUNDLE.usage, { ...BUNDLE.usage[0]!, date: '2026-11-02' }] });
    importInto(store, { ...BUNDLE, usage: [] });
    expect(store.exportSite()?.usage.map(({ date }) => date)).toStrictEqual(['2026-11-02']);
    expect(store.record.unit().revision).toBe(4);
  });

  test('again: what we took off a ticket and the bundle does not know stays off, once', () => {
    const store = open();
    importInto(store);
    commit(store, { consumed: { kind: 'ticket', ticketId: 'k2', uses: 1 } });
    const left = () => store.exportSite()?.tickets[0]?.remaining;
    expect(left()).toBe(2);
    importInto(store);
    expect(left()).toBe(2);
    const known = store.exportSite();
    if (known === null) throw new Error('no site');
    importInto(store, known);
    importInto(store, known);
    expect(left()).toBe(2);
    expect(store.exportSite()?.ticketUses).toStrictEqual([
      { ticketId: 'k2', date: '2026-11-01', uses: 2 },
      { ticketId: 'k2', date: '2026-11-02', uses: 1 },
    ]);
  });

  test('again: whoever left here has left, and whoever entered here is inside', () => {
    const store = open();
    importInto(store);
    const window = { at: NOW, businessDay: dayNumber('2026-11-02'), usageFrom: 0, staysAfter: 0 };
    const [first] = store.facts.memberById('m1', 'pl', window)?.stays ?? [];
    commit(store, { leave: [first!.id], enter: { placeId: 'pl', at: NOW + 1, via: null } });
    importInto(store);
    expect(store.exportSite()?.stays.map(({ enteredAt }) => enteredAt)).toStrictEqual(['2026-11-02T03:00:00.001Z']);
  });

  test('gives no history of what it no longer has', () => {
    const store = open();
    importInto(store);
    commit(store, {
      consumed: { kind: 'band', contractId: 'c1', bandId: 'day', day: 1 },
      enter: { placeId: 'pl', at: NOW, via: { contractId: 'c1', until: null } },
    });
    importInto(store, {
      ...BUNDLE,
      members: BUNDLE.members.slice(0, 1),
      tickets: [],
      reservations: [],
      usage: [],
      ticketUses: [],
      stays: [],
    });
    expect(store.exportSite()).toMatchObject({ usage: [], stays: [], ticketUses: [] });
    importInto(store);
    expect(store.exportSite()?.usage).toHaveLength(2);
  });

  test('is nowhere readable on the disk: no name, no code', () => {
    const file = tempFile();
    const store = open(file);
    importInto(store);
    store.close();
    const folder = join(file, '..');
    const bytes = Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
    for (const secret of ['SECRET', 'Ann', '山田', 'ヤマダ']) expect(bytes.includes(secret)).toBe(false);
    expect(bytes.includes('Asia/Tokyo')).toBe(true);
  });

  test('settings are kept sealed and come out as they went in', () => {
    const store = open();
    expect(store.settings()).toBeNull();
    const settings = {
      format: 'genkan-settings/1',
      tenant: 't',
      passKeys: [],
      revokedPasses: [],
      staticCodesOff: [],
      staff: [],
      closedDays: [],
      doorSchedules: [],
      carryOver: null,
      provisionalCards: null,
    } as const;
    for (const tenant of ['t', 'u']) {
      const copy = {
        ...settings,
        tenant,
        passKeys: [],
        revokedPasses: [],
        staticCodesOff: [],
        staff: [],
        closedDays: [],
        doorSchedules: [],
        carryOver: null,
        provisionalCards: null,
      };
      expect(store.transact((writer) => writer.importSettings(copy)).ok).toBe(true);
      expect(store.settings()).toStrictEqual(copy);
    }
  });
});

describe('facts', () => {
  const window = {
    at: NOW,
    businessDay: dayNumber('2026-11-01'),
    usageFrom: dayNumber('2026-11-01'),
    staysAfter: NOW - 86_400_000,
  };
  test('are found by the code, white space around it aside, in the order of the bundle', () => {
    const store = open();
    importInto(store);
    const facts = store.facts.memberByCode('\u3000SECRET-3\r\n', 'pl', window);
    expect(facts).toMatchObject({
      id: 'm1',
      suspended: false,
      contracts: [
        { id: 'c2', to: null },
        { id: 'c1', to: dayNumber('2026-12-31') },
      ],
      tickets: [
        { id: 'k2', usedToday: true },
        { id: 'k1', usedToday: false },
      ],
      reservations: [{ storeId: 'st' }],
      usage: [{ day: dayNumber('2026-11-01') }],
      stays: [{ via: { contractId: 'c1' } }, { via: null }],
    });
    expect(store.facts.memberById('m1', 'pl', window)).toStrictEqual(facts);
    expect(store.facts.memberByCode('SECRET-2', 'pl', window)).toMatchObject({ id: 'm2', suspended: true });
    expect([
      store.facts.memberByCode('secret-3', 'pl', window),
      store.facts.memberById('x', 'pl', window),
    ]).toStrictEqual([null, null]);
    expect(store.facts.ticket('k2', window)).toMatchObject({ memberId: 'm1', remaining: 3, usedToday: true });
    expect(store.facts.ticket('none', window)).toBeNull();
  });
  test('are only those that the window asks for', () => {
    const store = open();
    importInto(store);
    const later = { at: Date.UTC(2026, 10, 2, 4), businessDay: 0, usageFrom: dayNumber('2026-11-02'), staysAfter: NOW };
    expect(store.facts.memberById('m1', 'pl', later)).toMatchObject({ reservations: [], usage: [], stays: [] });
    expect(store.facts.memberById('m1', 'elsewhere', window)?.stays).toStrictEqual([]);
  });
  test('a database that cannot be read is a fault, not a crash', () => {
    const store = open();
    const fault = store.read(() => {
      throw new Database.SqliteError('disk image is malformed', 'SQLITE_CORRUPT');
    });
    expect(fault).toMatchObject({ ok: false, error: { code: 'corrupt' } });
  });
});

describe('the record', () => {
  function filled(file: string): Store {
    const store = open(file);
    for (let count = 0; count < 5; count += 1) expect(commit(store, {})).toStrictEqual({ ok: true, value: count + 1 });
    return store;
  }
  /** Changes the file behind the store's back. */
  function tamper(file: string, sql: string): void {
    const db = new Database(file);
    db.exec(`DROP TRIGGER event_is_not_changed; DROP TRIGGER event_is_not_removed; ${sql}`);
    db.close();
  }

  test('is whole as it is written', () => {
    const store = filled(tempFile());
    expect(store.record.verify()).toStrictEqual({
      ok: true,
      events: 5,
      first: 1,
      head: 5,
      anchored: null,
      brokenAt: null,
    });
    expect([...store.record.since(3)].map((body) => JSON.parse(body).seq)).toStrictEqual([4, 5]);
    expect(store.record.lastAt()).toBe(NOW);
  });
  test('of a new unit is empty and whole', () => {
    expect(open().record.verify()).toStrictEqual({
      ok: true,
      events: 0,
      first: null,
      head: null,
      anchored: null,
      brokenAt: null,
    });
  });
  test('cannot be changed or shortened through the store', () => {
    const file = tempFile();
    filled(file);
    const db = new Database(file);
    expect(() => db.exec("UPDATE event SET body = '{}'")).toThrow('events are not changed');
    expect(() => db.exec('DELETE FROM event')).toThrow('events are not removed');
    db.close();
  });
  test.each([
    ['an event is altered', "UPDATE event SET body = replace(body, 'front', 'back') WHERE seq = 3", 3],
    [
      'an event is altered and hashed anew',
      "UPDATE event SET body = replace(body, 'front', 'back'), hash = zeroblob(32) WHERE seq = 3",
      3,
    ],
    ['an event is missing', 'DELETE FROM event WHERE seq = 3', 3],
    ['the first is missing', 'DELETE FROM event WHERE seq = 1', 1],
    [
      'the last is missing, and the hub has seen it',
      'DELETE FROM event WHERE seq = 5; UPDATE unit SET acknowledged = 5',
      5,
    ],
    [
      'two have changed places',
      'UPDATE event SET seq = 9 WHERE seq = 3; UPDATE event SET seq = 3 WHERE seq = 4; UPDATE event SET seq = 4 WHERE seq = 9',
      3,
    ],
    ['it is passed off as that of another unit', "UPDATE unit SET unit_id = 'other'", 1],
    ['it is passed off as that of another epoch', 'UPDATE unit SET epoch = 2', 1],
  ])('shows it when %s', (_, sql, brokenAt) => {
    const file = tempFile();
    filled(file).close();
    tamper(file, sql);
    expect(open(file).record.verify()).toMatchObject({ ok: false, brokenAt });
  });
  test('knows up to where somebody outside has vouched for it', () => {
    const file = tempFile();
    filled(file).close();
    tamper(file, 'UPDATE unit SET acknowledged = 4');
    expect(open(file).record.verify()).toMatchObject({ ok: true, anchored: 4 });
  });
  test('remembers what was commanded and has no outcome yet', () => {
    const store = open();
    store.transact(({ record }) => record.commanding(record.append(EVENT)));
    store.transact(({ record }) => record.commanding(record.append({ ...EVENT, doorId: null })));
    expect(store.record.withoutOutcome()).toStrictEqual([
      { seq: 1, doorId: 'front' },
      { seq: 2, doorId: null },
    ]);
    store.transact(({ record }) => record.settled(1));
    expect(store.record.withoutOutcome()).toStrictEqual([{ seq: 2, doorId: null }]);
  });
  test('takes events inside a transaction only', () => {
    const store = open();
    let leaked: { append(draft: EventDraft): number } | null = null;
    store.transact(({ record }) => {
      leaked = record;
    });
    expect(() => leaked?.append(EVENT)).toThrow('transaction');
  });
});

describe('a right', () => {
  test('is taken once: what is no longer there takes the event with it', () => {
    const store = open();
    importInto(store);
    const spend = (uses: number) => commit(store, { consumed: { kind: 'ticket', ticketId: 'k2', uses } });
    expect(spend(3).ok).toBe(true);
    expect(() => spend(1)).toThrow('uses are left');
    const count = { kind: 'band', contractId: 'c1', bandId: 'day', day: 1 } as const;
    expect(commit(store, { consumed: count }).ok).toBe(true);
    expect(() => commit(store, { consumed: count })).toThrow();
    expect(() => commit(store, { leave: [99] })).toThrow('a stay ends once');
    expect(store.record.verify()).toMatchObject({ ok: true, events: 2 });
  });
});

describe('the key', () => {
  test('opens what it sealed, for the same person only, unchanged', () => {
    const sealed = keys.seal('member a', { name: 'Ann' });
    expect(keys.open('member a', sealed)).toStrictEqual({ name: 'Ann' });
    expect(() => keys.open('member b', sealed)).toThrow();
    expect(() => new Keys(randomBytes(KEY_BYTES)).open('member a', sealed)).toThrow();
    for (let index = 0; index < sealed.length; index += 1) {
      const flipped = Buffer.from(sealed);
      flipped.writeUInt8(flipped.readUInt8(index) ^ 1, index);
      expect(() => keys.open('member a', flipped)).toThrow();
    }
    expect(keys.seal('member a', {}).equals(keys.seal('member a', {}))).toBe(false);
  });
  test('digests a code its own way', () => {
    expect(keys.digestCode('A').equals(keys.digestCode('A'))).toBe(true);
    expect(keys.digestCode('A').equals(new Keys(randomBytes(KEY_BYTES)).digestCode('A'))).toBe(false);
    expect(() => new Keys(Buffer.alloc(16))).toThrow('32 bytes');
  });
});
