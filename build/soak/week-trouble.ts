/** The misfortunes of the simulated week: devices pulled out, stalled, stuck, flooding; guard, disk, clock and power. */
import type { DeviceFault } from '../../device/ports.ts';
import type { DiskTrouble, WeekDisk } from './week-disk.ts';
import type { HouseDoor, Pluggable } from './week-house.ts';
import { HOUR_MS, MINUTE_MS, type Scene, type Traffic } from './week-traffic.ts';

const FAULTS: readonly DeviceFault['code'][] = ['absent', 'busy', 'no-answer', 'flooding', 'failed'];
const DISK_TROUBLES: readonly DiskTrouble[] = ['refuses', 'commit-fails', 'unreadable'];

export interface Powers {
  /** The controller ends, as on a service stop or as by a power cut, and is started again a little later. */
  restart(isClean: boolean, afterMs: number): Promise<void>;
}

export class Trouble {
  readonly counts: Record<string, number> = {};
  readonly #scene: Scene;
  readonly #disk: WeekDisk;
  readonly #traffic: Traffic;
  readonly #powers: Powers;
  readonly #doors: readonly HouseDoor[];
  #wrongByMs = 0;

  constructor(scene: Scene, disk: WeekDisk, traffic: Traffic, powers: Powers) {
    this.#scene = scene;
    this.#disk = disk;
    this.#traffic = traffic;
    this.#powers = powers;
    this.#doors = [...scene.house.doors.values()];
  }

  /** Puts the misfortunes of the coming hour on the agenda. */
  hour(): void {
    const { chance } = this.#scene;
    const sometimes = (inHours: number, name: string, run: () => void | Promise<void>) => {
      if (!chance.oneIn(inHours)) return;
      this.#in(chance.between(0, HOUR_MS), () => {
        this.counts[name] = (this.counts[name] ?? 0) + 1;
        return run();
      });
    };
    for (const door of this.#doors) this.#doorTrouble(door, sometimes);
    for (const [id, { port }] of this.#scene.house.readers) {
      sometimes(8, 'reader away', () => this.#away(port));
      sometimes(16, 'reader floods', () => this.#floodReader(id));
    }
    sometimes(16, 'camera floods', () => this.#floodReader('front-cam'));
    sometimes(3, 'guard killed', () => this.#scene.life()?.killGuard(chance.pick([0, 0, 100, 2_000])));
    sometimes(6, 'guard deaf', () => this.#scene.life()?.deafenGuard());
    sometimes(6, 'disk fails', () => this.#diskFails());
    sometimes(8, 'clock jumps', () => this.#clockJumps());
    sometimes(8, 'stopped', () => this.#powers.restart(true, chance.between(100, 20_000)));
    sometimes(8, 'power cut', () => this.#powers.restart(false, chance.between(100, 60_000)));
  }

  #doorTrouble(door: HouseDoor, sometimes: (inHours: number, name: string, run: () => void) => void): void {
    const { chance } = this.#scene;
    const { lock, ports, inputs, outputs } = door;
    const until = (mostMs: number, run: () => void) => this.#in(chance.between(50, mostMs), run);
    sometimes(5, 'lock away', () => {
      lock.plug(false);
      until(3 * MINUTE_MS, () => lock.plug(true));
    });
    sometimes(8, 'relay silent', () => {
      lock.stall(true);
      until(20_000, () => lock.stall(false));
    });
    sometimes(8, 'relay fails', () => {
      lock.failNext(1 + chance.below(4));
      until(MINUTE_MS, () => lock.mend());
    });
    for (const [kind, port] of Object.entries(ports)) {
      const input = inputs[kind === 'contact' ? 'contact' : kind === 'exitButton' ? 'exitButton' : 'tamper'];
      if (input !== undefined && kind !== 'fire') sometimes(8, `${kind} away`, () => this.#away(input));
      if (kind === 'fire') continue;
      sometimes(12, `${kind} stuck`, () => {
        port.stick(true);
        until(10 * MINUTE_MS, () => port.stick(false));
      });
      if (input !== undefined && kind !== 'contact')
        sometimes(16, `${kind} chatters`, () => {
          for (let ms = 0; ms < 3_000; ms += 30) this.#in(ms, () => input.set((ms / 30) % 2 === 0));
          this.#in(3_100, () => input.set(false));
        });
    }
    sometimes(16, 'leaf slams', () => {
      for (let ms = 0; ms < 6_000; ms += 61)
        this.#in(ms, () => void (ms % 2 === 0 ? door.door.force() : door.door.hold()));
      this.#in(7_000, () => void (door.door.state().leaf === 'held' && door.door.hold()));
    });
    for (const output of outputs.values()) sometimes(12, 'lamp away', () => this.#away(output));
  }

  #away(device: Pluggable): void {
    const { chance } = this.#scene;
    if (chance.oneIn(2)) device.unplug();
    else device.fail({ code: chance.pick(FAULTS), detail: 'simulated' });
    this.#in(chance.between(50, 5 * MINUTE_MS), () => void device.replug());
  }

  /** A reader that gives all it can: codes nobody has, and one that somebody has. */
  #floodReader(reader: string): void {
    const { chance, club } = this.#scene;
    for (let count = 0; count < 150; count += 1) {
      const code = count % 50 === 49 ? chance.pick(club.people).code : `F-${chance.below(1_000_000)}`;
      this.#in(count * 20, () => this.#traffic.read(reader, code));
    }
  }

  #diskFails(): void {
    const { chance } = this.#scene;
    this.#disk.trouble = chance.pick(DISK_TROUBLES);
    this.#in(chance.between(1_000, 8 * MINUTE_MS), () => {
      this.#disk.trouble = null;
    });
  }

  /** NTP is away, and the wall clock is set wrong; later it is right again. */
  #clockJumps(): void {
    const { chance, house } = this.#scene;
    if (this.#wrongByMs !== 0) return;
    const { clock, kernel } = house;
    this.#wrongByMs = chance.pick([-2 * HOUR_MS, -50_000, 30_000, 3 * HOUR_MS, 26 * HOUR_MS]);
    kernel.setNtp(false);
    clock.setWall(clock.wall() + this.#wrongByMs);
    this.#in(chance.between(1, 60) * MINUTE_MS, () => {
      clock.setWall(clock.wall() - this.#wrongByMs);
      this.#wrongByMs = 0;
      kernel.setNtp(true);
    });
  }

  #in(ms: number, run: () => void | Promise<void>): void {
    const { agenda, house, chance } = this.#scene;
    agenda.add(house.clock.mono() + ms + chance.real(), run);
  }
}
