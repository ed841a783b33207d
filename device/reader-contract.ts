/** What every ReaderPort does, over simulators and real lines. The fixture has one reader, plugged in and not yet open. */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DeviceState, ReaderPort, Reading } from './ports.ts';
import type { Rig } from './sim/rig.ts';

export interface ReaderFixture {
  readonly rig: Rig;
  readonly port: ReaderPort;
  /** The device can give nothing but ASCII. */
  readonly asciiOnly?: boolean;
  /** The device reads a code. */
  present(code: string): void;
  unplug(): Promise<void>;
  replug(): Promise<void>;
  remove(): Promise<void>;
}

export function readerContract(name: string, make: () => Promise<ReaderFixture>): void {
  async function open() {
    const fixture = await make();
    const readings: Reading[] = [];
    const states: DeviceState[] = [];
    onTestFinished(async () => {
      await fixture.port.close();
      await fixture.remove();
    });
    fixture.port.open({
      reading: (reading) => readings.push(reading),
      state: (state) => states.push(state),
    });
    const texts = () => readings.map((reading) => reading.text);
    const becomes = (wanted: string) =>
      fixture.rig.until(`the reader is ${wanted}`, () => {
        const state = states.at(-1);
        return (state?.ok ? 'ok' : state?.code) === wanted;
      });
    return { ...fixture, readings, states, texts, becomes };
  }

  describe(`reader contract: ${name}`, () => {
    test('soon after it is opened it says that it is there', async () => {
      const { states, becomes } = await open();
      await becomes('ok');
      expect(states).toHaveLength(1);
    });

    test('codes come as they were presented, in order, with the time at which they were there', async () => {
      const { rig, present, readings, texts, becomes, asciiOnly } = await open();
      await becomes('ok');
      const codes = ['M0001', asciiOnly ? '{"m": "~#2"}' : '会員0002', ' leading and trailing ', 'M0001'];
      const before = rig.clock.mono();
      for (const code of codes) present(code);
      await rig.until('four codes', () => readings.length >= 4);
      expect(texts()).toEqual(codes);
      for (const { mono } of readings) {
        expect(mono).toBeGreaterThanOrEqual(before);
        expect(mono).toBeLessThanOrEqual(rig.clock.mono());
      }
    });

    test('512 bytes are a code, 513 are none, and neither stops the next one', async () => {
      const { rig, present, texts, becomes, asciiOnly } = await open();
      await becomes('ok');
      present('x'.repeat(513));
      if (!asciiOnly) present('会'.repeat(171));
      present('y'.repeat(512));
      present('M0001');
      await rig.until('the last code', () => texts().includes('M0001'));
      expect(texts()).toEqual(['y'.repeat(512), 'M0001']);
    });

    test('pulled out it says so once; put back it reads again by itself', async () => {
      const { rig, present, states, texts, becomes, unplug, replug } = await open();
      await becomes('ok');
      await unplug();
      await becomes('unplugged');
      await replug();
      await becomes('ok');
      present('M0001');
      await rig.until('a code after the replug', () => texts().length > 0);
      expect(texts()).toEqual(['M0001']);
      expect(states.map((state) => (state.ok ? 'ok' : state.code))).toEqual(['ok', 'unplugged', 'ok']);
    });

    test('closed it is silent and leaves no timer; to close it twice does nothing', async () => {
      const { rig, port, present, readings, states, becomes, unplug } = await open();
      await becomes('ok');
      present('M0001');
      await rig.until('a code', () => readings.length > 0);
      await port.close();
      await port.close();
      const told = states.length;
      present('M0002');
      await unplug();
      await rig.settle();
      expect(readings).toHaveLength(1);
      expect(states).toHaveLength(told);
      expect(rig.clock.timers()).toEqual([]);
    });

    test('it can be closed while it is away', async () => {
      const { rig, port, states, becomes, unplug } = await open();
      await becomes('ok');
      await unplug();
      await becomes('unplugged');
      await port.close();
      await rig.settle();
      expect(rig.clock.timers()).toEqual([]);
      expect(states).toHaveLength(2);
    });

    test('it can be closed before it has said anything, and then never does', async () => {
      const { rig, port, remove } = await make();
      onTestFinished(() => remove());
      const states: DeviceState[] = [];
      port.open({ reading: () => undefined, state: (state) => states.push(state) });
      await port.close();
      await rig.settle();
      expect(states).toEqual([]);
      expect(rig.clock.timers()).toEqual([]);
    });
  });
}
