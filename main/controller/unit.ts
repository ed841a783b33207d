/**
 * The running unit: its doors, readers and record, tied together. Made by `wire.ts`, which hands in everything that
 * touches the world.
 */
import type { DeviceState, ReaderPort } from '../../device/ports.ts';
import type { Config, DoorConfig } from '../contract/config.ts';
import type { Clock, ClockTrust } from '../core/clock.ts';
import type { DoorInput, DoorState, Outcome } from '../core/door-model.ts';
import type { Right } from '../core/leases.ts';
import { ok } from '../core/result.ts';
import type { StoreFault } from '../store/faults.ts';
import type { Store } from '../store/store.ts';
import type { ClockWatch, TrustChange } from './clock-trust.ts';
import { DeviceBoard, type DeviceEntry } from './device-board.ts';
import { type DoorInputs, Doors, type Guard } from './doors.ts';
import { Journal } from './journal.ts';
import type { JudgedScan, ReaderPlace } from './judge-scan.ts';
import type { Log } from './log.ts';
import { Offers } from './offers.ts';
import type { Probe } from './probe.ts';
import type { Reserve } from './reserve-file.ts';
import { RetentionRounds } from './retention.ts';
import { ScanFlow } from './scan-flow.ts';
import type { ScanSink } from './scan-sink.ts';
import { decisionMessage, Screen, unjudgedMessage } from './screen.ts';
import { SiteCache } from './site-cache.ts';
import { AlarmBoard } from './staff/alarm-board.ts';
import { LentReaders } from './staff/lent-readers.ts';
import { openByStaffCode } from './staff/staff-code.ts';
import { StaffList } from './staff/staff-list.ts';
import { alarmsOf } from './status.ts';

export interface UnitParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  readonly watch: ClockWatch;
  readonly log: Log;
  readonly guard: Guard;
  readonly probe: Probe;
  /** Readers that the unit opens itself, by reader id; a camera or key-wedge comes through the page. */
  readonly readers: ReadonlyMap<string, ReaderPort>;
  /** Contacts, buttons and alarm inputs. */
  readonly inputs: DoorInputs;
  /** Called at every change that the status shows. */
  readonly onChange: () => void;
  readonly reserve: Reserve | null;
  /** The store is a stand-in, since the unit's own can't be opened. */
  readonly broken: StoreFault | null;
  /** Told when writing begins to fail. */
  readonly storeFailed: (fault: StoreFault) => void;
  /** Told after each commit of the record. */
  readonly recorded: () => void;
  /** Told when a member who is known was refused. */
  readonly refused: (memberId: string, elsewhere: Right | null) => void;
}

export class Unit {
  readonly config: Config;
  readonly site: SiteCache;
  readonly screen = new Screen();
  readonly devices: DeviceBoard;
  readonly journal: Journal;
  readonly doors: Doors;
  readonly watch: ClockWatch;
  readonly staff: StaffList;
  readonly alarms: AlarmBoard;
  readonly lent: LentReaders;
  readonly #parts: UnitParts;
  readonly #places = new Map<string, ReaderPlace>();
  readonly #scans: ScanFlow;
  readonly #offers = new Offers();
  readonly #retention: RetentionRounds;
  #scannedMono = Number.NEGATIVE_INFINITY;

  constructor(parts: UnitParts) {
    const { clock, config, store, watch } = parts;
    this.#parts = parts;
    this.config = config;
    this.watch = watch;
    this.site = new SiteCache(store);
    this.staff = new StaffList(store);
    this.alarms = new AlarmBoard(clock);
    this.devices = new DeviceBoard((entry, before) => this.#deviceChanged(entry, before));
    this.journal = new Journal(
      parts,
      () => watch.trust,
      (fault) => this.#storeChanged(fault),
    );
    const { journal, site, staff } = this;
    this.lent = new LentReaders({ ...parts, site });
    this.#scans = new ScanFlow({ clock, store, journal, site, watch }, this.#scanSink());
    this.#retention = new RetentionRounds({ clock, store, site, trust: () => this.trust, log: parts.log });
    this.doors = new Doors({
      ...parts,
      journal,
      staff,
      site,
      devices: this.devices,
      trust: () => watch.trust,
      freed: (door) => this.#scans.doorIsFree(door),
      outcome: (door, event, outcome) => this.#tellOutcome(door, event, outcome),
      givenBackOften: (door) => this.#givenBackOften(door),
      changed: () => this.#changed(),
    });
    for (const door of config.doors) this.#addReaders(door);
  }

  get trust(): ClockTrust {
    return this.watch.trust;
  }

  /** When somebody last held up a code. */
  get scannedMono(): number {
    return this.#scannedMono;
  }

  /** Marks what the last run left open, then lets devices speak. */
  start(version: string): void {
    if (this.journal.waiting.unreadable > 0)
      this.#parts.log.error({ lines: this.journal.waiting.unreadable }, 'the reserve has lines of another program');
    this.journal.flush();
    this.#settleTheCutOff();
    this.journal.note({ type: 'system', detail: { what: 'start', version } });
    this.watch.listen({
      changed: (change) => this.#clockChanged(change),
      mark: (trustedAt, syncedAt) => this.journal.mark(trustedAt, syncedAt),
    });
    this.#retention.start();
    this.#findManager();
    for (const [id, reader] of this.#parts.readers) {
      reader.open({
        reading: ({ text, mono }) => this.reading(id, text, mono),
        state: (state) => this.devices.set(id, state),
      });
    }
    this.doors.start();
  }

  /** A code from a reader; false where there is none of this id. */
  reading(readerId: string, text: string, mono: number): boolean {
    const place = this.#places.get(readerId);
    if (place === undefined) return false;
    this.#scannedMono = this.#parts.clock.mono();
    if (!this.lent.takes(place, text, mono)) this.#scans.reading(place, text, mono);
    return true;
  }

  /** A member takes up the offer of the refusal `event`; false where this ticket isn't on offer any more. */
  choose(event: number, ticketId: string): boolean {
    const scan = this.#offers.take(event, ticketId, this.#parts.clock.mono());
    if (scan !== null) this.#scans.choose(scan, ticketId);
    return scan !== null;
  }

  /** An import or an erasure has changed what is stored. */
  dataChanged(): void {
    this.site.reload();
    this.#scans.forgetMembers();
    this.doors.calendar.follow();
    this.#findManager();
  }

  /** Somebody looks after it: it sounds no longer. */
  takeAlarm(id: string, staffId: string): void {
    this.alarms.taken(id, staffId);
    this.#changed();
  }

  /** Somebody at the door calls for staff; false where there is no such door, or nobody to call. */
  callStaff(doorId: string): boolean {
    if (this.stateOf(doorId) === undefined || this.staff.all().length === 0) return false;
    if (!this.alarms.helpWanted(doorId)) return true;
    this.journal.note({ type: 'alarm', doorId, detail: { alarm: 'help', active: true } });
    this.#changed();
    return true;
  }

  doorInput(door: string, input: DoorInput): void {
    this.doors.input(door, input);
  }

  stateOf(door: string): DoorState | undefined {
    return this.doors.stateOf(door);
  }

  /** The guard runs, or is gone. */
  guardIs(up: boolean): void {
    this.doors.guardIs(up);
  }

  lockState(door: string, state: DeviceState): void {
    this.doors.lockState(door, state);
  }

  async stop(): Promise<void> {
    const { readers } = this.#parts;
    this.#scans.close();
    this.#retention.stop();
    await Promise.all([...readers.values()].map((port) => port.close()));
    await this.doors.stop();
    this.watch.stop();
    this.journal.note({ type: 'system', detail: { what: 'stop' } });
    this.journal.close();
  }

  #scanSink(): ScanSink {
    const { store, guard } = this.#parts;
    return {
      grant: (door, event, by) => this.doors.input(door, { on: 'open', event, by }),
      entryWanted: () => guard.wake(),
      exitWanted: (door) => this.doors.input(door, { on: 'exit-wanted' }),
      judged: (scan, seq) => this.#tellDecision(scan, seq),
      unjudged: (place, why, event, at) => this.screen.tell(unjudgedMessage(place, why, event, at)),
      bar: (door) => this.doors.bar(door),
      staffCode: (place, text) => openByStaffCode(store, this.doors.desk, place, text),
    };
  }

  #addReaders(door: DoorConfig): void {
    for (const reader of door.readers) {
      this.#places.set(reader.id, { door, reader });
      const device = { id: reader.id, door: door.id, kind: 'reader', driver: reader.driver } as const;
      if (this.#parts.readers.has(reader.id)) this.devices.add(device);
      else this.devices.add(device, { ok: true, detail: 'through the page' });
    }
  }

  #tellDecision(scan: JudgedScan, seq: number): void {
    const { store, config, clock, refused } = this.#parts;
    const { granted, memberId } = scan.decision.result;
    if (!granted && memberId !== null) refused(memberId, scan.decision.elsewhere);
    const message = decisionMessage(store, this.site, config.display, scan, seq);
    const tickets = message.remedy?.tickets.map(({ ticketId }) => ticketId) ?? [];
    this.#offers.note(seq, scan, tickets, clock.mono());
    this.screen.tell(message);
  }

  #tellOutcome(doorId: string, of: number, outcome: Outcome): void {
    this.screen.tell({ kind: 'outcome', of, doorId, outcome });
  }

  #givenBackOften(door: string): void {
    this.alarms.givenBackOften(door);
    this.#changed();
  }

  #changed(): void {
    this.alarms.look(alarmsOf(this));
    this.#parts.onChange();
  }

  /** Whoever took the last manager away would lock everybody out: a new setup code makes one. */
  #findManager(): void {
    const { broken, store } = this.#parts;
    if (broken !== null || this.staff.hasManager || store.setupCode() !== null) return;
    const done = this.journal.act((writer, note) => {
      writer.staff.renewSetupCode();
      return ok(note({ type: 'system', detail: { what: 'setup-code-renewed' } }));
    });
    if (done.ok) this.#parts.log.warn('there is no manager: genkan setup-code has the code that makes one');
  }

  /** The last run ended between a command and its outcome: nobody knows whether the door opened. */
  #settleTheCutOff(): void {
    for (const { seq, doorId } of this.#parts.store.record.withoutOutcome()) {
      this.journal.note({ type: 'outcome', of: seq, doorId, detail: { outcome: 'unknown' } });
    }
  }

  #deviceChanged(entry: DeviceEntry, before: DeviceState): void {
    const { id, door, state } = entry;
    this.#parts.log.info({ device: id, ok: state.ok, detail: state.detail }, 'device');
    if (before.ok !== state.ok && !(state.ok && DeviceBoard.isFirst(before))) {
      const detail = { device: id, ok: state.ok, ...(state.ok ? {} : { code: state.code }) };
      this.journal.note({ type: 'device', doorId: door, detail });
    }
    this.#changed();
  }

  #clockChanged({ from, to, why, staffId }: TrustChange): void {
    this.#parts.log[to === 'doubtful' ? 'error' : 'info']({ from, to, why }, 'the trust in the clock');
    this.journal.note({ type: 'clock', detail: { from, to, why, ...(staffId === null ? {} : { staffId }) } });
    // A doubtful clock holds no door open.
    this.doors.calendar.follow();
    this.#changed();
  }

  #storeChanged(fault: StoreFault | null): void {
    if (fault === null) this.#parts.log.info('the record can be written again');
    else {
      this.#parts.log.error({ code: fault.code }, fault.detail);
      this.#parts.storeFailed(fault);
    }
    this.#changed();
  }
}
