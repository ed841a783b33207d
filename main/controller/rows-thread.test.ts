// A thread reads the hub's rows beside the controller. What it makes ready is what the unit keeps, by the unit's own key;
// and whatever becomes of the thread, the sync goes on without it and says so.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { until } from '../../device/sim/wait.ts';
import type { ReadRows } from '../../sync/link/ports.ts';
import { changesOf } from '../store/test-hub.ts';
import { GYM, KEYS, TestStore } from '../store/testing.ts';
import { RowsThread } from './rows-thread.ts';

const WINDOW = { at: 0, businessDay: 0, usageFrom: 0, staysAfter: 0 };
const WORKER = join(import.meta.dirname, 'rows-worker.ts');

/** A unit without data, with a thread of this program. */
function bench(file: string) {
  const unit = new TestStore(null);
  const replica = unit.store.replica(() => 0);
  replica.beginSnapshot(1);
  const said: string[] = [];
  const log = { warn: (line: string) => said.push(line) };
  const stage: ConstructorParameters<typeof RowsThread>[0]['stage'] = (rows, cursor) => replica.stage(rows, cursor);
  const thread = new RowsThread({ file, secret: KEYS.secret, stage, log });
  onTestFinished(() => thread.rest());
  return { unit, replica, thread, said };
}

/** The thread's program, as it would be where something is wrong with it. */
function program(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'genkan-thread-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'rows.mjs');
  writeFileSync(file, `import { parentPort } from 'node:worker_threads';\n${text}`);
  return file;
}

/** Once the thread is up: until then it takes none. */
function begun(thread: RowsThread, text: string): Promise<{ readonly answer: Promise<ReadRows | null> }> {
  return until('a thread that reads', () => {
    const answer = thread.read(Buffer.from(text));
    return answer === null ? null : { answer };
  });
}

const read = async (thread: RowsThread, text: string) => (await begun(thread, text)).answer;

const NOT_ROWS = [
  '{"type":"rows"',
  '{"type":"rows","changes":[{"kind":"member","id":"x","position":-1,"body":null}],"cursor":""}',
  `{"type":"rows","changes":${'['.repeat(500_000)}`,
];
const rowsText = (changes: readonly unknown[], cursor = 'c') => JSON.stringify({ type: 'rows', changes, cursor });

test('what it makes ready is kept like what is made ready here; what is no such message it leaves alone, and goes on', async () => {
  const { unit, replica, thread, said } = bench(WORKER);
  const changes = changesOf(GYM);
  const first = await read(thread, rowsText(changes.slice(0, 9), 'nine'));
  // Whoever can say what is wrong with them reads these.
  for (const text of NOT_ROWS) expect(await read(thread, text)).toBeNull();
  const rest = await read(thread, rowsText(changes.slice(9)));
  for (const rows of [first, rest]) while (rows?.stage().step(99) === false);
  expect([first?.count, first?.cursor]).toEqual([9, 'nine']);
  const work = replica.finishSnapshot(1, [], 0);
  while (!work.step(99));
  expect(work.trouble()).toEqual([]);
  // Names and codes are read back: they were sealed by the unit's key.
  expect(unit.store.exportSite()).toStrictEqual(GYM);
  expect(unit.store.facts.memberByCode('CARD-bob', 'gym', WINDOW)?.id).toBe('bob');
  expect(said).toEqual([]);
});

test.each([
  ['ends', 'process.exit(3)', 'by itself'],
  ['breaks', 'throw Object.assign(new Error("名前"), { code: "E_BROKEN" })', 'E_BROKEN'],
])('a thread that %s holds nothing up: who waited reads themselves, until the next snapshot', async (_, act, why) => {
  const file = program(`parentPort.on('message', () => { ${act} }); parentPort.postMessage('up');`);
  const { thread, said } = bench(file);
  const all = [read(thread, rowsText([])), read(thread, rowsText([]))];
  expect(await Promise.all(all)).toEqual([null, null]);
  expect(said).toEqual([`the thread that reads the hub’s rows has ended (${why}): they are read without it`]);
  let begun = 0;
  const count = () => (begun += 1);
  process.on('worker', count);
  expect(thread.read(Buffer.from(rowsText([])))).toBeNull();
  await new Promise<void>((resolve) => process.nextTick(resolve));
  expect(begun).toBe(0);
  thread.rest();
  expect(await read(thread, rowsText([]))).toBeNull();
  expect([said.length, begun]).toEqual([2, 1]);
  process.off('worker', count);
});

test('other messages are never its business; at rest it is gone, and who still waits for it is told so', async () => {
  const file = program(`parentPort.on('message', () => {}); parentPort.postMessage('up');`);
  const { thread, said } = bench(file);
  const { answer } = await begun(thread, rowsText([]));
  expect(thread.read(Buffer.from('{"type":"pong","hubTime":1}'))).toBeNull();
  thread.rest();
  expect(await answer).toBeNull();
  expect(said).toEqual([]);
});
