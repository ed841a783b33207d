// A technician asks what is wrong before calling anybody. Each answer names the part, says what was found, and what to do.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SystemClock } from '../../device/clock/system.ts';
import { CH340, FakeMachine, FTDI } from '../../device/discovery/testing.ts';
import type { GpioChip, GpioKernel, GpioLineInfo } from '../../device/lines/gpio/kernel.ts';
import { makeCertificate } from '../api/lan/testing.ts';
import { type Config, parseConfig } from '../contract/config.ts';
import { NO_SETTINGS } from '../controller/testing.ts';
import type { SiteBundle } from '../core/model.ts';
import { DAY_MS } from '../core/time/day.ts';
import { dataFiles, openStore } from '../store/data-dir.ts';
import { GYM } from '../store/testing.ts';
import { inWords } from './doctor-check.ts';
import { checkPart, partsOf } from './doctor-devices.ts';
import { accessTodo, inventory } from './doctor-inventory.ts';
import { machineChecks } from './doctor-machine.ts';
import { runningChecks } from './doctor-running.ts';
import { dataChecks, lanChecks, settingsChecks, siteChecks } from './doctor-unit.ts';

const BY_ID = '/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0';

function configOf(door: Readonly<Record<string, unknown>> = {}, more: Readonly<Record<string, unknown>> = {}): Config {
  const front = { id: 'front', lock: { driver: 'sim' }, readers: [], ...door };
  const config = parseConfig({ dataDir: 'data', doors: [front], ...more });
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  return config.value;
}

/** A chip with three lines, of which 17 is the lock's. */
function gpioWith(line: Partial<GpioLineInfo>): GpioKernel {
  const chip: GpioChip = { path: '/dev/gpiochip0', name: 'gpiochip0', label: 'pinctrl-rp1', lineCount: 54 };
  const never = () => {
    throw new Error('nothing is taken');
  };
  return {
    chips: () => [chip],
    chip: () => chip,
    line: (_, offset) => ({ offset, name: `GPIO${offset}`, used: false, consumer: '', ...(offset === 17 ? line : {}) }),
    takeOutput: never,
    takeInput: never,
  };
}

const lockCheck = (machine: FakeMachine, lock: Readonly<Record<string, unknown>>, gpio: GpioKernel | null = null) => {
  const [part] = partsOf(configOf({ lock }));
  if (part === undefined) throw new Error('a door has a lock');
  return checkPart(machine.tree, gpio, part);
};
const relay = (path: string) => ({ driver: 'serial-relay', path });

test('every part of every door is named', () => {
  const readers = [
    { id: 'in', driver: 'serial', path: '/dev/ttyACM0' },
    { id: 'cam', driver: 'camera' },
  ];
  const config = configOf({ lock: relay('/dev/ttyUSB0'), readers, inputs: { contact: { driver: 'sim' } } });
  expect(partsOf(config).map(({ name, part }) => [name, part.driver])).toEqual([
    ['doors/front/lock', 'serial-relay'],
    ['doors/front/readers/in', 'serial'],
    ['doors/front/readers/cam', 'camera'],
    ['doors/front/inputs/contact', 'sim'],
  ]);
});

test('a port that isn’t there: what else there is', () => {
  const machine = new FakeMachine().usbSerial('ttyUSB0', '1-1', FTDI).link(BY_ID, '/dev/ttyUSB0');
  expect(lockCheck(machine, relay('/dev/ttyUSB7'))).toEqual({
    name: 'doors/front/lock',
    ok: false,
    detail: '/dev/ttyUSB7 is not there',
    todo: `plug it in, or write another name, such as ${BY_ID}`,
  });
  // A tree of plain files stands for a machine: what is no device is told as what it is.
  expect(lockCheck(machine, relay(BY_ID))).toMatchObject({ ok: false, detail: `${BY_ID} is a file, not a device` });
  machine.file('/dev/serial/readme');
  expect(lockCheck(machine, relay('/dev/serial'))).toMatchObject({
    ok: false,
    detail: '/dev/serial is a folder, not a device',
  });
});

test.each([
  [{}, true, 'is there and free', null],
  [{ used: true, consumer: 'lirc' }, false, 'is held by lirc', 'end that program'],
  [{ used: true, consumer: '' }, false, 'is held by the kernel', 'another line'],
  [{ used: true, consumer: 'sysfs' }, false, 'exported through /sys/class/gpio', 'unexport'],
])('a GPIO line %j', (line, ok, detail, todo) => {
  const machine = new FakeMachine().file('/dev/gpiochip0');
  const check = lockCheck(machine, { driver: 'gpio', chip: 'pinctrl-rp1', line: 17 }, gpioWith(line));
  expect(check).toMatchObject({ ok, detail: expect.stringContaining(detail) });
  if (todo === null) expect(check.todo).toBeNull();
  else expect(check.todo).toContain(todo);
});

test('a GPIO line of no chip, on no machine, and of the old kind', () => {
  const machine = new FakeMachine().file('/dev/gpiochip0').file('/sys/class/gpio/export');
  expect(lockCheck(machine, { driver: 'gpio', chip: 'other', line: 1 }, gpioWith({}))).toMatchObject({ ok: false });
  expect(lockCheck(machine, { driver: 'gpio', chip: 'other', line: 1 })).toMatchObject({ ok: false });
  const old = { driver: 'gpio-sysfs', chip: 'pinctrl', line: 1 };
  expect(lockCheck(machine, old)).toMatchObject({ ok: true, todo: expect.stringContaining('driver gpio') });
  expect(lockCheck(new FakeMachine(), old)).toMatchObject({ ok: false });
});

test('HID devices: the relay board, the only scanner, one of two', () => {
  const machine = new FakeMachine().hid('hidraw0', 'HID_ID=0003:000016C0:000005DF\nHID_NAME=USBRelay2\n');
  expect(lockCheck(machine, { driver: 'hid-relay' })).toMatchObject({
    ok: true,
    detail: expect.stringContaining('USBRelay2'),
  });
  const reader = (more: object) => {
    const [, part] = partsOf(configOf({ readers: [{ id: 'in', driver: 'hid', ...more }] }));
    if (part === undefined) throw new Error('there is a reader');
    return checkPart(machine.tree, null, part);
  };
  expect(reader({})).toMatchObject({ ok: false });
  machine.hid('hidraw1', 'HID_ID=0003:00000C2E:00000B61\nHID_NAME=Scanner\nHID_UNIQ=A\n', [0x05, 0x8c]);
  expect(reader({})).toMatchObject({ ok: true, todo: null });
  machine.hid('hidraw2', 'HID_ID=0003:00000C2E:00000B61\nHID_NAME=Scanner\nHID_UNIQ=B\n', [0x05, 0x8c]);
  expect(reader({})).toMatchObject({ ok: true, todo: expect.stringContaining('2 devices fit') });
  expect(reader({ vendorId: '0c2e', productId: '0b61', serial: 'B' })).toMatchObject({
    ok: true,
    todo: null,
    detail: expect.stringContaining('/dev/hidraw2'),
  });
  expect(reader({ vendorId: '0c2e', serial: 'C' })).toMatchObject({ ok: false });
});

test('a scanner that pretends to be a keyboard: its input device', () => {
  const machine = new FakeMachine();
  const folder = '/sys/class/input/event4/device';
  const [, part] = partsOf(
    configOf({ readers: [{ id: 'in', driver: 'hid-keyboard', vendorId: '05fe', productId: '1010' }] }),
  );
  if (part === undefined) throw new Error('there is a reader');
  expect(checkPart(machine.tree, null, part)).toMatchObject({ ok: false });
  machine
    .file(`${folder}/id/vendor`, '05fe\n')
    .file(`${folder}/id/product`, '1010\n')
    .file(`${folder}/name`, 'Scanner\n');
  machine.file(`${folder}/capabilities/key`, '1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe\n');
  machine.file('/dev/input/event4').file('/sys/class/input/mouse0/device/id/vendor', '05fe\n');
  expect(checkPart(machine.tree, null, part)).toMatchObject({
    ok: true,
    detail: expect.stringContaining('/dev/input/event4 Scanner'),
  });
});

test('what is plugged in, with the name to write; without udev, why there is none', () => {
  const machine = new FakeMachine().usbSerial('ttyUSB0', '1-1', FTDI).link(BY_ID, '/dev/ttyUSB0');
  machine.usbSerial('ttyUSB1', '1-2', CH340).hid('hidraw0', 'HID_ID=0003:000016C0:000005DF\nHID_NAME=USBRelay2\n');
  machine.file('/dev/gpiochip0').file('/sys/class/video4linux/video0/name', 'Cam').file('/dev/video0');
  const checks = inventory(machine.tree, gpioWith({ used: true, consumer: 'genkan' }));
  const of = (name: string) => checks.find((check) => check.name === name);
  expect(checks.every(({ ok }) => ok)).toBe(true);
  expect(of('serial /dev/ttyUSB0')?.detail).toBe(`"path": "${BY_ID}": 0403:6001 FTDI FT232R USB UART, serial A50285BI`);
  expect(of('serial /dev/ttyUSB1')?.todo).toContain('no stable name');
  expect(of('udev')?.detail).toContain('does not run');
  expect(of('hid /dev/hidraw0')?.detail).toContain('hid-relay');
  expect(of('gpio /dev/gpiochip0')?.detail).toContain('"chip": "pinctrl-rp1", 54 lines; in use: 17 GPIO17 (genkan)');
  expect(of('camera /dev/video0')?.detail).toBe('Cam');
  const empty = inventory(new FakeMachine().tree, null).map(({ detail }) => detail);
  expect(empty).toEqual(
    expect.arrayContaining([expect.stringContaining('/sys is not there'), expect.stringContaining('hidraw')]),
  );
});

test.each([
  ['/dev/ttyUSB0', 'dialout', 'sudo usermod -aG dialout USER'],
  ['/dev/ttyUSB0', 'root', 'gives it to the group dialout'],
  ['/dev/hidraw0', 'root', 'gives it to the group plugdev'],
  ['/dev/gpiochip0', 'root', 'gives it to the group gpio'],
  ['/dev/input/event0', 'root', 'gives it to the group input'],
])('%s of the group %s that this user may not open', (path, group, todo) => {
  // Tests may run as root, whom nothing is refused.
  const node = { kind: 'character', target: path, readable: true, writable: false, group, lockName: '' } as const;
  expect(accessTodo({ node: () => node }, path)).toContain(todo);
  expect(accessTodo({ node: () => ({ ...node, writable: true }) }, path)).toBeNull();
});

const FACTS = { nodeVersion: '24.21.0', now: Date.UTC(2026, 10, 22), clock: 'synced', usesGpio: true } as const;

test('the machine: what is too old, doubtful, unset or wedged', () => {
  const machine = new FakeMachine().file('/proc/sys/kernel/osrelease', '5.4.0').file('/boot/config.txt', '# nothing');
  machine.file('/proc/device-tree/model', 'Raspberry Pi 4').file('/sys/class/gpio/gpio529/value', '1');
  machine.file('/sys/class/watchdog/watchdog0/state', 'inactive');
  const checks = machineChecks(machine.tree, { ...FACTS, nodeVersion: '20.1.0', clock: 'doubtful' });
  const failed = checks.filter(({ ok }) => !ok).map(({ name }) => name);
  expect(failed).toEqual(['node', 'kernel', 'clock', 'strict_gpiod', 'sysfs 529']);
  expect(checks.find(({ name }) => name === 'watchdog')?.todo).toContain('RuntimeWatchdogSec');
  const good = new FakeMachine().file('/proc/sys/kernel/osrelease', '6.12.1');
  expect(machineChecks(good.tree, FACTS).filter(({ ok }) => !ok)).toEqual([]);
  expect(machineChecks(good.tree, { ...FACTS, clock: 'held' }).find(({ name }) => name === 'clock')).toMatchObject({
    ok: true,
    todo: expect.stringContaining('NTP'),
  });
});

function dataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'genkan-data-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'data');
}

test('the data folder: before the first start, after it, with an open key, and damaged', () => {
  const folder = dataDir();
  const look = () => dataChecks(folder, dataFiles(folder));
  const failed = () => look().flatMap(({ name, ok }) => (ok ? [] : [name]));
  expect(look().map(({ name, ok }) => [name, ok])).toEqual([
    ['data/space', true],
    ['data/permission', true],
    ['data/database', true],
  ]);
  const store = openStore(folder, 'write');
  if (store.ok) store.value.close();
  expect(failed()).toEqual([]);
  const { key, database } = dataFiles(folder);
  chmodSync(key, 0o644);
  expect(failed()).toEqual(['data/key']);
  chmodSync(key, 0o600);
  const copies = () => look().filter(({ name }) => name === 'data/copies');
  expect(copies()).toEqual([]);
  for (const name of ['damaged-1', 'damaged-1-wal', 'put-back-1']) writeFileSync(`${database}.${name}`, '');
  const [may, june] = [new Date('2026-05-04T00:00:00Z'), new Date('2026-06-05T00:00:00Z')];
  utimesSync(`${database}.damaged-1`, may, may);
  utimesSync(`${database}.damaged-1-wal`, june, june);
  expect(copies()).toMatchObject([
    { ok: true, detail: expect.stringMatching(/damaged-N: 1, since 2026-06-05; .*put-back-N: 1, since 20/) },
  ]);
  writeFileSync(`${database}.damaged-2`, '');
  utimesSync(`${database}.damaged-2`, may, may);
  expect(copies()).toMatchObject([{ detail: expect.stringContaining('damaged-N: 2, since 2026-05-04; ') }]);
  rmSync(`${database}.damaged-2`);
  for (const name of ['put-back-2', 'put-back-3']) writeFileSync(`${database}.${name}`, '');
  expect(copies()).toMatchObject([{ ok: false, todo: expect.stringContaining('no further epoch') }]);
  for (const count of [1, 2, 3]) rmSync(`${database}.put-back-${count}`);
  writeFileSync(database, 'not a database, but something else altogether, and rather long');
  expect(failed()).toEqual(['data/database']);
});

test('a file where the data folder should be can’t be written', () => {
  const folder = dataDir();
  mkdirSync(join(folder, '..'), { recursive: true });
  writeFileSync(folder, '');
  expect(dataChecks(join(folder, 'data'), dataFiles(join(folder, 'data'))).every(({ ok }) => ok)).toBe(false);
});

const door = (
  id: string,
  passback: 'deny' | 'off',
  placeId = 'gym',
  policy: SiteBundle['doors'][number]['policy'] = 'plan',
) => ({ id, placeId, name: id, policy, admitsPlans: null, passback }) as const;

test.each([
  ['without a reader', {}, {}, false],
  ['with an entrance reader alone', { readers: [{ id: 'x', driver: 'sim' }] }, {}, false],
  ['with a toggle reader', { readers: [{ id: 'x', driver: 'sim', direction: 'toggle' }] }, {}, true],
  ['with a terminal at the exit', {}, { lan: lanWith('out') }, true],
  ['with a terminal at the entrance', {}, { lan: lanWith('in') }, false],
])('anti-passback deny %s', (_, front, more, ok) => {
  const site = { ...GYM, doors: [door('front', 'deny'), door('face', 'off'), door('pool', 'deny', 'pool')] };
  const checks = siteChecks(configOf(front, more), alone(site), null).filter(({ name }) =>
    name.startsWith('passback/'),
  );
  expect(checks).toMatchObject([{ name: 'passback/front', ok }]);
  if (!ok) expect(checks[0]?.todo).toContain('direction out');
});

function alone(site: SiteBundle | null) {
  return { site, isPaired: false };
}

function lanWith(direction: 'in' | 'out') {
  const terminal = { id: 't', doorId: 'face', direction, tokenDigest: 'a'.repeat(64), from: ['127.0.0.1'] };
  return { host: '127.0.0.1', port: 0, tls: null, terminals: [terminal] };
}

test('doors: unknown ones are a mistake, those of other units a note; a terminal’s door has a policy', () => {
  const config = configOf({}, { lan: lanWith('in') });
  const of = (...doors: SiteBundle['doors']) => siteChecks(config, alone({ ...GYM, doors }), null);
  expect(of(door('other', 'off'))).toMatchObject([{ ok: false, detail: expect.stringContaining('doors[0].id') }]);
  expect(of(door('front', 'off'), door('face', 'off'), door('back', 'off'))).toMatchObject([
    { ok: true, todo: expect.stringContaining('back') },
    { name: 'terminals/t', ok: true, todo: expect.stringContaining('record-only') },
  ]);
  expect(of(door('front', 'off'), door('face', 'off', 'gym', 'record-only'))).toMatchObject([{ ok: true, todo: null }]);
});

test('a unit of a hub is told to pair, and afterwards that its site comes from there', () => {
  const config = configOf({}, { hub: { url: 'https://hub.example/' } });
  expect(siteChecks(config, alone(null), null)).toMatchObject([{ ok: true, todo: expect.stringContaining('pair') }]);
  const paired = siteChecks(config, { site: null, isPaired: true }, null);
  expect(paired).toMatchObject([{ ok: true, detail: expect.stringContaining('from the hub') }]);
});

test('a site that is only a file yet is looked into, too', () => {
  const file = join(dataDir(), '../site.json');
  expect(siteChecks(configOf(), alone(null), null)).toMatchObject([
    { ok: true, todo: expect.stringContaining('import') },
  ]);
  expect(siteChecks(configOf(), alone(null), file)).toMatchObject([{ ok: false }]);
  writeFileSync(file, JSON.stringify({ ...GYM, doors: [door('front', 'deny')] }));
  expect(siteChecks(configOf(), alone(null), file).map(({ name, ok }) => [name, ok])).toEqual([
    ['site', true],
    ['site/doors', true],
    ['passback/front', false],
  ]);
  writeFileSync(file, '{"format":"genkan-site/1"}');
  expect(siteChecks(configOf(), alone(null), file)).toMatchObject([{ name: 'site', ok: false }]);
});

test('the LAN’s certificate: good, soon over, over, not its key’s, not there', () => {
  const { files, remove } = makeCertificate();
  onTestFinished(remove);
  chmodSync(files.key, 0o600);
  const now = new SystemClock().wall();
  const look = (tls: object | null, at = now) =>
    lanChecks(configOf({}, { lan: { ...lanWith('in'), tls } }), at).map(({ ok, todo }) => [ok, todo === null]);
  expect(look(files, now - 5 * DAY_MS)).toEqual([
    [true, true],
    [true, true],
  ]);
  expect(look(files, now + 5 * DAY_MS)).toEqual([
    [true, false],
    [true, true],
  ]);
  expect(look(files, now + 31 * DAY_MS)).toEqual([
    [false, false],
    [true, true],
  ]);
  expect(look({ cert: files.cert, key: files.cert })).toEqual([[false, false]]);
  expect(look({ cert: '/nonexistent', key: files.key })).toEqual([[false, false]]);
  expect(look(null)).toEqual([[true, true]]);
  expect(lanChecks(configOf(), now)).toEqual([]);
});

test('settings: what is there, where they come from, and what is wrong with a file before it is taken in', () => {
  const folder = mkdtempSync(join(tmpdir(), 'genkan-settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [site, file] = [join(folder, 'site.json'), join(folder, 'settings.json')];
  const write = (name: string, content: unknown) => writeFileSync(name, JSON.stringify(content));
  const none = { imported: null, site: null, isPaired: false };
  const [check] = settingsChecks({ ...none, imported: { ...NO_SETTINGS, tenant: 'club' } }, null, file);
  expect(check).toMatchObject({ ok: true, detail: expect.stringContaining('passes by 0 keys') });
  expect(check?.detail).not.toContain('club');
  const looked = (look: Partial<typeof none>, from: string | null = file) =>
    settingsChecks({ ...none, ...look }, site, from);
  expect(looked({}, null)).toMatchObject([{ ok: true, detail: expect.stringContaining('no passes are taken') }]);
  expect(looked({})).toMatchObject([{ ok: false, detail: expect.stringContaining('is not there') }]);
  expect(looked({ isPaired: true })).toMatchObject([{ ok: true, detail: expect.stringContaining('from the hub') }]);
  write(file, NO_SETTINGS);
  expect(looked({})).toMatchObject([{ ok: true, todo: expect.stringContaining('site first') }]);
  write(site, GYM);
  expect(looked({})).toMatchObject([{ ok: true, detail: expect.stringContaining('at the next start') }]);
  write(file, { ...NO_SETTINGS, staticCodesOff: ['no such plan'] });
  expect(looked({})).toMatchObject([
    { name: 'settings', ok: false, detail: expect.stringContaining('staticCodesOff[0]') },
  ]);
});

test('a running controller speaks for its devices', () => {
  const checks = runningChecks({
    ...{ status: 'degraded', pid: 7, version: '1', clock: 'synced', hub: null, peers: { ofSite: 2, heard: 1 } },
    doors: [{ id: 'front', state: 'open', alarms: ['held'] }],
    devices: [
      { id: 'front.lock', door: 'front', ok: false, detail: '/dev/ttyUSB0 is not there' },
      { id: 'front-in', door: 'front', ok: true, detail: '/dev/ttyACM0 at 9600 baud' },
    ],
  });
  expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
    ['controller', true],
    ['peers', true],
    ['doors/front/front.lock', false],
    ['doors/front/front-in', true],
    ['doors/front', false],
  ]);
});

test('in words: a line a check, what to do below it, the sum at the end', () => {
  const checks = [
    { name: 'a', ok: true, detail: 'good', todo: null },
    { name: 'long', ok: true, detail: 'better', todo: 'do it' },
    { name: 'b', ok: false, detail: 'bad', todo: 'mend it' },
  ];
  expect(inWords(checks)).toBe(
    'ok    a     good\nnote  long  better\n            → do it\nFAIL  b     bad\n            → mend it\n1 of 3 checks failed\n',
  );
});

test.each([
  ['live', 10, true, null],
  ['snapshot', null, true, null],
  ['away', 3_600, true, /goes on by itself/],
  ['away', 2 * 86_400, false, /goes on by itself/],
  ['unpaired', null, false, /genkan pair URL CODE/],
  // It is not paired again as what it was.
  ['revoked', 10, false, /genkan wipe .*genkan export --events .*with an empty dataDir$/],
] as const)('a hub that is %s, with data of %s s, is well: %s', (state, dataAgeSeconds, ok, todo) => {
  const running = { status: 'ok', pid: 7, version: '1', clock: 'synced', peers: null } as const;
  const checks = runningChecks({ ...running, doors: [], devices: [], hub: { state, dataAgeSeconds, queue: 3 } });
  expect(checks.find(({ name }) => name === 'hub')).toMatchObject({
    ...{ ok, detail: expect.stringContaining('3 events') },
    todo: todo === null ? null : expect.stringMatching(todo),
  });
});
