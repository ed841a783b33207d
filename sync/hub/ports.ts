/**
 * What the hub's server needs of its store. One implementation serves SQLite and PostgreSQL (`store/`). Every call is
 * one transaction, durable when its promise is resolved; a call that throws has changed nothing and may be made again.
 */

import type { Settings } from '../../main/contract/settings.ts';
import type { SiteBundle } from '../../main/core/model.ts';
import type { Result } from '../../main/core/result.ts';
import type { Change, Roster, Transfer } from '../wire/entities.ts';
import type { Right } from '../wire/rights.ts';
import type { EventStore } from './ports-events.ts';

export type { BatchFault, EventBatch, Forged, Judged, Spending, Taken, Waiting } from './ports-events.ts';

export type Role = 'viewer' | 'operator' | 'admin';

export interface UnitRecord {
  readonly tenant: string;
  readonly unit: string;
  readonly site: string;
  readonly name: string;
  /** Ed25519, base64url. */
  readonly key: string;
  readonly pairedAt: number;
  /** Epoch ms of the first notice; null: it is one of the tenant's. */
  readonly revokedAt: number | null;
  /** null: none has come. */
  readonly head: { readonly epoch: number; readonly seq: number; readonly hash: string } | null;
  readonly appliedRevision: number;
  readonly seenAt: number | null;
}

/** JSON of a `Change`, as it goes to units: it was checked when it was stored, and they check it again. */
export type ChangeText = string;

export interface Cut {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly ChangeText[];
}

export interface SnapshotPage {
  readonly changes: readonly ChangeText[];
  /** Where the next page begins; null: this was the last. */
  readonly cursor: string | null;
}

export interface SnapshotClosing {
  readonly revision: number;
  /** All that has changed since the snapshot began. */
  readonly changes: readonly ChangeText[];
  readonly knows: readonly { readonly unit: string; readonly epoch: number; readonly seq: number }[];
}

export interface HandedOver {
  readonly id: string;
  readonly unit: string;
  readonly kind: string;
  /** Empty once it is settled. */
  readonly body: string;
  readonly at: number;
  readonly settled: { readonly accepted: boolean; readonly by: string; readonly at: number } | null;
}

export interface TallyKey {
  /** `YYYY-MM-DD`, of the tenant's zone. */
  readonly day: string;
  readonly unit: string;
  /** Empty where there was none, as `direction`. */
  readonly door: string;
  readonly direction: string;
  readonly reason: string;
}

/** How often events that are gone gave an answer. */
export interface Tally extends TallyKey {
  readonly times: number;
}

export interface AuditEntry {
  readonly at: number;
  readonly by: string;
  readonly what: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Alert {
  readonly id: string;
  readonly at: number;
  readonly unit: string | null;
  readonly kind: string;
  /** Ids only. */
  readonly detail: Readonly<Record<string, unknown>>;
  readonly takenBy: string | null;
}

/** What a unit is to give of its lease, so that another site can use it. */
export interface LeaseMove extends Transfer {
  readonly tenant: string;
  /** Units of the giving site, any of which may be asked. */
  readonly units: readonly string[];
}

/** What units have recorded, or what was changed at the hub. */
export type ChangedBy = 'events' | 'hub';

/** Why no unit was paired: by its code, its id, that it was revoked, or that there are as many as may be. */
export type PairingFault = 'code' | 'taken' | 'revoked' | 'full';

export interface HubStore extends EventStore {
  readonly kind: 'sqlite' | 'postgres';
  close(): Promise<void>;
  healthy(): Promise<boolean>;

  /** The hub's own keys (Ed25519 and X25519, PKCS#8), made once for all processes over this database. */
  keys(
    make: () => { readonly sign: string; readonly seal: string },
  ): Promise<{ readonly sign: string; readonly seal: string }>;

  // Tenants and who may act for them. Tokens are kept as SHA-256 digests.
  createTenant(id: string, name: string, at: number): Promise<Result<void, 'exists'>>;
  tenants(): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** `tenant` null: for all tenants (the operator of the hub). */
  addToken(token: {
    readonly digest: string;
    readonly tenant: string | null;
    readonly role: Role;
    readonly person: string;
    readonly at: number;
  }): Promise<void>;
  whoHas(
    digest: string,
  ): Promise<{ readonly tenant: string | null; readonly role: Role; readonly person: string } | null>;
  revokeToken(digest: string): Promise<boolean>;
  /** Those that hold; `tenant` null: the operators'. */
  tokens(
    tenant: string | null,
  ): Promise<readonly { readonly digest: string; readonly role: Role; readonly person: string; readonly at: number }[]>;

  // Pairing and units.
  createPairing(pairing: {
    readonly codeDigest: string;
    readonly tenant: string;
    readonly site: string;
    readonly name: string;
    readonly by: string;
    readonly expiresAt: number;
  }): Promise<void>;
  /**
   * Takes the code, once; adds the unit to the roster. The same unit with the same key again: the same answer.
   * @param name null: the one that was given when the code was made
   */
  redeemPairing(
    codeDigest: string,
    unit: string,
    name: string | null,
    key: string,
    at: number,
  ): Promise<Result<{ readonly tenant: string; readonly site: string }, PairingFault>>;
  unit(unit: string): Promise<UnitRecord | null>;
  units(tenant: string): Promise<readonly UnitRecord[]>;
  revoke(tenant: string, unit: string, at: number): Promise<boolean>;
  /** Units of all tenants that were revoked at `at` or later, epoch ms. */
  revokedSince(at: number): Promise<readonly string[]>;
  /** Another name, another site; both stand in the roster. False: no such unit. */
  changeUnit(
    tenant: string,
    unit: string,
    to: { readonly name?: string; readonly site?: string },
    at: number,
  ): Promise<boolean>;
  roster(tenant: string): Promise<Roster>;
  /** When the unit was heard, up to what it has applied, how many events wait there. */
  seen(
    reports: readonly {
      readonly unit: string;
      readonly at: number;
      readonly appliedRevision: number | null;
      readonly queued: number | null;
    }[],
  ): Promise<void>;

  // Up.
  handover(
    tenant: string,
    unit: string,
    items: readonly { readonly id: string; readonly kind: string; readonly body: string }[],
    at: number,
  ): Promise<readonly { readonly id: string; readonly isNew: boolean; readonly isSettled: boolean }[]>;
  /** Oldest first. @param open those that nobody has settled */
  handovers(tenant: string, open: boolean, limit: number): Promise<readonly HandedOver[]>;
  /** Once; false: there is none, or it is settled. */
  settleHandover(tenant: string, unit: string, id: string, accepted: boolean, by: string, at: number): Promise<boolean>;
  /** In order of unit, epoch, number. A contradiction comes behind the event whose number it has, flagged. */
  events(
    tenant: string,
    unit: string | null,
    /** The last one of the page before; `unit` matters where all units are asked for. */
    after: { readonly unit: string; readonly epoch: number; readonly seq: number } | null,
    limit: number,
  ): Promise<
    readonly {
      readonly unit: string;
      readonly epoch: number;
      readonly seq: number;
      readonly body: string;
      readonly flags: readonly string[];
    }[]
  >;

  // Down.
  revision(tenant: string): Promise<number>;
  /** How many rows a snapshot has now. */
  count(tenant: string): Promise<number>;
  /** At most so many rows, and about 500 kB of them. A cursor that isn't one of ours begins anew. */
  snapshotPage(tenant: string, cursor: string | null, limit: number): Promise<SnapshotPage>;
  /** null: it began too long ago, begin anew. */
  closeSnapshot(tenant: string, since: number): Promise<SnapshotClosing | null>;
  /** Everything that changed after `since`, a consistent cut; null: too much, or too long ago: take a snapshot. */
  changesSince(tenant: string, since: number, limit: number): Promise<Cut | null>;
  /** Told after each commit of any process over this database that changed a tenant's revision. */
  listen(changed: (tenant: string, revision: number, by: ChangedBy) => void): Promise<() => Promise<void>>;
  /** A word to all processes over this database, this one too: not kept, heard once or, in an outage, never. */
  tell(topic: string, text: string): Promise<Result<void, 'too-long'>>;
  hear(heard: (topic: string, text: string) => void): Promise<() => Promise<void>>;

  // Leases (main/core/leases.ts). Nothing is shared out before all that was taken is counted.
  /** What should move so that `site` can use `right`; empty where nothing can. */
  wanted(tenant: string, site: string, right: Right): Promise<readonly LeaseMove[]>;
  /** The same once somebody has used it at `site` (`whenSpent`). @returns null: the tenant has no other site */
  afterUse(tenant: string, site: string, right: Right): Promise<readonly LeaseMove[] | null>;

  // What operators edit. Whole documents, checked as imports are.
  /** A bundle that was parsed; rows that are as they were keep their revision. @returns the revision, or `path: expected` lines */
  importSite(tenant: string, bundle: SiteBundle, by: string, at: number): Promise<Result<number, readonly string[]>>;
  importSettings(
    tenant: string,
    settings: Settings,
    by: string,
    at: number,
  ): Promise<Result<number, readonly string[]>>;
  exportSite(tenant: string): Promise<SiteBundle | null>;
  exportSettings(tenant: string): Promise<Settings | null>;
  /** Single entities, checked against the rest. `path: expected` lines where they are refused. */
  change(
    tenant: string,
    changes: readonly Change[],
    by: string,
    at: number,
  ): Promise<Result<number, readonly string[]>>;
  entity(tenant: string, kind: Change['kind'], id: string): Promise<Change | null>;
  /** By id. @param after the last one of the page before; null: the first page */
  entities(tenant: string, kind: Change['kind'], after: string | null, limit: number): Promise<readonly Change[]>;
  /** The member's usage, stays and tickets with their uses. */
  memberHistory(tenant: string, memberId: string, limit: number): Promise<readonly Change[]>;
  alerts(tenant: string, limit: number): Promise<readonly Alert[]>;
  takeAlert(tenant: string, id: string, by: string, at: number): Promise<boolean>;
  addAlert(
    tenant: string,
    unit: string | null,
    kind: string,
    detail: Readonly<Record<string, unknown>>,
    at: number,
  ): Promise<void>;
  /** Who did what, for the operator of the tenant. */
  audit(
    tenant: string | null,
    by: string,
    what: string,
    detail: Readonly<Record<string, unknown>>,
    at: number,
  ): Promise<void>;
  auditTrail(tenant: string | null, limit: number): Promise<readonly AuditEntry[]>;

  // Upkeep.
  /** Removes a slice of what is older than 13 months, and counts what its events answered. @returns whether there may be more */
  retain(at: number): Promise<boolean>;
  /**
   * What events answered that are gone, by date, unit, door, direction, answer.
   * @param days both included; null: without end @param after the last one of the page before
   */
  tallies(
    tenant: string,
    days: { readonly from: string | null; readonly to: string | null },
    after: TallyKey | null,
    limit: number,
  ): Promise<readonly Tally[]>;
  /** The database was put back to an earlier state: every unit takes a snapshot. */
  restored(at: number): Promise<void>;
  /** Over the canonical export: equal wherever the same is known. null: there is no site. */
  digest(tenant: string): Promise<string | null>;
}
