// Lamps beside the door show what the screen shows, for three seconds; the buzzer sounds as long as an alarm does; and one
// that was pulled out goes on where it was when it is back.
import { expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { SimLock } from '../../device/sim/lock.ts';
import { parseConfig } from '../contract/config.ts';
import type { OutputName } from '../contract/devices.ts';
import type { PageMessage } from '../contract/page.ts';
import { BoardParts } from './board-parts.ts';
import { DeviceBoard } from './device-board.ts';
import { DoorSignals, makeOutputs } from './door-signals.ts';

const NAMES: readonly OutputName[] = ['buzzer', 'admitted', 'refused'];

const DECISION: Extract<PageMessage, { kind: 'decision' }> = {
  ...{ kind: 'decision', event: 1, at: 0, doorId: 'front', readerId: 'in', direction: 'in', granted: true },
  ...{ reason: 'plan', alert: 'none', warnings: [], remaining: null, stay: null, overstayUntil: null, remedy: null },
  names: { member: null, plan: null, band: null, ticket: null, program: null },
};

function status(alarms: Extract<PageMessage, { kind: 'status' }>['doors'][number]['alarms']): PageMessage {
  const door = {
    id: 'front',
    name: 'front',
    state: 'locked',
    alarms,
    camera: null,
    wedge: null,
  } as const;
  return {
    ...{
      kind: 'status',
      version: '1',
      site: { name: 's', timezone: 'Asia/Tokyo' },
      languages: ['ja'],
      helpPhone: null,
      reach: false,
      ways: { provisional: null, carryOver: null },
    },
    ...{ clock: 'synced', doubt: null, store: 'works', degraded: false, hub: null, devices: [], demo: null },
    doors: [{ ...door, placeCode: [], alarms: [...alarms], onDoubtfulClock: 'trust', onStoreFailure: 'refuse' }],
  };
}

async function open() {
  const config = parseConfig({
    dataDir: 'd',
    doors: [
      {
        id: 'front',
        lock: { driver: 'sim' },
        readers: [],
        outputs: Object.fromEntries(NAMES.map((name) => [name, { driver: 'sim' }])),
      },
    ],
  });
  if (!config.ok) throw new Error('the configuration is good');
  const clock = new VirtualClock();
  const devices = new DeviceBoard(() => undefined);
  const outputs = makeOutputs(config.value, clock, new BoardParts(config.value, () => false));
  const port = (name: OutputName): SimLock => {
    const found = outputs.get('front')?.get(name);
    if (!(found instanceof SimLock)) throw new Error('no output');
    return found;
  };
  const signals = new DoorSignals(clock, config.value, outputs, devices);
  signals.start();
  onTestFinished(() => signals.stop());
  await clock.advance(0);
  return { clock, devices, signals, port, on: () => NAMES.filter((name) => port(name).energised) };
}

test('a decision lights its lamp for three seconds; the next one takes over', async () => {
  const { clock, signals, on } = await open();
  signals.follow(DECISION);
  expect(on()).toEqual(['admitted']);
  await clock.advance(2_000);
  signals.follow({ ...DECISION, granted: false });
  expect(on()).toEqual(['refused']);
  await clock.advance(2_999);
  expect(on()).toEqual(['refused']);
  await clock.advance(1);
  expect(on()).toEqual([]);
  signals.follow({ ...DECISION, doorId: 'elsewhere' });
  expect(on()).toEqual([]);
});

test('the buzzer sounds from the first alarm to the last, also after it was away', async () => {
  const { clock, devices, signals, port, on } = await open();
  signals.follow(status(['forced']));
  expect(on()).toEqual(['buzzer']);
  port('buzzer').unplug();
  expect(devices.list().find(({ id }) => id === 'front.buzzer')).toMatchObject({
    kind: 'output',
    state: { ok: false },
  });
  port('buzzer').replug();
  await clock.advance(0);
  expect(on()).toEqual(['buzzer']);
  signals.follow(status([]));
  expect(on()).toEqual([]);
});

test('stopped, all is off and no timer is left', async () => {
  const { clock, signals, on } = await open();
  signals.follow(DECISION);
  await signals.stop();
  expect(on()).toEqual([]);
  expect(clock.timers()).toEqual([]);
});
