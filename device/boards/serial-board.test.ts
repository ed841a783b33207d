// Turns on one line: who asks waits for who commands, nobody talks into another's answer, and an answer that comes too
// late is nobody's.
import { expect, test } from 'vitest';
import { VirtualClock } from '../clock/virtual.ts';
import type { Line, LineSink } from '../lines/line.ts';
import { crc } from '../sim/boards.ts';
import { modbus } from './modbus/protocol.ts';
import { numato } from './numato/protocol.ts';
import { SerialBoard } from './serial-board.ts';

function frame(...body: number[]): Uint8Array {
  const sum = crc(Uint8Array.from(body));
  return Uint8Array.of(...body, sum & 0xff, sum >> 8);
}

async function open() {
  const clock = new VirtualClock();
  const written: string[] = [];
  let sink: LineSink | null = null;
  const line: Line = {
    open: (given) => {
      sink = given;
      given.state({ ok: true, detail: 'line' });
    },
    write: async (bytes) => {
      written.push(Buffer.from(bytes.subarray(0, 6)).toString('hex'));
      return { ok: true, value: undefined };
    },
    close: async () => undefined,
  };
  const board = new SerialBoard(line, 'board', clock);
  const join = async (protocol = modbus(1)) => {
    const user = board.user(protocol);
    user.open({ state: () => undefined });
    await protocol.load();
    await clock.advance(0);
    return user;
  };
  const hear = (bytes: Uint8Array | string) => sink?.bytes(Buffer.from(bytes), clock.mono());
  return { clock, written, join, hear, user: await join() };
}

const ON = '01050000ff00';

const ON_SAID = frame(1, 5, 0, 0, 0xff, 0);
const OFF_SAID = frame(1, 5, 0, 0, 0, 0);

test('a relay goes before every question that waits, and after the one that was asked', async () => {
  const { clock, written, hear, user } = await open();
  const first = user.readInput(2);
  void user.readInput(3);
  const set = user.setRelay(0, true);
  expect(written).toEqual(['010200020001']);
  hear(frame(1, 2, 1, 1));
  expect(await first).toEqual({ ok: true, value: true });
  expect(written).toEqual(['010200020001', ON]);
  hear(ON_SAID);
  expect(await set).toMatchObject({ ok: true });
  expect(written).toEqual(['010200020001', ON, '010200030001']);
  await clock.advance(250);
  expect(clock.timers()).toEqual([]);
});

test('the late answer to a command is no answer to the next one', async () => {
  const { clock, hear, user } = await open();
  const on = user.setRelay(0, true);
  await clock.advance(250);
  expect(await on).toMatchObject({ ok: false, error: { code: 'no-answer' } });
  const off = user.setRelay(0, false);
  let answered = false;
  void off.then(() => {
    answered = true;
  });
  hear(ON_SAID);
  hear(OFF_SAID.subarray(0, 3));
  await clock.advance(100);
  expect(answered).toBe(false);
  hear(OFF_SAID.subarray(3));
  expect(await off).toEqual({ ok: true, value: undefined });
});

test('boards with addresses of their own take turns on one line', async () => {
  const { written, hear, user, join } = await open();
  const other = await join(modbus(2));
  const first = user.setRelay(0, true);
  const second = other.setRelay(0, true);
  hear(frame(2, 5, 0, 0, 0xff, 0));
  expect(written).toEqual([ON]);
  hear(ON_SAID);
  expect(await first).toMatchObject({ ok: true });
  expect(written).toEqual([ON, '02050000ff00']);
  hear(frame(2, 5, 0, 0, 0xff, 0));
  expect(await second).toMatchObject({ ok: true });
});

test('endless noise before the answer neither fills memory nor hides it', async () => {
  const { hear, user } = await open();
  const off = user.setRelay(0, false);
  for (let sent = 0; sent < 300; sent += 1) hear('\u0001\u0005 garbage'.repeat(100));
  hear(OFF_SAID);
  expect(await off).toMatchObject({ ok: true });
});

test('a board that must be prompted is given its next command at the prompt, or after 250 ms', async () => {
  const { clock, written, hear, join } = await open();
  const relay = await join(numato);
  const [on, off, again] = [relay.setRelay(0, true), relay.setRelay(0, false), relay.setRelay(0, true)];
  expect(await on).toMatchObject({ ok: true });
  expect(written).toHaveLength(1);
  hear('relay on 0\n\r>');
  expect(await off).toMatchObject({ ok: true });
  expect(written).toHaveLength(2);
  await clock.advance(249);
  expect(written).toHaveLength(2);
  await clock.advance(1);
  expect(await again).toMatchObject({ ok: true });
  expect(written).toHaveLength(3);
});

test('closed, nothing is written any more', async () => {
  const { written, user } = await open();
  await user.close();
  expect(await user.setRelay(0, true)).toMatchObject({ ok: false });
  expect(await user.readRelay(0)).toMatchObject({ ok: false });
  expect(written).toEqual([]);
});
