// A scanner hangs on a real line: it is pulled out in the middle of a code, it is set up without a line end, a broken one
// sends without pause. The reader gives whole codes, and says when it can't.
import { expect, onTestFinished, test, vi } from 'vitest';
import { VirtualClock } from '../../clock/virtual.ts';
import type { Line, LineSink } from '../../lines/line.ts';
import { SerialLine } from '../../lines/serial-line.ts';
import type { DeviceState, Reading } from '../../ports.ts';
import { readerContract } from '../../reader-contract.ts';
import { Pty } from '../../sim/pty.ts';
import { realRig } from '../../sim/rig.ts';
import { makeReader } from '../open.ts';
import { SerialReader } from './reader.ts';

vi.setConfig({ testTimeout: 60_000 });

readerContract('SerialReader over a pty', async () => {
  const rig = realRig();
  const pty = await Pty.make(rig.clock);
  const line = new SerialLine({ path: pty.path, baudRate: 9_600 }, rig.clock);
  return {
    rig,
    port: new SerialReader(line, { name: pty.path, endSilenceMs: null }, rig.clock),
    present: (code) => pty.send(`${code}\r`),
    unplug: () => pty.unplug(),
    replug: () => pty.replug(),
    remove: () => pty.remove(),
  };
});

test('a scanner that is set up without a line end is read over a pty too', async () => {
  const rig = realRig();
  const pty = await Pty.make(rig.clock);
  const config = { id: 'r', direction: 'in', driver: 'serial', path: pty.path, baudRate: 115_200 } as const;
  const port = makeReader({ ...config, endSilenceMs: 50 }, rig.clock);
  const texts: string[] = [];
  let there = false;
  port?.open({
    reading: (reading) => texts.push(reading.text),
    state: (state) => {
      there = state.ok;
    },
  });
  onTestFinished(async () => {
    await port?.close();
    await pty.remove();
  });
  await rig.until('the reader is there', () => there);
  pty.send('M0001');
  await rig.until('the code', () => texts.length > 0);
  expect(texts).toEqual(['M0001']);
});

/** A line in the hands of the test, for what needs virtual time. */
function make(endSilenceMs: number | null = null) {
  const clock = new VirtualClock();
  let sink: LineSink | null = null;
  const line: Line = {
    open: (given) => {
      sink = given;
    },
    write: () => Promise.reject(new Error('a reader writes nothing')),
    close: () => Promise.resolve(),
  };
  const reader = new SerialReader(line, { name: 'scanner', endSilenceMs }, clock);
  const readings: Reading[] = [];
  const states: DeviceState[] = [];
  reader.open({ reading: (reading) => readings.push(reading), state: (state) => states.push(state) });
  onTestFinished(() => reader.close());
  return {
    clock,
    reader,
    readings,
    texts: () => readings.map((reading) => reading.text),
    codes: () => states.map((state) => (state.ok ? 'ok' : state.code)),
    send: (text: string) => sink?.bytes(Buffer.from(text), clock.mono()),
    plug: (there: boolean) =>
      sink?.state(there ? { ok: true, detail: 'scanner' } : { ok: false, code: 'unplugged', detail: 'gone' }),
  };
}

test('half a code from before an unplug does not begin the first one after it', () => {
  const { plug, send, texts } = make();
  plug(true);
  send('M00');
  plug(false);
  plug(true);
  send('M0002\r');
  expect(texts()).toEqual(['M0002']);
});

test('silence ends a code at its time, and the reading carries the time of its last byte', async () => {
  const { clock, plug, send, readings, texts } = make(50);
  plug(true);
  send('M0');
  await clock.advance(49);
  send('001');
  const last = clock.mono();
  await clock.advance(49);
  expect(texts()).toEqual([]);
  await clock.advance(1);
  expect(readings).toEqual([{ text: 'M0001', mono: last }]);
  await clock.advance(1_000);
  expect(readings).toHaveLength(1);
});

test('where silence ends a code an end does too, and leaves nothing to end', async () => {
  const { clock, plug, send, texts } = make(50);
  plug(true);
  send('M0001\r\n');
  expect(texts()).toEqual(['M0001']);
  expect(clock.timers()).toEqual([]);
});

test('without silence a code waits for its end as long as it takes', async () => {
  const { clock, plug, send, texts } = make(null);
  plug(true);
  send('M0001');
  await clock.advance(3_600_000);
  expect(texts()).toEqual([]);
  send('\r');
  expect(texts()).toEqual(['M0001']);
});

test('50 codes in a second are read; the 51st floods, and so do all until a second is calm again', async () => {
  const { clock, plug, send, texts, codes } = make();
  plug(true);
  for (let code = 0; code < 50; code += 1) send(`${code}\r`);
  expect(texts()).toHaveLength(50);
  expect(codes()).toEqual(['ok']);
  send('one too many\r');
  expect(texts()).toHaveLength(50);
  expect(codes()).toEqual(['ok', 'flooding']);
  await clock.advance(990);
  send('still\r');
  expect(texts()).toHaveLength(50);
  await clock.advance(10);
  expect(codes()).toEqual(['ok', 'flooding', 'ok']);
  send('M0001\r');
  expect(texts().at(-1)).toBe('M0001');
});

test('a flood that does not end is told once and lets nothing through', async () => {
  const { clock, plug, send, texts, codes } = make();
  plug(true);
  for (let tick = 0; tick < 1_000; tick += 1) {
    send('X\r');
    await clock.advance(10);
  }
  expect(texts()).toHaveLength(50);
  expect(codes()).toEqual(['ok', 'flooding']);
  await clock.advance(2_000);
  expect(codes()).toEqual(['ok', 'flooding', 'ok']);
});

test('50 codes a second for a minute are no flood', async () => {
  const { clock, plug, send, texts, codes } = make();
  plug(true);
  for (let tick = 0; tick < 3_000; tick += 1) {
    send('X\r');
    await clock.advance(20);
  }
  expect(texts()).toHaveLength(3_000);
  expect(codes()).toEqual(['ok']);
});

test('flooding and then pulled out: it is unplugged, and not flooding when it is back', async () => {
  const { clock, plug, send, codes } = make();
  plug(true);
  send('X\r'.repeat(60));
  plug(false);
  await clock.advance(5_000);
  plug(true);
  expect(codes()).toEqual(['ok', 'flooding', 'unplugged', 'ok']);
});

test('a camera and a key-wedge have no port here', () => {
  const clock = new VirtualClock();
  expect(makeReader({ id: 'c', direction: 'in', driver: 'camera' }, clock)).toBe(null);
  expect(makeReader({ id: 'w', direction: 'in', driver: 'wedge' }, clock)).toBe(null);
  expect(makeReader({ id: 's', direction: 'in', driver: 'sim' }, clock)).not.toBe(null);
});
