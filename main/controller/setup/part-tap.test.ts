// A technician holds a card before each scanner and presses each button: the screen shows that something came, from where
// and how long it was, and the door goes on as if nobody looked.
import { expect, test } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import { SimInput } from '../../../device/sim/input.ts';
import { SimReader } from '../../../device/sim/reader.ts';
import { masked, PartTap } from './part-tap.ts';

function tapped() {
  const clock = new VirtualClock();
  let changes = 0;
  const tap = new PartTap(clock, () => {
    changes += 1;
  });
  return { clock, tap, changes: () => changes };
}

test('a code reaches the door untouched; of it only a length and a mask are kept', async () => {
  const { clock, tap } = tapped();
  const scanner = new SimReader(clock);
  const judged: string[] = [];
  const port = tap.readers(new Map([['in', scanner]])).get('in');
  port?.open({ reading: ({ text }) => judged.push(text), state: () => undefined });
  await clock.advance(0);
  scanner.scan('GK1:8F2K-SECRET-CODE-Q7');
  await clock.advance(0);
  expect(judged).toStrictEqual(['GK1:8F2K-SECRET-CODE-Q7']);
  expect(tap.echo('in')).toStrictEqual({ at: clock.wall(), length: 23, mask: `GK${'•'.repeat(19)}Q7`, times: 1 });
  await port?.close();
});

test.each([
  ['M0001', '•••••'],
  ['12345678', '1••••••8'],
  ['日本語のとても長いコードです', '·••••••••••••·'],
  ['', ''],
  ['𠮷'.repeat(7), '•'.repeat(7)],
  ['a'.repeat(512), `aa${'•'.repeat(32)}aa`],
])('the mask of %s shows at most a quarter', (text, mask) => {
  expect(masked(text)).toBe(mask);
});

test('a code that somebody waits for is theirs, and the next is the door’s again', async () => {
  const { clock, tap } = tapped();
  const scanner = new SimReader(clock);
  const judged: string[] = [];
  const port = tap.readers(new Map([['in', scanner]])).get('in');
  port?.open({ reading: ({ text }) => judged.push(text), state: () => undefined });
  const stop = tap.catchCodes((text) => text.startsWith('genkan-pair:'));
  await clock.advance(0);
  for (const code of ['genkan-pair:x', 'M0001']) scanner.scan(code);
  await clock.advance(0);
  stop();
  scanner.scan('genkan-pair:y');
  await clock.advance(0);
  expect(judged).toStrictEqual(['M0001', 'genkan-pair:y']);
  await port?.close();
});

test('an input’s level is passed on first, then shown with how often it changed', async () => {
  const { clock, tap } = tapped();
  const input = new SimInput(clock);
  const levels: boolean[] = [];
  const port = tap.inputs(new Map([['front', { fire: input }]])).get('front')?.fire;
  port?.open({ level: (active) => levels.push(active), state: () => undefined });
  await clock.advance(0);
  expect(tap.level('front.fire')).toMatchObject({ active: false, changes: 0 });
  input.set(true);
  await clock.advance(1_000);
  expect(tap.level('front.fire')).toMatchObject({ active: true, changes: 1 });
  expect(levels).toStrictEqual([false, true]);
  await port?.close();
});
