/** The house of the simulated week: doors, people's handles, wires. It stands whatever becomes of the controller. */
import { VirtualClock } from '../../device/clock/virtual.ts';
import { VirtualKernelTime } from '../../device/clock/virtual-kernel-time.ts';
import type { DeviceFault, InputPort, InputSink, LockPort, ReaderPort, ReaderSink } from '../../device/ports.ts';
import { SimDoor } from '../../device/sim/door.ts';
import { SimInput } from '../../device/sim/input.ts';
import { SimLock } from '../../device/sim/lock.ts';
import { SimReader } from '../../device/sim/reader.ts';
import type { DoorConfig } from '../../main/contract/config.ts';
import type { OutputName } from '../../main/contract/devices.ts';
import { INPUT_KINDS, type InputKind } from '../../main/controller/doors.ts';
import { err, type Result } from '../../main/core/result.ts';
import type { Club } from './week-site.ts';

/** What is heard of devices before the unit hears it. */
export interface HouseEars {
  presented(reader: string, text: string): void;
  level(door: string, kind: InputKind, active: boolean): void;
  lineMoved(door: string, energised: boolean): void;
}

/** What can be pulled out and put back, or be out of order. */
export interface Pluggable {
  unplug(): boolean;
  replug(): boolean;
  fail(fault: DeviceFault): void;
}

/** An input whose contact may stick: it keeps its level, whatever happens, until it comes loose. */
export class WatchedInput implements InputPort {
  readonly #port: InputPort;
  readonly #heard: (active: boolean) => void;
  #sink: InputSink | null = null;
  #held: { readonly active: boolean; readonly mono: number } | null = null;
  #isStuck = false;

  constructor(port: InputPort, heard: (active: boolean) => void) {
    this.#port = port;
    this.#heard = heard;
  }

  open(sink: InputSink): void {
    this.#sink = sink;
    this.#held = null;
    this.#port.open({ state: (state) => sink.state(state), level: (active, mono) => this.#level(active, mono) });
  }

  close(): Promise<void> {
    this.#sink = null;
    return this.#port.close();
  }

  stick(isStuck: boolean): void {
    this.#isStuck = isStuck;
    const held = this.#held;
    this.#held = null;
    if (!isStuck && held !== null) this.#level(held.active, held.mono);
  }

  #level(active: boolean, mono: number): void {
    if (this.#isStuck) {
      this.#held = { active, mono };
      return;
    }
    this.#heard(active);
    this.#sink?.level(active, mono);
  }
}

class WatchedReader implements ReaderPort {
  readonly port: SimReader;
  readonly #heard: (text: string) => void;

  constructor(port: SimReader, heard: (text: string) => void) {
    this.port = port;
    this.#heard = heard;
  }

  open(sink: ReaderSink): void {
    this.port.open({
      state: (state) => sink.state(state),
      reading: (reading) => {
        this.#heard(reading.text);
        sink.reading(reading);
      },
    });
  }

  close(): Promise<void> {
    return this.port.close();
  }
}

/** A lock's line with its faults, which outlive the guard. */
export class HouseLock {
  /** So many commands more fail, and move nothing. */
  #failures = 0;
  readonly door: string;
  readonly #clock: VirtualClock;
  #port: SimLock | null = null;
  #isOut = false;
  #isStalled = false;
  #troubledUntil = 0;

  constructor(door: string, clock: VirtualClock) {
    this.door = door;
    this.#clock = clock;
  }

  /** Does what it is told, and has done so for long enough to have caught up. */
  get isHealthy(): boolean {
    return !this.#isOut && !this.#isStalled && this.#failures === 0 && this.#clock.mono() >= this.#troubledUntil;
  }

  /** A new guard takes the line. @returns its port, as the guard has it */
  attach(port: SimLock): LockPort {
    this.#port = port;
    if (this.#isOut) port.unplug();
    port.stall(this.#isStalled);
    return {
      open: (sink) => port.open(sink),
      close: () => port.close(),
      set: (energised) => this.#set(port, energised),
    };
  }

  /** The guard's process is gone: the line rests. */
  detach(): void {
    this.#port?.stall(false);
    void this.#port?.close();
    this.#port = null;
    this.troubled();
  }

  #set(port: SimLock, energised: boolean): Promise<Result<void, DeviceFault>> {
    if (this.#failures === 0) return port.set(energised);
    this.#failures -= 1;
    this.troubled();
    return Promise.resolve(err({ code: 'failed', detail: 'the relay sticks' }));
  }

  /** What it was told meanwhile is tried again once a second, and answered within another. */
  troubled(ms = 3_000): void {
    this.#troubledUntil = Math.max(this.#troubledUntil, this.#clock.mono() + ms);
  }

  plug(isThere: boolean): void {
    this.#isOut = !isThere;
    this.troubled();
    if (isThere) this.#port?.replug();
    else this.#port?.unplug();
  }

  stall(isStalled: boolean): void {
    this.#isStalled = isStalled;
    this.troubled();
    this.#port?.stall(isStalled);
  }

  failNext(times: number): void {
    this.#failures = times;
    this.troubled();
  }

  /** As if it had never failed. */
  mend(): void {
    if (this.#failures > 0) this.troubled();
    this.#failures = 0;
  }
}

export class HouseDoor {
  readonly config: DoorConfig;
  readonly door: SimDoor;
  readonly lock: HouseLock;
  readonly ports: Partial<Record<InputKind, WatchedInput>> = {};
  readonly inputs: Partial<Record<InputKind, SimInput>> = {};
  readonly outputs: ReadonlyMap<OutputName, SimLock>;

  constructor(config: DoorConfig, clock: VirtualClock, ears: HouseEars) {
    const { id } = config;
    this.config = config;
    this.door = new SimDoor(clock, { name: id });
    this.lock = new HouseLock(id, clock);
    for (const kind of INPUT_KINDS) {
      if (config.inputs[kind] === null) continue;
      const port = kind === 'contact' ? this.door.contact() : new SimInput(clock);
      if (port instanceof SimInput) this.inputs[kind] = port;
      this.ports[kind] = new WatchedInput(port, (active) => ears.level(id, kind, active));
    }
    const names: readonly OutputName[] = ['buzzer', 'admitted', 'refused'];
    const wanted = names.filter((name) => config.outputs[name] !== null);
    this.outputs = new Map(wanted.map((name) => [name, new SimLock(clock)]));
  }
}

export class House {
  readonly clock: VirtualClock;
  readonly kernel: VirtualKernelTime;
  readonly doors: ReadonlyMap<string, HouseDoor>;
  readonly readers: ReadonlyMap<string, WatchedReader>;

  constructor(club: Club, wallMs: number, ears: HouseEars) {
    this.clock = new VirtualClock({ wallMs });
    this.kernel = new VirtualKernelTime(this.clock);
    this.kernel.setNtp(true);
    const { doors } = club.config;
    this.doors = new Map(doors.map((config) => [config.id, new HouseDoor(config, this.clock, ears)]));
    const simulated = doors.flatMap(({ readers }) => readers).filter(({ driver }) => driver === 'sim');
    const reader = (id: string) => new WatchedReader(new SimReader(this.clock), (text) => ears.presented(id, text));
    this.readers = new Map(simulated.map(({ id }) => [id, reader(id)]));
  }

  /** @throws Error at a door that there isn't */
  door(id: string): HouseDoor {
    const door = this.doors.get(id);
    if (door === undefined) throw new Error(`the house has no door ${id}`);
    return door;
  }

  /** The controller is gone without a word: its ports are free again. */
  async letGo(): Promise<void> {
    const doors = [...this.doors.values()];
    const ports = [...doors.flatMap(({ ports }) => Object.values(ports)), ...this.readers.values()];
    await Promise.all([...ports, ...doors.flatMap(({ outputs }) => [...outputs.values()])].map((port) => port.close()));
  }
}
