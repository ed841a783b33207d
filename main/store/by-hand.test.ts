// A site without a network: a stick carries the hub's data in and the record out. Once the unit is paired nobody else's
// data is taken, nothing older, and nobody but the hub reads what goes out.
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openEvents, signDocument } from '../../sync/hub/carried.ts';
import { HubKeys, makeKeys } from '../../sync/hub/keys.ts';
import { importDocument } from '../controller/import.ts';
import { NO_SETTINGS } from '../controller/testing.ts';
import { keepLeftOver } from './left-over.ts';
import { GYM, KEYS, TestStore } from './testing.ts';

const NOON = Date.UTC(2026, 10, 18, 3);

const hubKeys = () => new HubKeys(makeKeys());
const signed = (keys: HubKeys, payload: object, revision: number, tenant = 't') =>
  signDocument(keys, tenant, JSON.stringify(payload), revision);

function paired(keys: HubKeys): TestStore {
  const unit = new TestStore();
  const { publicKey: hubKey, sealKey } = keys;
  unit.store.replica(() => 0).pair({ tenant: 't', hubKey, sealKey, url: 'ws://localhost' });
  return unit;
}

test('a paired unit takes what its hub has signed, and nothing else, and nothing older', () => {
  const keys = hubKeys();
  const { store } = paired(keys);
  const renamed = { ...GYM, site: { ...GYM.site, name: 'Signed' } };
  const good = signed(keys, renamed, 7);
  const refused = (document: unknown) => {
    const taken = importDocument(store, document, 0);
    return taken.ok ? '' : taken.error[0]?.split(':')[0];
  };
  expect(refused(renamed)).toBe('this unit is paired');
  expect(refused({ ...good, payload: JSON.stringify(GYM) })).toBe('sig');
  expect(refused({ ...good, revision: 8 })).toBe('sig');
  expect(refused(signed(hubKeys(), renamed, 7))).toBe('kid');
  expect(refused({ ...signed(hubKeys(), renamed, 7), kid: keys.kid })).toBe('sig');
  expect(refused({ ...good, extra: 1 })).toBe('$');
  // The hub has one key for all its tenants.
  expect(refused(signed(keys, renamed, 7, 'other'))).toBe('sig');
  expect(store.master()?.site.name).toBe('Site');
  expect(importDocument(store, good, 0).ok).toBe(true);
  expect(importDocument(store, good, 0).ok).toBe(true);
  expect(store.master()?.site.name).toBe('Signed');
  expect(refused(signed(keys, GYM, 6))).toBe('revision');
  expect(store.replica(() => 0).hubRevision()).toBe(0);
});

test('settings are taken by the same rule, and neither document makes an older one of the other kind good', () => {
  const keys = hubKeys();
  const { store } = paired(keys);
  const line = (document: unknown) => {
    const taken = importDocument(store, document, 0);
    return taken.ok ? taken.value : taken.error[0]?.split(':')[0];
  };
  const off = (staticCodesOff: readonly string[]) => ({ ...NO_SETTINGS, staticCodesOff });
  expect(line(off(['four']))).toBe('this unit is paired');
  expect(line(signed(hubKeys(), off(['four']), 5))).toBe('kid');
  expect(line({ ...signed(keys, off(['four']), 5), payload: JSON.stringify(off(['eight'])) })).toBe('sig');
  expect(line(signed(keys, off(['nowhere']), 5))).not.toBe('imported settings');
  expect(store.settings()).toBeNull();
  // What was refused for its content has not made an older one too old.
  expect(line(signed(keys, off(['eight']), 4))).toBe('imported settings');
  expect(line(signed(keys, off(['four']), 5))).toBe('imported settings');
  expect([line(signed(keys, off([]), 4)), line(signed(keys, GYM, 4))]).toEqual(['revision', 'revision']);
  expect(store.settings()?.staticCodesOff).toEqual(['four']);
});

test('a unit of no hub takes plain ones, and no signed ones', () => {
  const { store } = new TestStore();
  expect(importDocument(store, GYM, 0).ok).toBe(true);
  expect(importDocument(store, signed(hubKeys(), GYM, 1), 0).ok).toBe(false);
});

test('unsent events go out sealed to the hub, and stay until it acknowledges them', () => {
  const keys = hubKeys();
  const unit = paired(keys);
  const replica = unit.store.replica(() => 0);
  expect(replica.exportEvents()).toBeNull();
  for (const day of [1, 2, 3]) unit.use('ann', NOON + day * 86_400_000);
  replica.acknowledge(1, 1);
  const sealed = replica.exportEvents();
  if (sealed === null) throw new Error('nothing was exported');
  expect(JSON.stringify(sealed)).not.toContain('"ann');
  const opened = openEvents(keys, sealed);
  if (!opened.ok) throw new Error(opened.error);
  expect(opened.value.parts).toMatchObject([{ from: 2, hash: replica.head()?.hash }]);
  expect(opened.value.parts[0]?.bodies).toStrictEqual([...unit.store.record.since(1)]);
  expect(openEvents(hubKeys(), sealed).ok).toBe(false);
  expect(replica.outgoing(1, { events: 9, bytes: 9 })?.bodies).toHaveLength(1);
  replica.acknowledge(2, 3);
  expect(replica.acknowledged()).toBe(1);
  replica.acknowledge(1, 99);
  expect([replica.acknowledged(), replica.exportEvents()]).toStrictEqual([3, null]);
  expect(unit.store.record.verify()).toMatchObject({ ok: true, anchored: 3 });
});

test('what a damaged database left over goes along, is counted, and goes by the receipt', () => {
  const keys = hubKeys();
  const unit = paired(keys);
  const { store } = unit;
  const replica = store.replica(() => 0);
  unit.use('ann', NOON);
  unit.use('ann', NOON + 86_400_000);
  const own = replica.unit().unit;
  const left = [1, 2].map((seq) => ({ unit: own, epoch: 1, seq, body: '{}', hash: 'h'.repeat(43) }));
  const db = new Database(unit.file);
  db.exec('UPDATE unit SET epoch = 3');
  keepLeftOver(db, KEYS, [...left, { unit: own, epoch: 2, seq: 1, body: '{}', hash: 'i'.repeat(43) }]);
  db.close();
  expect(store.outbox()).toBe(5);
  const sealed = replica.exportEvents();
  const opened = openEvents(keys, sealed);
  if (!opened.ok) throw new Error(opened.error);
  expect(opened.value.parts.map(({ epoch, from, bodies }) => [epoch, from, bodies.length])).toStrictEqual([
    [1, 1, 2],
    [2, 1, 1],
    [3, 1, 2],
  ]);
  const receipt = (whose: string) => {
    const heads = [1, 2, 3].map((epoch) => ({ unit: whose, epoch, seq: epoch === 1 ? 2 : 1 }));
    return importDocument(store, signed(keys, { format: 'genkan-acknowledged/1', heads }, 1), 0);
  };
  expect([receipt('somebody').ok, store.outbox()]).toStrictEqual([false, 5]);
  // Of what this disk never recorded: it is an older copy, and what it has recorded since is not at the hub.
  for (const { epoch, seq } of [
    { epoch: 3, seq: 3 },
    { epoch: 4, seq: 1 },
  ]) {
    const heads = [{ unit: own, epoch, seq }];
    const taken = importDocument(store, signed(keys, { format: 'genkan-acknowledged/1', heads }, 1), 0);
    expect([taken.ok, store.outbox()]).toStrictEqual([false, 5]);
  }
  expect([receipt(own).ok, store.outbox()]).toStrictEqual([true, 1]);
});

test('a revoked unit has nobody’s data any more, and its events all the same', () => {
  const unit = paired(hubKeys());
  unit.use('ann', NOON);
  unit.enter('bob', NOON);
  const replica = unit.store.replica(() => 0);
  const { revocation } = unit.store.replica(() => 0);
  expect([revocation.firstAt(), revocation.note(5), revocation.note(9)]).toStrictEqual([null, 5, 5]);
  expect(replica.revocation.firstAt()).toBe(5);
  revocation.forget();
  expect([replica.revocation.firstAt(), replica.revocation.note(9)]).toStrictEqual([null, 9]);
  const work = replica.wipeMembers(NOON);
  while (!work.step(1));
  const left = ['member', 'code', 'usage', 'stay', 'ticket', 'basis', 'month_count'].map(
    (table) => unit.query(`SELECT count(*) AS n FROM ${table}`)[0]?.['n'],
  );
  expect(left).toStrictEqual([0, 0, 0, 0, 0, 0, 0]);
  expect(unit.store.exportSite()?.doors).toHaveLength(1);
  expect(unit.store.record.verify()).toMatchObject({ ok: true, events: 3 });
  expect(unit.query('SELECT sum(entries) AS n FROM traffic')).toStrictEqual([{ n: 1 }]);
  expect(replica.outgoing(0, { events: 9, bytes: 99_999 })?.bodies).toHaveLength(3);
});

// It is nowhere else; what a neighbour has said is with the neighbour.
test('what an earlier database of a revoked unit has left over stays, too', () => {
  const unit = paired(hubKeys());
  const replica = unit.store.replica(() => 0);
  const own = replica.unit().unit;
  const db = new Database(unit.file);
  db.exec(`INSERT INTO peer_event (unit, epoch, seq, body) VALUES ('neighbour', 1, 1, '{}')`);
  db.exec('UPDATE unit SET epoch = 2');
  keepLeftOver(db, KEYS, [{ unit: own, epoch: 1, seq: 1, body: '{}', hash: 'h'.repeat(43) }]);
  db.close();
  const work = replica.wipeMembers(NOON);
  while (!work.step(1));
  expect(unit.query('SELECT unit FROM peer_event')).toStrictEqual([{ unit: own }]);
  // And that it was wiped.
  expect(unit.store.outbox()).toBe(2);
});
