/** The whole unit on real lines: the bundled controller with its guard, store and page's server. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { openSync, writeSync } from 'node:fs';
import { Appliance, guardsOf, type RecordedEvent, UnitFolder } from '../../e2e/appliance.ts';
import type { Check, Guest, Suite } from './check.ts';
import { GpioSim } from './gpio-sim.ts';
import { GpioTrace } from './trace.ts';

const RELAY = 3;
const CONTACT = 4;
const BUTTON = 5;
const FIRE = 6;
const PULSE_MS = 2_000;
const MAX_PULSE_MS = 4_000;
const HELD_AFTER_MS = 5_000;
const WATCHDOG_MS = 6_000;

/** One unit for all checks: its start takes seconds here. */
class Stand {
  readonly sim: GpioSim;
  readonly folder: UnitFolder;
  readonly appliance: Appliance;
  readonly trace = new GpioTrace();
  readonly notified: string[];

  private constructor(sim: GpioSim, folder: UnitFolder, appliance: Appliance, notified: string[]) {
    this.sim = sim;
    this.folder = folder;
    this.appliance = appliance;
    this.notified = notified;
  }

  static async start(guest: Guest): Promise<Stand> {
    // It stays until the machine's end.
    const sim = new GpioSim({ ...guest, after: () => undefined });
    sim.pull(RELAY, 'up');
    sim.pull(FIRE, 'up');
    const line = (offset: number) => ({ driver: 'gpio', chip: sim.label, line: offset });
    const input = (offset: number) => ({ ...line(offset), debounceMs: 50 });
    const folder = new UnitFolder({
      doors: [
        {
          id: 'front',
          ...{ pulseMs: PULSE_MS, maxPulseMs: MAX_PULSE_MS, heldAfterMs: HELD_AFTER_MS },
          lock: line(RELAY),
          readers: [{ id: 'front-in', driver: 'sim', direction: 'in' }],
          inputs: { contact: input(CONTACT), exitButton: input(BUTTON), fire: input(FIRE) },
        },
      ],
    });
    const { address, notified } = await listenAsServiceManager(guest);
    const env = { NOTIFY_SOCKET: address, WATCHDOG_USEC: String(WATCHDOG_MS * 1_000) };
    return new Stand(sim, folder, await Appliance.start(folder, { env }), notified);
  }

  get energised(): boolean {
    return this.sim.value(RELAY) === 1;
  }

  events(type: string): RecordedEvent[] {
    return this.folder.events().filter((event) => event.type === type);
  }

  async alarms(wanted: readonly string[]): Promise<void> {
    await this.appliance.healthy(`the alarms ${wanted}`, ({ doors }) => doors[0]?.alarms.join() === wanted.join());
  }

  async rests(guest: Guest): Promise<void> {
    await guest.wait('the relay rests', () => !this.energised);
  }
}

/** What systemd would hear. */
async function listenAsServiceManager(
  guest: Guest,
): Promise<{ readonly address: string; readonly notified: string[] }> {
  const address = '/run/notify';
  const notified: string[] = [];
  const listener = spawn('socat', ['-u', '-d', '-d', `UNIX-RECV:${address}`, '-'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  listener.stderr.on('data', (bytes: Buffer) => {
    log += bytes.toString();
  });
  listener.stdout.on('data', (bytes: Buffer) => notified.push(...(bytes.toString().match(/[A-Z]+=1/g) ?? [])));
  await guest.wait('socat listens', () => log.includes('starting data transfer loop'), { seen: () => log });
  return { address, notified };
}

let stand: Promise<Stand> | null = null;

function standing(guest: Guest): Promise<Stand> {
  stand ??= Stand.start(guest);
  return stand;
}

const starts: Check = {
  name: 'the unit starts, takes its line at rest and is well',
  async run(guest) {
    const unit = await standing(guest);
    await unit.appliance.healthy(
      'all is well',
      ({ status, devices }) => status === 'ok' || devices.every(({ ok }) => ok),
    );
    assert.equal(unit.energised, false);
  },
};

const admitted: Check = {
  name: 'a member’s code: the relay goes 0, 1, 0 for one pulse, and nobody’s passing is on the record',
  async run(guest) {
    const unit = await standing(guest);
    const before = guest.clock.mono();
    assert.equal(await unit.appliance.demo('scan', { reader: 'front-in', code: 'M0001' }), 200);
    await guest.wait('the relay', () => unit.energised);
    await unit.rests(guest);
    const sets = unit.trace.sets().filter(({ mono }) => mono > before);
    assert.deepEqual(
      sets.map(({ value }) => value),
      [1, 0],
    );
    const [on, off] = sets;
    const tookMs = (off?.mono ?? 0) - (on?.mono ?? 0);
    assert.ok(tookMs >= PULSE_MS - 100 && tookMs < PULSE_MS + 1_500, `${tookMs} ms`);
    await guest.wait('the outcome', () => unit.events('outcome').length === 1);
  },
};

const refused: Check = {
  name: 'a refused member: the relay does not move',
  async run(guest) {
    const unit = await standing(guest);
    const before = guest.clock.mono();
    await unit.appliance.demo('scan', { reader: 'front-in', code: 'M0002' });
    await guest.wait('the record', () => unit.events('scan').length === 2);
    assert.deepEqual(
      unit.trace.sets().filter(({ mono }) => mono > before),
      [],
    );
  },
};

const exitButton: Check = {
  name: 'the exit button, bouncing: the door opens once',
  async run(guest) {
    const unit = await standing(guest);
    const before = guest.clock.mono();
    for (let bounce = 0; bounce < 6; bounce += 1) unit.sim.pull(BUTTON, bounce % 2 === 0 ? 'up' : 'down');
    unit.sim.pull(BUTTON, 'up');
    await guest.wait('the relay', () => unit.energised);
    unit.sim.pull(BUTTON, 'down');
    await unit.rests(guest);
    const values = unit.trace.sets().filter(({ mono }) => mono > before);
    assert.deepEqual(
      values.map(({ value }) => value),
      [1, 0],
    );
  },
};

const forced: Check = {
  name: 'the leaf opens without a grant: alarm; shut again: none',
  async run(guest) {
    const unit = await standing(guest);
    unit.sim.pull(CONTACT, 'up');
    await unit.alarms(['forced']);
    unit.sim.pull(CONTACT, 'down');
    await unit.alarms([]);
    assert.equal(unit.energised, false);
  },
};

const held: Check = {
  name: 'the leaf stays open after a grant: alarm when its time is over; shut again: none',
  async run(guest) {
    const unit = await standing(guest);
    await unit.appliance.demo('scan', { reader: 'front-in', code: 'M0001' });
    await guest.wait('the relay', () => unit.energised);
    unit.sim.pull(CONTACT, 'up');
    await unit.rests(guest);
    await unit.alarms(['held']);
    unit.sim.pull(CONTACT, 'down');
    await unit.alarms([]);
  },
};

const fire: Check = {
  name: 'the fire panel’s wire is cut: released and held through three renewals without a drop, and held when it is whole',
  async run(guest) {
    const unit = await standing(guest);
    unit.sim.pull(FIRE, 'down');
    await guest.wait('the relay', () => unit.energised);
    const began = guest.clock.mono();
    await guest.wait('twice the longest pulse', () => guest.clock.mono() > began + 2 * MAX_PULSE_MS);
    unit.sim.pull(FIRE, 'up');
    await guest.wait('the longest pulse once more', () => guest.clock.mono() > began + 3 * MAX_PULSE_MS);
    assert.equal(unit.energised, true);
    assert.deepEqual(
      unit.trace.sets().filter(({ mono }) => mono > began),
      [],
    );
  },
};

const watchdog: Check = {
  name: 'a hung controller gives no sign of life: its lines rest, and the watchdog resets the machine',
  async run(guest) {
    const unit = await standing(guest);
    assert.equal(unit.notified[0], 'READY=1');
    await guest.wait('signs of life', () => unit.notified.filter((state) => state === 'WATCHDOG=1').length > 2);
    guest.modprobe(['softdog', 'soft_margin=8']);
    const dog = openSync('/dev/watchdog', 'w');
    writeSync(dog, '1');
    let signs = 0;
    const feed = (): void => {
      if (unit.notified.length > signs) writeSync(dog, '1');
      signs = unit.notified.length;
      guest.clock.after('dog food', 500, feed);
    };
    feed();
    const fed = guest.clock.mono();
    await guest.wait('longer than the watchdog waits', () => guest.clock.mono() > fed + 10_000);
    assert.equal(guardsOf(unit.appliance.pid).length, 1);
    process.kill(unit.appliance.pid, 'SIGSTOP');
    await unit.rests(guest);
    guest.resetIsDue(45_000, 'softdog');
    await new Promise(() => undefined);
  },
};

export const unit: Suite = {
  name: 'unit',
  checks: [starts, admitted, refused, exitButton, forced, held, fire, watchdog],
};
