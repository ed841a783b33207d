/** Readers and relay boards on USB, as the kernel brings them: plugged in, pulled out in mid-report, put back. */
import assert from 'node:assert/strict';
import { closeSync, constants, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { DeviceState } from '../../../device/ports.ts';
import { makeReader } from '../../../device/readers/open.ts';
import type { ReaderConfig } from '../../../main/contract/config.ts';
import { makeLocks } from '../../../main/guard/locks.ts';
import type { LockLine } from '../../../main/guard/protocol.ts';
import type { Check, Guest, Suite } from './check.ts';
import { AcmGadget } from './gadget.ts';
import { keystrokes, scannerReports, UhidDevice } from './uhid.ts';

const LCUS_ON = 'a00101a2';
const LCUS_OFF = 'a00100a1';

function reading(guest: Guest, config: ReaderConfig) {
  const port = makeReader(config, guest.clock);
  if (port === null) throw new Error('that reader has no port');
  const codes: string[] = [];
  const states: DeviceState[] = [];
  port.open({ reading: ({ text }) => codes.push(text), state: (state) => states.push(state) });
  guest.after(() => port.close());
  return { codes, ...waits(guest, states), reads: readsOf(guest, codes, states) };
}

function readsOf(guest: Guest, codes: readonly string[], states: readonly DeviceState[]) {
  return (...wanted: string[]) =>
    guest.wait(`the codes ${wanted}`, () => codes.join() === wanted.join(), {
      seen: () => JSON.stringify([codes, states]),
    });
}

function waits(guest: Guest, states: readonly DeviceState[]) {
  const becomes = (wanted: string) =>
    guest.wait(
      `the device is ${wanted}`,
      () => {
        const state = states.at(-1);
        return (state?.ok ? 'ok' : state?.code) === wanted;
      },
      { seen: () => JSON.stringify(states) },
    );
  return { states, becomes };
}

function locked(guest: Guest, line: LockLine) {
  const [opened] = makeLocks([{ door: 'front', maxPulseMs: 10_000, line }], guest.clock);
  if (opened === undefined) throw new Error('no lock was made');
  const { port } = opened;
  const states: DeviceState[] = [];
  port.open({ state: (state) => states.push(state) });
  guest.after(() => port.close());
  return { port, ...waits(guest, states) };
}

const SCANNER = { kind: 'scanner', vendorId: 0x0c2e, productId: 0x0b61, name: 'POS scanner', serial: 'HIL1' } as const;
const KEYBOARD = { kind: 'keyboard', vendorId: 0x05f9, productId: 0x2214, name: 'Scanner', serial: 'HIL2' } as const;
const RELAYS = { kind: 'relays', vendorId: 0x16c0, productId: 0x05df, name: 'USBRelay2', serial: '' } as const;
const LONG = 'a code longer than one report, '.repeat(5).trim();

const pos: Check = {
  name: 'a POS scanner: short and long codes; pulled out in mid-code nothing is read, put back all is',
  async run(guest) {
    const scanner = new UhidDevice(guest, SCANNER);
    const { vendorId, productId } = SCANNER;
    const { reads, becomes } = reading(guest, {
      ...{ id: 'in', direction: 'in', driver: 'hid', vendorId, productId, serial: null },
    });
    await becomes('ok');
    for (const code of ['M0001', LONG]) for (const report of scannerReports(code)) scanner.send(report);
    await reads('M0001', LONG);
    const [first = new Uint8Array()] = scannerReports(LONG);
    scanner.send(first);
    scanner.unplug();
    await becomes('unplugged');
    scanner.plug();
    await becomes('ok');
    for (const report of scannerReports('M0002')) scanner.send(report);
    await reads('M0001', LONG, 'M0002');
  },
};

const keyboard: Check = {
  name: 'a keyboard scanner: nobody else hears what it types; pulled out in mid-code nothing is read, put back all is',
  async run(guest) {
    const scanner = new UhidDevice(guest, KEYBOARD);
    const { vendorId, productId } = KEYBOARD;
    const { reads, becomes } = reading(guest, {
      ...{
        id: 'in',
        direction: 'in',
        driver: 'hid-keyboard',
        vendorId,
        productId,
        serial: null,
        path: null,
        layout: 'us',
      },
    });
    await becomes('ok');
    const bystander = openSync(eventDeviceOf(KEYBOARD.name), constants.O_RDONLY | constants.O_NONBLOCK);
    guest.after(() => closeSync(bystander));
    for (const report of keystrokes('m0001')) scanner.send(report);
    await reads('m0001');
    assert.throws(() => readSync(bystander, Buffer.alloc(240)), { code: 'EAGAIN' });
    for (const report of keystrokes('m9').slice(0, 3)) scanner.send(report);
    scanner.unplug();
    await becomes('unplugged');
    scanner.plug();
    await becomes('ok');
    for (const report of keystrokes('m0002')) scanner.send(report);
    await reads('m0001', 'm0002');
  },
};

/** The input device of a name. */
function eventDeviceOf(name: string): string {
  const folder = '/sys/class/input';
  const event = readdirSync(folder).find(
    (entry) => entry.startsWith('event') && readFileSync(join(folder, entry, 'device/name'), 'utf8').trim() === name,
  );
  if (event === undefined) throw new Error(`no input device is called ${name}`);
  return join('/dev/input', event);
}

const hidRelay: Check = {
  name: 'a HID relay board: energised, asked, at rest; pulled out while energised it is told, put back it rests',
  async run(guest) {
    const board = new UhidDevice(guest, RELAYS);
    board.relays = 0b11;
    const { port, becomes } = locked(guest, { driver: 'hid-relay', serial: null, channel: 2, query: true });
    await becomes('ok');
    assert.equal(board.relays, 0b01, 'it rests from the start, and its neighbour is left alone');
    assert.deepEqual(await port.set(true), { ok: true, value: undefined });
    assert.equal(board.relays, 0b11);
    assert.deepEqual(await port.set(false), { ok: true, value: undefined });
    assert.equal(board.relays, 0b01);
    assert.equal((await port.set(true)).ok, true);
    board.unplug();
    await becomes('unplugged');
    assert.equal((await port.set(false)).ok, false);
    board.plug();
    await becomes('ok');
    assert.equal(board.relays, 0b01);
  },
};

const acmReader: Check = {
  name: 'a scanner on CDC-ACM: codes are read; pulled out in mid-code nothing is read, put back all is',
  async run(guest) {
    const gadget = await AcmGadget.make(guest);
    const { reads, becomes } = reading(guest, {
      ...{ id: 'in', direction: 'in', driver: 'serial', path: gadget.path, baudRate: 9_600, endSilenceMs: null },
    });
    await becomes('ok');
    gadget.send('M0001\r\nM0002\r\nM00');
    await reads('M0001', 'M0002');
    gadget.unplug();
    await becomes('unplugged');
    await gadget.replug();
    await becomes('ok');
    gadget.send('M0003\r\n');
    await reads('M0001', 'M0002', 'M0003');
  },
};

const acmRelay: Check = {
  name: 'a write-only relay board on CDC-ACM: pulled out while energised it is told, put back it gets a rest first',
  async run(guest) {
    const gadget = await AcmGadget.make(guest);
    const line = { driver: 'serial-relay', protocol: 'lcus', path: gadget.path, baudRate: 9_600 } as const;
    const { port, becomes } = locked(guest, { ...line, channel: 1, query: false });
    await becomes('ok');
    assert.equal((await port.set(true)).ok, true);
    await guest.wait('the frames', () => gadget.received() === LCUS_OFF + LCUS_ON, { seen: () => gadget.received() });
    gadget.unplug();
    await becomes('unplugged');
    await gadget.replug();
    await becomes('ok');
    await guest.wait('a rest', () => gadget.received().endsWith(LCUS_ON + LCUS_OFF), { seen: () => gadget.received() });
  },
};

const acmWriting: Check = {
  name: 'a relay board that takes nothing, pulled out while bytes wait for it: each command ends within its second',
  async run(guest) {
    const gadget = await AcmGadget.make(guest);
    const line = { driver: 'serial-relay', protocol: 'lcus', path: gadget.path, baudRate: 9_600 } as const;
    const { port, becomes } = locked(guest, { ...line, channel: 1, query: false });
    await becomes('ok');
    const began = guest.clock.mono();
    const commands = Array.from({ length: 2_000 }, (_, index) => port.set(index % 2 === 0));
    gadget.unplug();
    const results = await Promise.all(commands);
    assert.ok(guest.clock.mono() - began < 10_000);
    assert.equal(results.at(-1)?.ok, false);
    await becomes('unplugged');
    await gadget.replug();
    await becomes('ok');
  },
};

const FTDI = '/dev/ttyUSB0';

async function plugAdapter(guest: Guest): Promise<void> {
  guest.modprobe('xhci-pci', 'ftdi_sio');
  await guest.wish({ do: 'usb-serial', there: true });
  guest.after(async () => {
    await guest.wish({ do: 'usb-serial', there: false });
    await guest.wish({ do: 'received' });
  });
}

const ftdiReader: Check = {
  name: 'a scanner on an FTDI adapter: codes are read; pulled out in mid-code nothing is read, put back all is',
  async run(guest) {
    await plugAdapter(guest);
    const { reads, becomes } = reading(guest, {
      ...{ id: 'in', direction: 'in', driver: 'serial', path: FTDI, baudRate: 9_600, endSilenceMs: null },
    });
    await becomes('ok');
    const send = (text: string) => guest.wish({ do: 'send', hex: Buffer.from(text).toString('hex') });
    await send('M0001\r\nM00');
    await reads('M0001');
    await guest.wish({ do: 'usb-serial', there: false });
    await becomes('unplugged');
    await guest.wish({ do: 'usb-serial', there: true });
    await becomes('ok');
    await send('M0002\r\n');
    await reads('M0001', 'M0002');
  },
};

const ftdiRelay: Check = {
  name: 'a write-only relay board on an FTDI adapter: pulled out while energised it is told, put back it gets a rest',
  async run(guest) {
    await plugAdapter(guest);
    const line = { driver: 'serial-relay', protocol: 'lcus', path: FTDI, baudRate: 9_600 } as const;
    const { port, becomes } = locked(guest, { ...line, channel: 1, query: false });
    await becomes('ok');
    assert.equal((await port.set(true)).ok, true);
    let received = '';
    const receives = async (wanted: string) => {
      const deadline = guest.clock.mono() + 20_000;
      while (!received.endsWith(wanted) && guest.clock.mono() < deadline)
        received += await guest.wish({ do: 'received' });
      assert.ok(received.endsWith(wanted), received);
    };
    await receives(LCUS_OFF + LCUS_ON);
    await guest.wish({ do: 'usb-serial', there: false });
    await becomes('unplugged');
    assert.equal((await port.set(false)).ok, false);
    await guest.wish({ do: 'usb-serial', there: true });
    await becomes('ok');
    await receives(LCUS_ON + LCUS_OFF);
  },
};

export const usb: Suite = {
  name: 'usb',
  checks: [pos, keyboard, hidRelay, acmReader, acmRelay, acmWriting, ftdiReader, ftdiRelay],
};
