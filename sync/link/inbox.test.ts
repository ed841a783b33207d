// A snapshot comes while another thread reads its rows. What the hub has said is taken in its order all the same, nothing
// is read twice, and what that thread can't read is read here.
import { expect, test } from 'vitest';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { Inbox } from './inbox.ts';
import type { ReadRows } from './ports.ts';

const rowsText = (cursor: string) =>
  JSON.stringify({
    type: 'rows',
    changes: [{ kind: 'program', id: cursor, position: 0, body: { id: cursor, name: 'Yoga' } }],
    cursor,
  });
const PONG = JSON.stringify({ type: 'pong', hubTime: 1 });
const readRows = (cursor: string): ReadRows => ({ count: 1, cursor, stage: () => ({ step: () => true }) });

class Bench {
  readonly clock = new VirtualClock();
  readonly taken: string[] = [];
  readonly refused: string[] = [];
  /** Whoever reads elsewhere, in order; answered by hand. */
  readonly asked: { readonly text: string; readonly answer: (rows: ReadRows | null) => void }[] = [];
  isReady = true;
  isListening = true;
  readonly inbox = new Inbox({
    clock: this.clock,
    listen: (on) => {
      this.isListening = on;
    },
    ready: () => this.isReady,
    read: (message) =>
      message.toString().startsWith('{"type":"rows"')
        ? new Promise((answer) => {
            this.asked.push({ text: message.toString(), answer });
          })
        : null,
    take: (message) => this.taken.push(message.type === 'rows' ? `here ${message.cursor}` : message.type),
    takeRead: ({ cursor }) => this.taken.push(`elsewhere ${cursor}`),
    refuse: ({ why }) => this.refused.push(why),
  });

  put(text: string): void {
    this.inbox.put(Buffer.from(text));
  }

  answer(index: number, rows: ReadRows | null): Promise<void> {
    this.asked[index]?.answer(rows);
    return this.clock.advance(1);
  }
}

test('what was said behind rows waits until they are read, and each is taken once', async () => {
  const bench = new Bench();
  for (const text of [rowsText('a'), rowsText('b'), PONG]) bench.put(text);
  await bench.clock.advance(10);
  expect([bench.taken, bench.asked.length]).toEqual([[], 2]);
  await bench.answer(1, readRows('b'));
  expect(bench.taken).toEqual([]);
  await bench.answer(0, readRows('a'));
  expect(bench.taken).toEqual(['elsewhere a', 'elsewhere b', 'pong']);
});

test('what could not be read there is read here, as if nobody had been asked: rows, and what is no message', async () => {
  const bench = new Bench();
  for (const text of [rowsText('a'), '{"type":"rows"']) bench.put(text);
  await bench.answer(0, null);
  expect([bench.taken, bench.refused]).toEqual([['here a'], []]);
  await bench.answer(1, null);
  expect(bench.refused).toEqual(['not-a-message']);
});

test('a few are read ahead and no more, also while what is staged takes its time', async () => {
  const bench = new Bench();
  bench.isReady = false;
  for (let count = 0; count < 12; count += 1) bench.put(rowsText(String(count)));
  for (let count = 0; count < 4; count += 1) await bench.answer(count, readRows(String(count)));
  expect([bench.taken.length, bench.asked.length]).toEqual([0, 4]);
  bench.isReady = true;
  bench.inbox.pump();
  await bench.clock.advance(1);
  expect([bench.taken.length, bench.asked.length]).toEqual([4, 8]);
});

test('characters that wait for a reader count: the line is told to stop, and to go on', async () => {
  const bench = new Bench();
  const large = `${rowsText('a').slice(0, -1)}${' '.repeat(200_000)}}`;
  for (let count = 0; count < 2; count += 1) bench.put(large);
  expect(bench.isListening).toBe(false);
  for (let count = 0; count < 2; count += 1) await bench.answer(count, readRows('a'));
  expect(bench.isListening).toBe(true);
});

test('closed, it takes nothing that is read after', async () => {
  const bench = new Bench();
  bench.put(rowsText('a'));
  bench.inbox.close();
  await bench.answer(0, readRows('a'));
  expect(bench.taken).toEqual([]);
});
