/** The hub's store: one layer over SQLite and PostgreSQL. Each call is a transaction that may be made twice. */
import type { Clock } from '../../../main/core/clock.ts';
import { err, ok } from '../../../main/core/result.ts';
import type { HubStore } from '../ports.ts';
import { waiting } from './arrivals.ts';
import type { HubDatabase } from './database.ts';
import { Documents } from './documents.ts';
import { Down } from './down.ts';
import { digestOf, exportSettings, exportSite } from './export.ts';
import { Rulebook } from './judge.ts';
import { Judging } from './judging.ts';
import { openPostgres } from './postgres.ts';
import { Proving } from './proving.ts';
import { UnitRecords } from './record.ts';
import { retain } from './retention.ts';
import { Shares } from './shares.ts';
import { openSqlite } from './sqlite.ts';
import { takeBatches } from './take.ts';
import { listTallies } from './tallies.ts';
import { Tenants, timeId } from './tenants.ts';
import { Units } from './units.ts';

/** Bytes of a word between processes; PostgreSQL takes 8,000. */
const WORD_BYTES = 7_900;

/** @throws Error where the database can't be reached or set up */
export async function openHubStore(
  where: { readonly file: string } | { readonly url: string },
  clock: Clock,
): Promise<HubStore> {
  return storeOver('url' in where ? await openPostgres(where.url, clock) : await openSqlite(where.file), clock);
}

export function storeOver(hub: HubDatabase, clock: Clock): HubStore {
  const rulebook = new Rulebook();
  const proving = new Proving(hub);
  const judging = new Judging(hub, rulebook, clock, proving);
  const catchUp = (tenant: string) => judging.catchUp(tenant);
  const shares = new Shares(hub, catchUp);
  return {
    kind: hub.kind,
    close: () => hub.close(),
    healthy: () => isHealthy(hub),
    ...ofTenants(new Tenants(hub)),
    ...ofUnits(new Units(hub)),
    ...ofRecords(new UnitRecords(hub)),
    ...ofEvents(hub, judging, proving),
    ...ofDown(hub, new Down(hub, clock), rulebook),
    ...ofDocuments(hub, new Documents(hub), catchUp),
    wanted: (tenant, site, right) => shares.wanted(tenant, site, right),
    afterUse: (tenant, site, right) => shares.afterUse(tenant, site, right),
    retain: (at) => retain(hub, at, catchUp),
    tallies: (tenant, days, after, limit) => hub.reading((tx) => listTallies(tx, tenant, days, after, limit)),
  };
}

async function isHealthy(hub: HubDatabase): Promise<boolean> {
  try {
    await hub.db.selectFrom('tenant').select('id').limit(1).execute();
    return true;
  } catch {
    return false;
  }
}

function ofTenants(tenants: Tenants) {
  return {
    keys: (make) => tenants.keys(make),
    createTenant: (id, name, at) => tenants.create(id, name, at),
    tenants: () => tenants.list(),
    addToken: (token) => tenants.addToken(token),
    whoHas: (digest) => tenants.whoHas(digest),
    revokeToken: (digest) => tenants.revokeToken(digest),
    tokens: (tenant) => tenants.tokens(tenant),
    alerts: (tenant, limit) => tenants.alerts(tenant, limit),
    takeAlert: (tenant, id, by, at) => tenants.takeAlert(tenant, id, by, at),
    addAlert: (tenant, unit, kind, detail, at) => tenants.addAlert({ tenant, id: timeId(at), at, unit, kind, detail }),
    audit: (tenant, by, what, detail, at) => tenants.audit(tenant, by, what, detail, at),
    auditTrail: (tenant, limit) => tenants.auditTrail(tenant, limit),
  } satisfies Partial<HubStore>;
}

function ofUnits(units: Units) {
  return {
    createPairing: (pairing) => units.createPairing(pairing),
    redeemPairing: (digest, unit, name, key, at) => units.redeem(digest, unit, name, key, at),
    unit: (unit) => units.unit(unit),
    units: (tenant) => units.units(tenant),
    revoke: (tenant, unit, at) => units.revoke(tenant, unit, at),
    revokedSince: (at) => units.revokedSince(at),
    changeUnit: (tenant, unit, to, at) => units.change(tenant, unit, to, at),
    roster: (tenant) => units.roster(tenant),
    seen: (reports) => units.seen(reports),
  } satisfies Partial<HubStore>;
}

function ofRecords(records: UnitRecords) {
  return {
    acknowledged: (tenant, unit, epoch) => records.acknowledged(tenant, unit, epoch),
    beginEpoch: (tenant, unit, epoch, before, at) => records.beginEpoch(tenant, unit, epoch, before, at),
    handover: (tenant, unit, items, at) => records.handover(tenant, unit, items, at),
    handovers: (tenant, open, limit) => records.handovers(tenant, open, limit),
    settleHandover: (tenant, unit, id, accepted, by, at) => records.settle(tenant, unit, id, accepted, by, at),
    events: (tenant, unit, after, limit) => records.events(tenant, unit, after, limit),
  } satisfies Partial<HubStore>;
}

function ofEvents(hub: HubDatabase, judging: Judging, proving: Proving) {
  return {
    take: (batches) => takeBatches(hub, batches),
    judge: (tenants, most) => judging.judge(tenants, most),
    catchUp: (tenant) => judging.catchUp(tenant),
    waiting: () => hub.reading((tx) => waiting(tx, hub.kind)),
    whenSpent: (heard) => judging.whenSpent(heard),
    prove: (tenant) => proving.all(tenant),
    whenForged: (heard) => proving.whenForged(heard),
  } satisfies Partial<HubStore>;
}

function ofDown(hub: HubDatabase, down: Down, rulebook: Rulebook) {
  return {
    revision: (tenant) => down.revision(tenant),
    count: (tenant) => down.count(tenant),
    snapshotPage: (tenant, cursor, limit) => down.page(tenant, cursor, limit),
    closeSnapshot: (tenant, since) => down.close(tenant, since),
    changesSince: (tenant, since, limit) => down.since(tenant, since, limit),
    restored: async (at) => {
      await down.restored(at);
      rulebook.forget();
    },
    listen: (changed) =>
      hub.heard((word) => {
        if (word.about === 'revision') changed(word.tenant, word.revision, word.by);
      }),
    tell: async (topic, text) => {
      const word = { about: 'told', topic, text } as const;
      if (Buffer.byteLength(JSON.stringify(word)) > WORD_BYTES) return err('too-long');
      await hub.transact((tx) => hub.say(tx, word));
      return ok(undefined);
    },
    hear: (heard) =>
      hub.heard((word) => {
        if (word.about === 'told') heard(word.topic, word.text);
      }),
  } satisfies Partial<HubStore>;
}

/** What is asked for, or changed, is so by all that was taken before. */
function ofDocuments(hub: HubDatabase, documents: Documents, catchUp: (tenant: string) => Promise<void>) {
  /** A disk that is full reads as well as ever: then by what is judged. */
  const counted = async <T>(tenant: string, read: () => Promise<T>): Promise<T> => {
    await catchUp(tenant).catch(() => undefined);
    return read();
  };
  const after = async <T>(tenant: string, edit: () => Promise<T>): Promise<T> => {
    await catchUp(tenant);
    return edit();
  };
  return {
    importSite: (tenant, bundle, by, at) => after(tenant, () => documents.importSite(tenant, bundle, by, at)),
    importSettings: (tenant, settings, by, at) => documents.importSettings(tenant, settings, by, at),
    exportSite: (tenant) => counted(tenant, () => hub.reading((tx) => exportSite(tx, hub.kind, tenant))),
    exportSettings: (tenant) => hub.reading((tx) => exportSettings(tx, hub.kind, tenant)),
    digest: (tenant) => counted(tenant, () => digestOf(hub, tenant)),
    change: (tenant, changes, by, at) => after(tenant, () => documents.change(tenant, changes, by, at)),
    entity: (tenant, kind, id) => counted(tenant, () => documents.entity(tenant, kind, id)),
    entities: (tenant, kind, from, limit) => counted(tenant, () => documents.entities(tenant, kind, from, limit)),
    memberHistory: (tenant, memberId, limit) => counted(tenant, () => documents.memberHistory(tenant, memberId, limit)),
  } satisfies Partial<HubStore>;
}
