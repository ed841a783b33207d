/** All that writes, over one connection, and the one place where it is made. */
import type { Settings } from '../contract/settings.ts';
import type { Moved } from '../core/leases.ts';
import type { SiteBundle } from '../core/model.ts';
import { BasisStore } from './basis.ts';
import { ClockMarks } from './clock-mark.ts';
import type { Connection } from './database.ts';
import { DoorOrderStore } from './door-orders.ts';
import { type Erased, eraseRows } from './erase.ts';
import { FactsReader } from './facts.ts';
import { HeldStore } from './held.ts';
import { HistoryWriter } from './history.ts';
import { TicketIssuer } from './issued-tickets.ts';
import type { Keys } from './keys.ts';
import { LateWriter } from './late.ts';
import { MemberList } from './member-list.ts';
import { OwnCodes } from './own-codes.ts';
import { PinTrialStore } from './pin-trials.ts';
import { ProvisionalStore } from './provisional.ts';
import { Pruner } from './prune.ts';
import { putBack } from './put-back.ts';
import { RecordReader, RecordWriter } from './record.ts';
import { ReportedPassages } from './reported-passages.ts';
import { writeSettings } from './settings.ts';
import { importSite } from './site.ts';
import { StaffStore } from './staff.ts';
import { TransferRows } from './transfers.ts';
import { UndoWriter } from './undo.ts';
import { UsedPassStore } from './used-passes.ts';

/** What may be done inside a transaction. */
export interface Writer {
  readonly facts: FactsReader;
  readonly record: RecordWriter;
  readonly history: HistoryWriter;
  readonly basis: BasisStore;
  readonly undo: UndoWriter;
  readonly prune: Pruner;
  readonly usedPasses: UsedPassStore;
  readonly reported: ReportedPassages;
  readonly clockMarks: ClockMarks;
  readonly late: LateWriter;
  readonly doorOrders: DoorOrderStore;
  readonly held: HeldStore;
  readonly staff: StaffStore;
  readonly pinTrials: PinTrialStore;
  readonly ownCodes: OwnCodes;
  readonly tickets: TicketIssuer;
  readonly members: MemberList;
  readonly provisional: ProvisionalStore;
  /** A part of a lease that went to another site, of the event `seq`. */
  recordTransfer(seq: number, transfer: Moved): void;
  /** Returns the new revision. */
  importSite(bundle: SiteBundle, at: number): number;
  importSettings(settings: Settings): void;
  /** What is taken in by hand is of this revision of the hub's: the next contact takes a snapshot. */
  carriedByHand(revision: number): void;
  /** Destroys what is stored of a person, except for events; null where there is nothing. */
  eraseRows(memberId: string): Erased | null;
}

export function makeWriter(db: Connection, keys: Keys): Writer {
  const history = new HistoryWriter(db);
  const prune = new Pruner(db);
  const held = new HeldStore(db, keys);
  const provisional = new ProvisionalStore(db, keys, held);
  const record = new RecordReader(db);
  return {
    facts: new FactsReader(db, keys),
    record: new RecordWriter(db, record),
    history,
    basis: new BasisStore(db),
    undo: new UndoWriter(db),
    prune,
    usedPasses: new UsedPassStore(db),
    reported: new ReportedPassages(db),
    clockMarks: new ClockMarks(db),
    late: new LateWriter(db, history),
    doorOrders: new DoorOrderStore(db),
    held,
    recordTransfer: transferRecorder(db, record),
    provisional,
    staff: new StaffStore(db, keys),
    pinTrials: new PinTrialStore(db),
    ownCodes: new OwnCodes(db, keys),
    tickets: new TicketIssuer(db, held),
    members: new MemberList(db, keys),
    importSite: (bundle, at) => {
      const revision = importSite(db, keys, bundle, at);
      putBack(db, keys);
      return revision;
    },
    importSettings: (settings) => writeSettings(db, keys, settings),
    carriedByHand: (revision) => noteCarried(db, revision),
    eraseRows: (memberId) => prune.forgetting(() => eraseRows(db, memberId)),
  };
}

/** For own events. */
function transferRecorder(db: Connection, record: RecordReader): Writer['recordTransfer'] {
  const rows = new TransferRows(db, '');
  return (seq, transfer) => {
    const { unit_id: unit, epoch } = record.unit();
    rows.record({ unit, epoch, own: true }, seq, transfer);
  };
}

/** A document was carried here by hand: nothing older is taken, and the hub is asked for all. */
function noteCarried(db: Connection, revision: number): void {
  db.prepare('UPDATE hub SET revision = 0, newest = max(newest, ?)').run(revision);
}
