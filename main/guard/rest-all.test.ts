// At boot, and when the service has ended, nobody runs who could shut a door. The guard comes for a moment, reads which
// locks there are, puts each to rest and says which one it could not reach.
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { SimLock } from '../../device/sim/lock.ts';
import { parseConfig } from '../contract/config.ts';
import { configuredLocks } from './configured.ts';
import { restAll } from './rest-all.ts';

const door = (id: string, lock: object) => ({ id, lock, readers: [{ id: `${id}-in`, driver: 'sim' }] });

/** Each driver with as little as the configuration allows, and with all there is. */
const LOCKS = [
  { driver: 'sim' },
  { driver: 'serial-relay', path: '/dev/ttyUSB0' },
  { driver: 'serial-relay', protocol: 'lcus', path: '/dev/ttyUSB1', baudRate: 115_200, channel: 4, query: false },
  { driver: 'serial-relay', protocol: 'numato', path: '/dev/ttyACM0' },
  { driver: 'serial-relay', protocol: 'numato', path: '/dev/ttyACM1', channel: 31, query: true },
  { driver: 'serial-relay', protocol: 'modbus', path: '/dev/ttyUSB2' },
  { driver: 'serial-relay', protocol: 'modbus', path: '/dev/ttyUSB3', unitId: 7, channel: 12, query: true },
  { driver: 'gpio', line: 'LOCK_RELAY' },
  { driver: 'gpio', chip: 'pinctrl-rp1', line: 17, activeLow: true, bias: 'pull-down' },
  { driver: 'gpio-sysfs', chip: '/dev/gpiochip0', line: 17 },
  { driver: 'gpio-sysfs', chip: '/dev/gpiochip0', line: 18, activeLow: true },
  { driver: 'hid-relay' },
  { driver: 'hid-relay', serial: 'HURTM', channel: 2, query: true },
];

describe('the configuration', () => {
  test('is read as the controller reads it, defaults and all', () => {
    const json = { dataDir: 'data', doors: LOCKS.map((lock, index) => door(`door-${index}`, lock)) };
    const config = parseConfig(json);
    if (!config.ok) throw new Error(JSON.stringify(config.error));
    const { locks, faults } = configuredLocks(JSON.stringify(json));
    expect(faults).toEqual([]);
    expect(locks.map(({ line }) => line)).toEqual(config.value.doors.map(({ lock }) => lock));
    expect(locks.map((lock) => lock.door)).toEqual(config.value.doors.map(({ id }) => id));
  });

  test('a mistake in it keeps no other door from being put to rest', () => {
    const doors = [
      null,
      door('back', { driver: 'magic' }),
      { id: 'side' },
      door('front', { driver: 'gpio', line: 'L' }),
    ];
    const { locks, faults } = configuredLocks(JSON.stringify({ port: 'wrong', doors }));
    expect(locks.map((lock) => lock.door)).toEqual(['front']);
    expect(faults).toEqual(
      [0, 1, 2].map((index) => `doors[${index}]: its lock can't be understood, and was not put to rest`),
    );
  });

  test.each(['', 'null', '[]', '{"doors":{}}', '{"doors":', '"constructor"'])('%j has no doors', (text) => {
    expect(configuredLocks(text)).toEqual({ locks: [], faults: [expect.stringContaining('no list of doors')] });
  });

  test('names of JavaScript’s own are no drivers', () => {
    const doors = ['constructor', '__proto__', 'toString'].map((driver) => door(driver, { driver, protocol: driver }));
    expect(configuredLocks(JSON.stringify({ doors })).locks).toEqual([]);
  });
});

describe('rest', () => {
  test('each lock is opened, which puts it to rest, and let go', async () => {
    const clock = new VirtualClock();
    const locks = ['front', 'back'].map((name) => ({ door: name, port: new SimLock(clock) }));
    const found = restAll(locks, clock);
    await clock.advance(0);
    expect([...(await found).values()].map((state) => state?.ok)).toEqual([true, true]);
    expect(clock.timers()).toEqual([]);
    expect(await locks[0]?.port.set(true)).toMatchObject({ ok: false });
  });

  test('one that is away is waited for three seconds, and said', async () => {
    const clock = new VirtualClock();
    const away = new SimLock(clock);
    await away.unplug();
    const found = restAll(
      [
        { door: 'front', port: new SimLock(clock) },
        { door: 'back', port: away },
      ],
      clock,
    );
    await clock.advance(2_999);
    expect(clock.timers().map(({ name }) => name)).toEqual(['guard rest']);
    await clock.advance(1);
    const states = await found;
    expect(states.get('front')).toMatchObject({ ok: true });
    expect(states.get('back')).toMatchObject({ ok: false });
    expect(clock.timers()).toEqual([]);
  });

  test('one that comes meanwhile is put to rest', async () => {
    const clock = new VirtualClock();
    const away = new SimLock(clock);
    await away.unplug();
    const found = restAll([{ door: 'back', port: away }], clock);
    await clock.advance(1_000);
    await away.replug();
    await clock.advance(2_000);
    expect((await found).get('back')).toMatchObject({ ok: true });
  });

  test('a driver that hangs holds it up for four seconds at most', async () => {
    const clock = new VirtualClock();
    const hanging = {
      open: () => undefined,
      set: () => new Promise<never>(() => undefined),
      close: () => new Promise<never>(() => undefined),
    };
    const found = restAll([{ door: 'front', port: hanging }], clock);
    await clock.advance(3_000);
    await clock.advance(1_000);
    expect(await found).toEqual(new Map([['front', null]]));
  });

  test('without locks there is nothing to do', async () => {
    expect(await restAll([], new VirtualClock())).toEqual(new Map());
  });
});
