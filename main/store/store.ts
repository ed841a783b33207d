/**
 * The unit's store: one database, opened once. Reading is free; writing happens in `transact` alone, whose body is
 * synchronous, so that facts, decision and record can't be torn apart.
 */
import type { KeyObject } from 'node:crypto';
import type { Transaction } from 'better-sqlite3';
import type { Settings } from '../contract/settings.ts';
import type { MasterData, SiteBundle } from '../core/model.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { BasisStore } from './basis.ts';
import type { ClockMarks } from './clock-mark.ts';
import { BUSY_MS, type Connection, openDatabase } from './database.ts';
import type { DoorOrderStore } from './door-orders.ts';
import type { FactsReader } from './facts.ts';
import { type StoreFault, storeFault } from './faults.ts';
import { foundUnit, SETUP_CODE } from './founding.ts';
import type { HeldStore } from './held.ts';
import type { Keys } from './keys.ts';
import type { LateWriter } from './late.ts';
import { countLeftOver } from './left-over.ts';
import { readMaster } from './master.ts';
import type { MemberList } from './member-list.ts';
import type { OwnCodes } from './own-codes.ts';
import { exportPerson, type PersonExport, wasErased } from './person.ts';
import type { PinTrialStore } from './pin-trials.ts';
import { HistoryReader } from './queries.ts';
import { type EventDraft, RecordReader } from './record.ts';
import { UnitReplica } from './replica.ts';
import { readSettings } from './settings.ts';
import { exportSite, memberName } from './site.ts';
import type { StaffStore } from './staff.ts';
import { memberTraces } from './traces.ts';
import type { UsedPassStore } from './used-passes.ts';
import { makeWriter, type Writer } from './writer.ts';

/** A door must not wait for whoever reads. */
const PURGE_BUSY_MS = 50;

export type { Writer } from './writer.ts';

export class Store {
  readonly facts: FactsReader;
  readonly record: RecordReader;
  readonly history: HistoryReader;
  readonly basis: BasisStore;
  readonly usedPasses: Pick<UsedPassStore, 'isUsed'>;
  readonly clockMarks: Pick<ClockMarks, 'read'>;
  readonly late: Pick<LateWriter, 'taken'>;
  readonly doorOrders: Pick<DoorOrderStore, 'read'>;
  readonly held: Pick<HeldStore, 'waiting' | 'waitingCount'>;
  readonly staff: Pick<StaffStore, 'list'>;
  readonly pinTrials: Pick<PinTrialStore, 'all'>;
  readonly ownCodes: Pick<OwnCodes, 'findStaff' | 'findPass' | 'staffCodes' | 'passes'>;
  readonly members: MemberList;
  readonly #db: Connection;
  readonly #file: string;
  readonly #keys: Keys;
  readonly #writer: Writer;
  /** Made once: making one takes longer than a transaction. */
  readonly #transaction: Transaction<(body: () => void) => void>;
  /** Whether a commit waits for the disk. */
  #waits = true;

  private constructor(db: Connection, file: string, keys: Keys) {
    this.#db = db;
    this.#file = file;
    this.#keys = keys;
    this.#transaction = db.transaction((body: () => void) => body());
    const writer = makeWriter(db, keys);
    this.#writer = writer;
    this.facts = writer.facts;
    this.record = new RecordReader(db);
    this.history = new HistoryReader(db);
    this.basis = writer.basis;
    this.usedPasses = writer.usedPasses;
    this.clockMarks = writer.clockMarks;
    this.late = writer.late;
    this.doorOrders = writer.doorOrders;
    this.held = writer.held;
    this.staff = writer.staff;
    this.pinTrials = writer.pinTrials;
    this.ownCodes = writer.ownCodes;
    this.members = writer.members;
  }

  /** @param file a path, or `:memory:` for a store that ends with the process */
  static open(file: string, keys: Keys, mode: 'write' | 'read' = 'write'): Result<Store, StoreFault> {
    const opened = openDatabase(file, mode);
    if (!opened.ok) return opened;
    try {
      if (mode === 'write') foundUnit(opened.value, keys);
      return ok(new Store(opened.value, file, keys));
    } catch (error) {
      opened.value.close();
      return err(storeFault(error, file));
    }
  }

  /**
   * Runs `body` in one transaction, durable when this returns. A fault of the database comes back as one; anything
   * else that `body` throws is thrown on, with nothing written.
   */
  transact<T>(body: (writer: Writer) => T): Result<T, StoreFault> {
    return this.#inTransaction('immediate', () => body(this.#writer));
  }

  /** Runs `body`, which only reads, on one state of the database. A fault of the database comes back as one. */
  read<T>(body: (facts: FactsReader) => T): Result<T, StoreFault> {
    return this.#inTransaction('deferred', () => body(this.facts));
  }

  /** The hub that documents must be signed by, and the newest revision taken in; null: none is paired, all are taken. */
  documentRule(): { readonly hubKey: string; readonly tenant: string; readonly newest: number } | null {
    const row = this.#db
      .prepare<[], { hubKey: string; tenant: string; newest: number }>(
        'SELECT hub_key AS hubKey, tenant, newest FROM hub WHERE hub_key IS NOT NULL AND tenant IS NOT NULL',
      )
      .get();
    return row ?? null;
  }

  /** Events of this unit that no hub is known to have, those left over of a damaged database included. */
  outbox(): number {
    return (this.record.last()?.seq ?? 0) - this.record.unit().acknowledged + countLeftOver(this.#db);
  }

  /** null while no site has been imported. */
  master(): MasterData | null {
    return this.masterAt(Number.MAX_SAFE_INTEGER);
  }

  /** The master data as it stood at a revision; null where there was none, or it is no longer kept. */
  masterAt(revision: number): MasterData | null {
    return readMaster(this.#db, revision);
  }

  /** What the link keeps here. @param mono the clock's, by which slices of long work end */
  replica(mono: () => number): UnitReplica {
    const { held, prune, record } = this.#writer;
    const transact = <T>(body: () => T) => this.#inTransaction('immediate', body);
    const transactSoon = <T>(body: () => T) => this.#inTransactionSoon(body);
    const append = (draft: EventDraft) => record.append(draft);
    return new UnitReplica({
      ...{ db: this.#db, keys: this.#keys, record: this.record, append, held, prune, transact, transactSoon, mono },
    });
  }

  /** What all of the unit's keys are made of, for another thread of this program. */
  get secret(): KeyObject {
    return this.#keys.secret;
  }

  exportSite(): SiteBundle | null {
    return exportSite(this.#db, this.#keys);
  }

  /** All that is stored of one person; null where there is nothing. */
  exportPerson(memberId: string): PersonExport | null {
    return exportPerson(this.#db, this.#keys, memberId);
  }

  wasErased(memberId: string): boolean {
    return wasErased(this.#db, memberId);
  }

  /** Byte strings that the database holds only while it holds the member. */
  memberTraces(memberId: string): readonly Buffer[] {
    return memberTraces(this.#db, memberId);
  }

  memberCount(): number {
    return this.#db.prepare<[], { n: number }>('SELECT count(*) AS n FROM member').get()?.n ?? 0;
  }

  /** The unit's own key to sign with, for one use. */
  signingKey(use: string): KeyObject {
    return this.#keys.signingKey(use);
  }

  /** The name to show for a member; null where there is no such member. */
  memberName(memberId: string): string | null {
    return memberName(this.#db, this.#keys, memberId);
  }

  settings(): Settings | null {
    return readSettings(this.#db, this.#keys);
  }

  /** The 8 digits with which the first manager is made; null once there is one. */
  setupCode(): string | null {
    const row = this.#db.prepare<[], { sealed: Buffer | null }>('SELECT sealed_setup_code AS sealed FROM unit').get();
    return row?.sealed ? String(this.#keys.open(SETUP_CODE, row.sealed)) : null;
  }

  /** Empties the write-ahead log, in which rows outlive their removal. False while another process reads. */
  purge(): boolean {
    this.#db.pragma(`busy_timeout = ${PURGE_BUSY_MS}`);
    try {
      return this.#db.pragma('wal_checkpoint(TRUNCATE)', { simple: true }) === 0;
    } finally {
      this.#db.pragma(`busy_timeout = ${BUSY_MS}`);
    }
  }

  /** Writes the whole file anew, without what was removed. Takes seconds, in which nothing else can be written. */
  vacuum(): Result<void, StoreFault> {
    try {
      this.#db.exec('VACUUM');
      return ok(undefined);
    } catch (error) {
      return err(storeFault(error, this.#file));
    }
  }

  close(): void {
    this.#db.close();
  }

  /** Whole and in order, but durable only with the next transaction that is: a power cut may take it back. */
  #inTransactionSoon<T>(body: () => T): Result<T, StoreFault> {
    this.#waitForDisk(false);
    return this.#run('immediate', body);
  }

  #waitForDisk(wait: boolean): void {
    if (this.#waits === wait) return;
    this.#waits = wait;
    this.#db.pragma(`synchronous = ${wait ? 'FULL' : 'NORMAL'}`);
  }

  #inTransaction<T>(kind: 'immediate' | 'deferred', body: () => T): Result<T, StoreFault> {
    this.#waitForDisk(true);
    return this.#run(kind, body);
  }

  #run<T>(kind: 'immediate' | 'deferred', body: () => T): Result<T, StoreFault> {
    let result: Result<T, StoreFault> = err({ code: 'failed', detail: `the database ${this.#file} ran nothing` });
    try {
      this.#transaction[kind](() => {
        result = ok(body());
      });
      return result;
    } catch (error) {
      return err(storeFault(error, this.#file));
    }
  }
}
