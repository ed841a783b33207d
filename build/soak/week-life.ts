/** One life of the controller, with its guards: from a start to a stop or a power cut, over the house's disk. */
import { SimLock } from '../../device/sim/lock.ts';
import type { PageMessage } from '../../main/contract/page.ts';
import { ClockWatch, pastOf } from '../../main/controller/clock-trust.ts';
import { DoorSignals } from '../../main/controller/door-signals.ts';
import { LogTail, makeLog } from '../../main/controller/log.ts';
import { NO_HUB, statusMessage } from '../../main/controller/status.ts';
import { Unit } from '../../main/controller/unit.ts';
import type { Timer } from '../../main/core/clock.ts';
import { Guard } from '../../main/guard/guard.ts';
import type { FromGuard, GuardedLock, ToGuard } from '../../main/guard/protocol.ts';
import type { Store } from '../../main/store/store.ts';
import { ProcessClock } from './week-clock.ts';
import type { WeekDisk } from './week-disk.ts';
import type { House, HouseEars } from './week-house.ts';
import type { Club } from './week-site.ts';

/** What is heard of the unit before anybody acts on it. */
export interface LifeEars extends HouseEars {
  commanded(door: string, until: number): void;
  /** Released soon, unless another command comes before. */
  reserved(door: string): void;
  rested(door: string): void;
  told(message: PageMessage): void;
  complained(text: string): void;
  /** The guard's process ends, and every line rests. */
  guardIsGone(): void;
}

interface RunningGuard {
  readonly guard: Guard;
  readonly clock: ProcessClock;
}

/** Longer than the controller waits for an answer. */
const DEAF_MS = 3_000;
/** Due at once, and harmless. */
const STATUS = 'status to the page';

export class WeekLife {
  readonly clock: ProcessClock;
  readonly unit: Unit;
  readonly store: Store;
  readonly #house: House;
  readonly #ears: LifeEars;
  readonly #signals: DoorSignals;
  #guard: RunningGuard | null = null;
  #isDeaf = false;
  /** What the client of the guard waits for, who ends with the program. */
  #client: Timer | null = null;
  #isTelling = false;

  constructor(club: Club, house: House, disk: WeekDisk, ears: LifeEars) {
    const { kernel } = house;
    this.#house = house;
    this.#ears = ears;
    this.clock = new ProcessClock(house.clock);
    this.store = disk.openStore();
    const store = disk.shaky(this.store);
    const log = makeLog(new LogTail());
    log.level = 'silent';
    const watch = new ClockWatch({ clock: this.clock, kernel, builtAt: Date.UTC(2026, 9, 1) }, pastOf(store));
    this.unit = new Unit({
      ...{ config: club.config, clock: this.clock, store, watch, reserve: disk.openReserve(), broken: null },
      ...{
        storeFailed: () => undefined,
        recorded: () => undefined,
        refused: () => undefined,
        log,
        probe: () => undefined,
      },
      guard: {
        energise: (door, seq, until) => {
          ears.commanded(door, until);
          this.#send({ do: 'energise', door, seq, until });
        },
        energiseAt: (door, seq, at, until) => {
          ears.reserved(door);
          this.#send({ do: 'energise-at', door, seq, at, until });
        },
        rest: (door, seq) => {
          ears.rested(door);
          this.#send({ do: 'rest', door, seq });
        },
        wake: () => undefined,
      },
      readers: house.readers,
      inputs: new Map([...house.doors].map(([id, { ports }]) => [id, ports])),
      onChange: () => this.#tellStatus(),
    });
    const outputs = new Map([...house.doors].map(([id, door]) => [id, door.outputs]));
    this.#signals = new DoorSignals(this.clock, club.config, outputs, this.unit.devices);
    this.unit.screen.subscribe((message) => ears.told(message));
    this.unit.screen.subscribe((message) => this.#signals.follow(message));
  }

  /** In the order of `wire.ts`. */
  start(): void {
    this.#signals.start();
    this.unit.start('week');
    this.unit.watch.start();
    this.#launch();
  }

  get hasGuard(): boolean {
    return this.#guard !== null && !this.#isDeaf;
  }

  /** What the page's camera read. */
  pageReads(reader: string, text: string): void {
    this.#ears.presented(reader, text);
    this.unit.reading(reader, text, this.clock.mono());
  }

  /** The guard's process ends; the next one comes by itself. */
  killGuard(afterMs: number): void {
    this.#endGuard();
    queueMicrotask(() => this.unit.guardIs(false));
    this.#client?.cancel();
    this.#client = this.clock.after('guard restart', afterMs, () => this.#launch());
  }

  /** The guard stops listening, and is replaced when that is noticed. */
  deafenGuard(): void {
    this.#isDeaf = true;
    for (const { lock } of this.#house.doors.values()) lock.troubled(DEAF_MS + 3_000);
    this.#client?.cancel();
    this.#client = this.clock.after('guard is killed', DEAF_MS, () => {
      this.#isDeaf = false;
      if (this.#guard !== null) this.killGuard(0);
    });
  }

  /** As the program ends. What is left are the names of timers that should be gone. */
  async stop(): Promise<readonly string[]> {
    this.#client?.cancel();
    this.#ears.guardIsGone();
    await this.#guard?.guard.stop();
    this.#endGuard();
    await this.#signals.stop();
    await this.unit.stop();
    const left = this.clock
      .timers()
      .map(({ name }) => name)
      .filter((name) => name !== STATUS);
    this.clock.end();
    this.store.close();
    return left;
  }

  /** The power goes: nobody says anything any more. */
  async cut(): Promise<void> {
    this.clock.end();
    this.#endGuard();
    this.store.close();
    await this.#house.letGo();
  }

  #tellStatus(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.clock.after(STATUS, 0, () => {
      this.#isTelling = false;
      this.unit.screen.tell(statusMessage(this.unit, NO_HUB, 'week', null));
    });
  }

  #launch(): void {
    const clock = new ProcessClock(this.#house.clock);
    const guard: Guard = new Guard({
      clock,
      pid: 1,
      makeLocks: (locks) => locks.map((lock) => this.#lockOf(lock)),
      makeAuxiliaries: () => ({ inputs: new Map(), outputs: new Map() }),
      complain: (text) => this.#ears.complained(text),
      // A pipe lies between the two, and what is in it when a process ends is lost.
      say: (message) =>
        queueMicrotask(() => {
          if (this.#guard?.guard === guard) this.#hear(message);
        }),
    });
    this.#guard = { guard, clock };
    const { doors } = this.unit.config;
    const locks = doors.map(({ id, maxPulseMs }) => ({ door: id, maxPulseMs, line: { driver: 'sim' } as const }));
    guard.handle({ do: 'open', locks });
  }

  #lockOf(lock: GuardedLock) {
    const port = new SimLock(this.#house.clock, (energised) => {
      this.#ears.lineMoved(lock.door, energised);
      this.#house.door(lock.door).door.setEnergised(energised);
    });
    return { lock, port: this.#house.door(lock.door).lock.attach(port), plug: null };
  }

  #endGuard(): void {
    this.#guard?.clock.end();
    this.#guard = null;
    this.#ears.guardIsGone();
    for (const { lock } of this.#house.doors.values()) lock.detach();
  }

  #send(message: Exclude<ToGuard, { do: 'stop' }> & { readonly door: string; readonly seq: number }): void {
    if (this.#isDeaf) return;
    if (this.#guard !== null) {
      this.#guard.guard.handle(message);
      return;
    }
    const { door, seq: command } = message;
    queueMicrotask(() => this.unit.doorInput(door, { on: 'failed', command }));
  }

  #hear(message: FromGuard): void {
    const { unit } = this;
    if (message.say === 'ready') unit.guardIs(true);
    else if (message.say === 'device') unit.lockState(message.door, message.state);
    else if (message.say === 'failed') unit.doorInput(message.door, { on: 'failed', command: message.seq });
    else if (message.say === 'line')
      unit.doorInput(message.door, { on: 'line', command: message.seq, energised: message.energised });
  }
}
