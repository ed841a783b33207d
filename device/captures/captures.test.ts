// What makers’ manuals say their devices send comes out as it was meant; and whatever else comes, ten thousand inputs a
// parser made from the same bytes, nothing falls over and nothing comes out that was not framed.
import { describe, expect, test, vi } from 'vitest';
import { readStatus } from '../boards/hid/report.ts';
import { modbus } from '../boards/modbus/protocol.ts';
import { numato } from '../boards/numato/protocol.ts';
import { PosParser } from '../readers/hid/pos-parser.ts';
import { KeyParser } from '../readers/keyboard/parser.ts';
import { CodeParser } from '../readers/serial/parser.ts';
import { HID_STATUSES, KEY_EVENTS, MODBUS_ANSWERS, NUMATO_ANSWERS, POS, SERIAL } from './captures.ts';
import { FUZZES } from './harness.ts';

vi.setConfig({ testTimeout: 60_000 });

const SEED = 20_261_122;
const INPUTS = 10_000;

describe('captures', () => {
  test.each(SERIAL)('serial: $device', ({ bytes, codes }) => {
    expect(new CodeParser().feed(bytes)).toEqual(codes);
  });

  test.each(POS)('HID POS: $device', ({ reports, codes }) => {
    const parser = new PosParser();
    expect(reports.flatMap((report) => parser.feed(report))).toEqual(codes);
  });

  test.each(KEY_EVENTS)('keyboard: $device', ({ bytes, codes }) => {
    expect(new KeyParser('us').feed(bytes)).toEqual(codes);
  });

  test.each(NUMATO_ANSWERS)('Numato: $device', ({ bytes, asked, is }) => {
    const command = asked === 'input' ? numato.readInput(0) : numato.readRelay(0);
    expect(command?.answer(bytes)).toEqual({ ok: true, value: is });
  });

  test.each(MODBUS_ANSWERS)('Modbus: $device', async ({ bytes, asked, is }) => {
    const board = modbus(1);
    await board.load();
    const ask = {
      set: () => board.setRelay(0, true),
      relay: () => board.readRelay(0),
      input: () => board.readInput(0),
    };
    const answer = ask[asked]()?.answer(bytes);
    expect(answer?.ok ? (answer.value ?? 'set') : 'refused').toBe(is);
  });

  test.each(HID_STATUSES)('HID relays: $device', ({ bytes, serial, on }) => {
    const energised = Array.from({ length: 8 }, (_, index) => on.includes(index + 1));
    expect(readStatus(bytes)).toEqual({ serial, energised });
  });
});

test.each(FUZZES)('$name: ten thousand inputs, a fifth of them past the framing', async ({ run }) => {
  const { inputs, framed, findings } = await run(INPUTS, SEED);
  expect(findings).toEqual([]);
  expect(framed / inputs).toBeGreaterThanOrEqual(0.2);
});
