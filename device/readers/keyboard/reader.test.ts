// Scanners that pretend to be keyboards: a code is what was typed before Enter, all of it or nothing, by the layout that
// the scanner is set to.
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../clock/virtual.ts';
import { readerContract } from '../../reader-contract.ts';
import { keyEvent, SimKeyboards, typed } from '../../sim/keyboard.ts';
import { virtualRig } from '../../sim/rig.ts';
import type { Layout } from './layout.ts';
import { KeyParser } from './parser.ts';
import { type KeyboardOptions, keyboardReader } from './reader.ts';

const IDS = { path: null, vendorId: 0x05e0, productId: 0x1200, serial: null } as const;

for (const layout of ['us', 'jis'] as const) {
  readerContract(`keyboard scanner over simulated events, ${layout}`, async () => {
    const rig = virtualRig();
    const bus = new SimKeyboards();
    return {
      rig,
      port: keyboardReader({ ...IDS, layout }, rig.clock, async () => bus),
      asciiOnly: true,
      present: (code) => bus.type(typed(code, layout)),
      unplug: async () => bus.unplug(),
      replug: async () => bus.replug(),
      remove: async () => undefined,
    };
  });
}

describe('keys', () => {
  const parse = (layout: Layout, ...events: readonly Uint8Array[]) => new KeyParser(layout).feed(Buffer.concat(events));
  const press = (code: number) => Buffer.concat([keyEvent(code, 1), keyEvent(code, 0)]);
  const [A, B, ENTER, SHIFT, CTRL, F1] = [30, 48, 28, 42, 29, 59];

  test.each<[Layout]>([['us'], ['jis']])('every printable character of ASCII, %s', (layout) => {
    const all = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');
    expect(parse(layout, typed(all, layout))).toEqual([all]);
  });

  test('the same keys type other signs on the other layout', () => {
    const keys = [3, 26, 27, 13, 43, 39].map(press);
    expect(parse('us', keyEvent(SHIFT, 1), ...keys, keyEvent(SHIFT, 0), press(ENTER))).toEqual(['@{}+|:']);
    expect(parse('jis', keyEvent(SHIFT, 1), ...keys, keyEvent(SHIFT, 0), press(ENTER))).toEqual(['"`{~}+']);
  });

  test('the keypad and its Enter', () => {
    expect(parse('us', ...[79, 80, 82].map(press), press(96))).toEqual(['120']);
  });

  test.each<[string, readonly Uint8Array[]]>([
    ['a key without a meaning', [press(F1)]],
    ['ctrl', [keyEvent(CTRL, 1), press(B), keyEvent(CTRL, 0)]],
    ['events that the kernel threw away', [keyEvent(3, 0, 0)]],
  ])('%s spoils its own code and no other', (_, spoil) => {
    expect(parse('us', press(A), ...spoil, press(B), press(ENTER), press(B), press(ENTER))).toEqual(['b']);
  });

  test('a key with shift that types nothing on this layout spoils too', () => {
    expect(parse('jis', keyEvent(SHIFT, 1), press(11), keyEvent(SHIFT, 0), press(ENTER))).toEqual([]);
  });

  test('keys of input methods, lock keys and repetition type nothing', () => {
    const silent = [41 + 44, 92, 93, 94, 58, 69].map(press);
    expect(parse('jis', ...silent, press(A), keyEvent(B, 2), press(ENTER))).toEqual(['a']);
  });

  test('events in pieces are the same events', () => {
    const parser = new KeyParser('us');
    const codes = [...typed('M0001', 'us')].flatMap((byte) => parser.feed(Uint8Array.of(byte)));
    expect(codes).toEqual(['M0001']);
  });
});

describe('which keyboard', () => {
  async function open(options: Partial<KeyboardOptions>) {
    const clock = new VirtualClock();
    const bus = new SimKeyboards();
    const reader = keyboardReader({ ...IDS, layout: 'us', ...options }, clock, async () => bus);
    const states: string[] = [];
    reader.open({ state: (state) => states.push(state.ok ? 'ok' : state.code), reading: () => undefined });
    onTestFinished(() => reader.close());
    await clock.advance(0);
    return { bus, states };
  }

  test('by its ids, and by nothing else', async () => {
    expect((await open({})).states).toEqual(['ok']);
    expect((await open({ serial: 'S2' })).states).toEqual(['absent']);
  });

  test('a path that is none, that is something else, that is not there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'genkan-keyboard-'));
    writeFileSync(join(folder, 'file'), '');
    symlinkSync(join(folder, 'file'), join(folder, 'by-id'));
    expect((await open({ path: join(folder, 'by-id') })).states).toEqual(['not-a-device']);
    expect((await open({ path: join(folder, 'nothing') })).states).toEqual(['absent']);
  });

  test('somebody else has grabbed it', async () => {
    const { bus } = await open({});
    const clock = new VirtualClock();
    const second = keyboardReader({ ...IDS, layout: 'us' }, clock, async () => bus);
    const states: string[] = [];
    second.open({ state: (state) => states.push(state.ok ? 'ok' : state.code), reading: () => undefined });
    await clock.advance(0);
    await second.close();
    expect(states).toEqual(['busy']);
  });
});
