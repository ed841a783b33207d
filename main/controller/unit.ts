/**
 * The running unit: its doors, readers and record, tied together. Made by `wire.ts`, which hands in everything that
 * touches the world.
 */
import type { DeviceState, InputPort, ReaderPort } from '../../device/ports.ts';
import type { Config, DoorConfig } from '../contract/config.ts';
import type { Clock, ClockTrust } from '../core/clock.ts';
import type { DoorInput, Outcome, Passage } from '../core/door.ts';
import { momentOf } from '../core/moment.ts';
import { formatInstant } from '../core/time/instant.ts';
import type { StoreFault } from '../store/faults.ts';
import type { Store } from '../store/store.ts';
import { DeviceBoard, type DeviceEntry } from './device-board.ts';
import { DoorFlow } from './door-flow.ts';
import { Journal } from './journal.ts';
import type { Log } from './log.ts';
import { Offers } from './offers.ts';
import type { Probe } from './probe.ts';
import { type JudgedScan, type ReaderPlace, ScanFlow } from './scan-flow.ts';
import { decisionMessage, Screen } from './screen.ts';
import { SiteCache } from './site-cache.ts';

/** The guard's half of a lock, as the unit commands it. */
export interface Guard {
  energise(door: string, command: number, untilMono: number): void;
}

export interface UnitParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  readonly trust: ClockTrust;
  readonly log: Log;
  readonly guard: Guard;
  readonly probe: Probe;
  /** Readers that the unit opens itself, by reader id; a camera or key-wedge comes through the page. */
  readonly readers: ReadonlyMap<string, ReaderPort>;
  /** Door contacts by door id. */
  readonly contacts: ReadonlyMap<string, InputPort>;
  /** Called at every change that the status shows. */
  readonly onChange: () => void;
}

/** Somebody who is given back his third entry of a day may be letting others in. */
const MOST_GIVE_BACKS = 3;

export class Unit {
  readonly config: Config;
  readonly site: SiteCache;
  readonly screen = new Screen();
  readonly devices: DeviceBoard;
  readonly journal: Journal;
  readonly trust: ClockTrust;
  readonly #parts: UnitParts;
  readonly #doors = new Map<string, DoorFlow>();
  readonly #places = new Map<string, ReaderPlace>();
  readonly #scans: ScanFlow;
  readonly #offers = new Offers();
  readonly #locks = new Map<string, boolean>();
  #guardUp = false;

  constructor(parts: UnitParts) {
    const { clock, config, store, trust } = parts;
    this.#parts = parts;
    this.config = config;
    this.trust = trust;
    this.site = new SiteCache(store);
    this.devices = new DeviceBoard((entry, before) => this.#deviceChanged(entry, before));
    this.journal = new Journal(
      parts,
      () => trust,
      (fault) => this.#storeChanged(fault),
    );
    const { journal, site } = this;
    this.#scans = new ScanFlow(
      { clock, store, journal, site, trust: () => trust },
      {
        grant: (door, event) => this.#doors.get(door)?.grant(event),
        judged: (scan, seq) => this.#tellDecision(scan, seq),
        expired: (doorId, event) => this.#tellOutcome(doorId, event, 'silent'),
        isReady: (door) => this.#doors.get(door)?.ready ?? false,
      },
    );
    for (const door of config.doors) this.#addDoor(door);
  }

  /** Marks what the last run left open, then lets devices speak. */
  start(version: string): void {
    this.#settleTheCutOff();
    this.journal.note({ type: 'system', detail: { what: 'start', version } });
    for (const [id, reader] of this.#parts.readers) {
      reader.open({
        reading: ({ text, mono }) => this.reading(id, text, mono),
        state: (state) => this.devices.set(id, state),
      });
    }
    for (const [door, contact] of this.#parts.contacts) {
      contact.open({
        level: (open) => this.doorInput(door, { on: 'contact', open }),
        state: (state) => this.#contactState(door, state),
      });
    }
  }

  /** A code from a reader; false where there is none of this id. */
  reading(readerId: string, text: string, mono: number): boolean {
    const place = this.#places.get(readerId);
    if (place === undefined) return false;
    this.#scans.reading(place, text, mono);
    return true;
  }

  /** A member takes up the offer of the refusal `event`; false where this ticket isn't on offer any more. */
  choose(event: number, ticketId: string): boolean {
    const scan = this.#offers.take(event, ticketId, this.#parts.clock.mono());
    if (scan !== null) this.#scans.choose(scan, ticketId);
    return scan !== null;
  }

  doorInput(door: string, input: DoorInput): void {
    this.#doors.get(door)?.input(input);
  }

  doorOf(id: string): DoorFlow | undefined {
    return this.#doors.get(id);
  }

  /** The guard runs, or is gone. */
  guardIs(up: boolean): void {
    this.#guardUp = up;
    for (const door of this.#doors.keys()) this.#lockChanged(door);
  }

  lockState(door: string, state: DeviceState): void {
    this.#locks.set(door, state.ok);
    this.devices.set(lockId(door), state);
    this.#lockChanged(door);
  }

  async stop(): Promise<void> {
    const { readers, contacts } = this.#parts;
    this.#scans.close();
    await Promise.all([...readers.values(), ...contacts.values()].map((port) => port.close()));
    // The guard has put the locks to rest: what was under way ends now.
    this.guardIs(false);
    for (const door of this.#doors.values()) door.close();
    this.journal.note({ type: 'system', detail: { what: 'stop' } });
    this.journal.close();
  }

  #addDoor(door: DoorConfig): void {
    const { clock, guard, onChange } = this.#parts;
    const flow = new DoorFlow(clock, door.id, door, {
      energise: (command, until) => guard.energise(door.id, command, until),
      outcome: (passage, outcome, closedAt, nobodyPassed) => {
        this.#outcome(door.id, passage, outcome, closedAt);
        if (nobodyPassed && passage.event !== null) this.#giveBack(door.id, passage.event);
      },
      alarm: (alarm, active) => this.journal.note({ type: 'alarm', doorId: door.id, detail: { alarm, active } }),
      changed: onChange,
    });
    this.#doors.set(door.id, flow);
    this.devices.add({ id: lockId(door.id), door: door.id, kind: 'lock', driver: door.lock.driver });
    for (const reader of door.readers) {
      this.#places.set(reader.id, { door, reader });
      const device = { id: reader.id, door: door.id, kind: 'reader', driver: reader.driver } as const;
      if (this.#parts.readers.has(reader.id)) this.devices.add(device);
      else this.devices.add(device, { ok: true, detail: 'through the page' });
    }
    if (this.#parts.contacts.has(door.id)) {
      this.devices.add({ id: contactId(door.id), door: door.id, kind: 'contact', driver: 'sim' });
    }
  }

  #contactState(door: string, state: DeviceState): void {
    this.devices.set(contactId(door), state);
    if (!state.ok) this.doorInput(door, { on: 'contact', open: null });
  }

  #lockChanged(door: string): void {
    const ready = this.#guardUp && (this.#locks.get(door) ?? false);
    this.#doors.get(door)?.lockReady(ready);
    if (ready) this.#scans.lockIsReady(door);
  }

  #outcome(doorId: string, passage: Passage, outcome: Outcome, closedAt: number | null): void {
    this.#parts.probe('before-outcome');
    const { event, commandedAt, openedAt, passedAt } = passage;
    const wall = (mono: number | null) => (mono === null ? null : formatInstant(this.#wallOf(mono)));
    const times = {
      commandedAt: wall(commandedAt),
      openedAt: wall(openedAt),
      passedAt: wall(passedAt),
      closedAt: wall(closedAt),
    };
    this.journal.note({ type: 'outcome', of: event, doorId, detail: { outcome, ...times } });
    this.#tellOutcome(doorId, event, outcome);
  }

  /** Nobody passed: the entry never was (guarantees 1.8). An exit has nothing to give back. */
  #giveBack(doorId: string, event: number): void {
    const rules = this.site.get()?.rules;
    if (rules === undefined) return;
    const { businessDay } = momentOf(rules, this.#parts.clock.wall());
    const undone = this.journal.undo(event, { by: 'contact' }, businessDay);
    if (undone.ok && undone.value.thatDay === MOST_GIVE_BACKS) {
      this.journal.note({ type: 'alarm', doorId, of: event, detail: { alarm: 'give-backs', active: true } });
    }
  }

  /** Epoch ms of a monotonic time of this run. */
  #wallOf(mono: number): number {
    const { clock } = this.#parts;
    return Math.round(clock.wall() - (clock.mono() - mono));
  }

  #tellDecision(scan: JudgedScan, seq: number): void {
    const { store, config, clock } = this.#parts;
    const message = decisionMessage(store, this.site, config.display, scan, seq);
    const tickets = message.remedy?.tickets.map(({ ticketId }) => ticketId) ?? [];
    this.#offers.note(seq, scan, tickets, clock.mono());
    this.screen.tell(message);
  }

  #tellOutcome(doorId: string, of: number | null, outcome: Outcome): void {
    if (of !== null) this.screen.tell({ kind: 'outcome', of, doorId, outcome });
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
    this.#parts.onChange();
  }

  #storeChanged(fault: StoreFault | null): void {
    if (fault === null) this.#parts.log.info('the record can be written again');
    else this.#parts.log.error({ code: fault.code }, fault.detail);
    this.#parts.onChange();
  }
}

function lockId(door: string): string {
  return `${door}.lock`;
}

function contactId(door: string): string {
  return `${door}.contact`;
}
