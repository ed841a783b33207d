/** The doors of a unit with all that belongs to them: locks, inputs, orders, outcomes. */
import type { DeviceState, InputPort } from '../../device/ports.ts';
import type { Config, DoorConfig } from '../contract/config.ts';
import type { Clock, ClockTrust } from '../core/clock.ts';
import type { DoorAlarm, DoorInput, DoorState, Outcome, Passage } from '../core/door-model.ts';
import { type EntryBar, entryBar } from '../core/door-orders.ts';
import { momentOf } from '../core/moment.ts';
import { formatInstant } from '../core/time/instant.ts';
import type { Store } from '../store/store.ts';
import type { DeviceBoard } from './device-board.ts';
import { DoorCalendar } from './door-calendar.ts';
import { DoorDesk, type DoorSignal } from './door-desk.ts';
import { DoorFlow } from './door-flow.ts';
import type { Journal } from './journal.ts';
import type { Probe } from './probe.ts';
import type { SiteCache } from './site-cache.ts';
import type { StaffList } from './staff/staff-list.ts';

/** The guard's half of a lock, as the unit commands it. */
export interface Guard {
  energise(door: string, command: number, untilMono: number): void;
  /** At `atMono`, unless another command for the door comes before. */
  energiseAt(door: string, command: number, atMono: number, untilMono: number): void;
  rest(door: string, command: number): void;
  /** A command may follow at once. */
  wake(): void;
}

export type InputKind = 'contact' | DoorSignal;
export const INPUT_KINDS: readonly InputKind[] = ['contact', 'exitButton', 'fire', 'tamper'];

/** By door and kind. */
export type DoorInputs = ReadonlyMap<string, Readonly<Partial<Record<InputKind, InputPort>>>>;

export interface DoorsParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  readonly journal: Journal;
  readonly staff: StaffList;
  readonly site: SiteCache;
  readonly devices: DeviceBoard;
  readonly guard: Guard;
  readonly probe: Probe;
  readonly inputs: DoorInputs;
  readonly trust: () => ClockTrust;
  /** Nothing bars an entry any more. */
  readonly freed: (door: string) => void;
  readonly outcome: (door: string, event: number, outcome: Outcome) => void;
  /** Somebody was given back an entry for the third time today. */
  readonly givenBackOften: (door: string) => void;
  /** Something that the status shows is another. */
  readonly changed: () => void;
}

/** Somebody who is given back his third entry of a day may be letting others in. */
const MOST_GIVE_BACKS = 3;

export class Doors {
  readonly desk: DoorDesk;
  readonly calendar: DoorCalendar;
  readonly #parts: DoorsParts;
  readonly #flow: DoorFlow;
  readonly #locks = new Map<string, boolean>();
  readonly #bars = new Map<string, EntryBar | null>();
  #guardUp = false;

  constructor(parts: DoorsParts) {
    this.#parts = parts;
    const { config, clock, store, journal, staff, site, trust, guard } = parts;
    this.#flow = new DoorFlow(clock, config.doors, {
      energise: (door, command, until) => guard.energise(door, command, until),
      energiseAt: (door, command, at, until) => guard.energiseAt(door, command, at, until),
      rest: (door, command) => guard.rest(door, command),
      outcome: (door, ...outcome) => this.#outcome(door, ...outcome),
      alarm: (door, alarm, active) => this.#alarm(door, alarm, active),
      changed: () => this.#changed(),
    });
    const doors = config.doors.map(({ id }) => id);
    const flow = this.#flow;
    this.desk = new DoorDesk({ clock, store, journal, staff, trust, doors, flow });
    this.calendar = new DoorCalendar({ clock, journal, site, trust, doors, flow });
    for (const door of config.doors) this.#addDevices(door);
  }

  /** The locks are released for a fire. */
  get fire(): boolean {
    return this.#flow.fire;
  }

  /** undefined: no such door is configured. */
  stateOf(door: string): DoorState | undefined {
    return this.#flow.stateOf(door);
  }

  /** Why nobody is let in there; null: judge. A door that isn't configured has no lock. */
  bar(door: string): EntryBar | null {
    const state = this.#flow.stateOf(door);
    return state === undefined ? 'lock' : entryBar(state);
  }

  /** Orders that hold come first, then the inputs speak. */
  start(): void {
    this.desk.start();
    this.calendar.follow();
    for (const [door, ports] of this.#parts.inputs) {
      for (const kind of INPUT_KINDS) {
        ports[kind]?.open({
          level: (active) => this.#level(door, kind, active),
          state: (state) => this.#inputState(door, kind, state),
        });
      }
    }
  }

  /** The guard has put the locks to rest: what was under way ends now. */
  async stop(): Promise<void> {
    const ports = [...this.#parts.inputs.values()].flatMap((one) => INPUT_KINDS.map((kind) => one[kind]));
    await Promise.all(ports.map((port) => port?.close()));
    this.desk.close();
    this.calendar.close();
    for (const { id } of this.#parts.config.doors) this.#flow.input(id, { on: 'stop' });
    this.#flow.close();
  }

  input(door: string, input: DoorInput): void {
    this.#flow.input(door, input);
  }

  /** The guard runs, or is gone. */
  guardIs(up: boolean): void {
    this.#guardUp = up;
    for (const { id } of this.#parts.config.doors) this.#lockChanged(id);
  }

  lockState(door: string, state: DeviceState): void {
    this.#locks.set(door, state.ok);
    this.#parts.devices.set(deviceId(door, 'lock'), state);
    this.#lockChanged(door);
  }

  #lockChanged(door: string): void {
    const ready = this.#guardUp && (this.#locks.get(door) ?? false);
    if (ready !== this.#flow.stateOf(door)?.ready) this.#flow.input(door, { on: 'lock', ready });
  }

  #addDevices({ id: door, lock, inputs }: DoorConfig): void {
    const { devices, inputs: ports } = this.#parts;
    devices.add({ id: deviceId(door, 'lock'), door, kind: 'lock', driver: lock.driver });
    for (const kind of INPUT_KINDS) {
      if (ports.get(door)?.[kind] === undefined) continue;
      devices.add({ id: deviceId(door, kind), door, kind, driver: inputs[kind]?.driver ?? 'sim' });
    }
  }

  #level(door: string, kind: InputKind, active: boolean): void {
    if (kind === 'contact') this.#flow.input(door, { on: 'contact', open: active });
    else this.desk.signal(door, kind, active);
  }

  /** An alarm input that is gone keeps the level that it had: its fault shows, and is no alarm of its own. */
  #inputState(door: string, kind: InputKind, state: DeviceState): void {
    this.#parts.devices.set(deviceId(door, kind), state);
    if (kind === 'contact' && !state.ok) this.#flow.input(door, { on: 'contact', open: null });
  }

  #changed(): void {
    for (const { id } of this.#parts.config.doors) {
      const bar = this.bar(id);
      const before = this.#bars.get(id);
      this.#bars.set(id, bar);
      if (bar === null && before !== null) this.#parts.freed(id);
    }
    this.#parts.changed();
  }

  #alarm(doorId: string, alarm: DoorAlarm, active: boolean): void {
    this.#parts.journal.note({ type: 'alarm', doorId, detail: { alarm, active } });
  }

  #outcome(doorId: string, passage: Passage, outcome: Outcome, closedAt: number | null, nobodyPassed: boolean): void {
    this.#parts.probe('before-outcome');
    const { event, commandedAt, openedAt, passedAt } = passage;
    const wall = (mono: number | null) => (mono === null ? null : formatInstant(this.#wallOf(mono)));
    const times = {
      commandedAt: wall(commandedAt),
      openedAt: wall(openedAt),
      passedAt: wall(passedAt),
      closedAt: wall(closedAt),
    };
    this.#parts.journal.note({ type: 'outcome', of: event, doorId, detail: { outcome, ...times } });
    if (event === null) return;
    this.#parts.outcome(doorId, event, outcome);
    if (nobodyPassed) this.#giveBack(doorId, event);
  }

  /** Nobody passed: the entry never was (guarantees 1.8). An exit or a mere opening has nothing to give back. */
  #giveBack(doorId: string, event: number): void {
    const { site, clock, journal } = this.#parts;
    const rules = site.get()?.rules;
    if (rules === undefined) return;
    const { businessDay } = momentOf(rules, clock.wall());
    const undone = journal.undo(event, { by: 'contact' }, businessDay);
    if (!undone.ok || undone.value.thatDay !== MOST_GIVE_BACKS) return;
    journal.note({ type: 'alarm', doorId, of: event, detail: { alarm: 'give-backs', active: true } });
    this.#parts.givenBackOften(doorId);
  }

  /** Epoch ms of a monotonic time of this run. */
  #wallOf(mono: number): number {
    const { clock } = this.#parts;
    return Math.round(clock.wall() - (clock.mono() - mono));
  }
}

function deviceId(door: string, kind: InputKind | 'lock'): string {
  return `${door}.${kind}`;
}
