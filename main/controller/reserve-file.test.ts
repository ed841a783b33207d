// The power goes while an entry is written into the reserve file: what was whole is there at the next start, what was
// torn never was, and the file can be written on.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { RESERVE_BYTES, ReserveFile } from './reserve-file.ts';

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'genkan-reserve-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'reserve');
}

function open(file: string, bytes?: number): ReserveFile {
  const reserve = ReserveFile.open(file, bytes);
  if (reserve === null) throw new Error('there is no reserve');
  onTestFinished(() => reserve.close());
  return reserve;
}

test('it is set aside with real bytes, and never grows', () => {
  const file = place();
  const reserve = open(file);
  expect(statSync(file)).toMatchObject({ size: RESERVE_BYTES });
  expect(statSync(file).blocks * 512).toBeGreaterThanOrEqual(RESERVE_BYTES);
  expect(reserve.append('{"n":1}')).toBe(true);
  expect(statSync(file).size).toBe(RESERVE_BYTES);
});

test('what was kept is there at the next start, in order, until it is cleared', () => {
  const file = place();
  const first = open(file);
  for (const text of ['{"n":1}', '{"name":"宿\\n"}']) first.append(text);
  const second = open(file);
  expect(second.found).toStrictEqual(['{"n":1}', '{"name":"宿\\n"}']);
  second.append('{"n":3}');
  expect(open(file).found).toHaveLength(3);
  expect(second.clear()).toBe(true);
  expect(open(file).found).toStrictEqual([]);
});

test('a full reserve takes no more, and takes again once it is cleared', () => {
  const file = place();
  const reserve = open(file, 200);
  const text = JSON.stringify({ x: 'x'.repeat(100) });
  expect([reserve.append(text), reserve.append(text)]).toStrictEqual([true, false]);
  expect(open(file).found).toStrictEqual([text]);
  reserve.clear();
  expect(reserve.append(text)).toBe(true);
});

test('torn at any byte: what came before is whole, and the next entry is found', () => {
  const file = place();
  const [one, two, three] = ['{"n":1}', '{"n":2,"x":"yyyyyyyy"}', '{"n":3}'];
  const reserve = open(file, 400);
  reserve.append(one);
  const before = readFileSync(file);
  reserve.append(two);
  const after = readFileSync(file);
  fc.assert(
    fc.property(fc.nat(two.length + 18), (cut) => {
      const kept = before.indexOf('\n') + 1 + cut;
      writeFileSync(file, Buffer.concat([after.subarray(0, kept), before.subarray(kept)]));
      const again = ReserveFile.open(file);
      const whole = cut >= two.length + 17;
      expect(again?.found).toStrictEqual(whole ? [one, two] : [one]);
      again?.append(three);
      again?.close();
      const last = ReserveFile.open(file);
      expect(last?.found).toStrictEqual(whole ? [one, two, three] : [one, three]);
      last?.close();
    }),
  );
});

test('damage takes the line that it hits, and no other', () => {
  const file = place();
  const reserve = open(file, 400);
  for (const n of [1, 2, 3]) reserve.append(`{"n":${n}}`);
  const bytes = readFileSync(file);
  bytes[bytes.indexOf('"n":2') + 4] = 0x39;
  writeFileSync(file, bytes);
  expect(open(file).found).toStrictEqual(['{"n":1}', '{"n":3}']);
});

test('any bytes at all are read without complaint', () => {
  const file = place();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      writeFileSync(file, bytes);
      const reserve = ReserveFile.open(file);
      expect(reserve?.found).toStrictEqual([]);
      reserve?.close();
    }),
  );
});

test('where it can be neither found nor made there is none', () => {
  expect(ReserveFile.open(join(place(), 'no', 'such', 'folder'))).toBeNull();
});

test('a file that was cut short has less room, and says so', () => {
  const file = place();
  open(file, 4_096).append('{"n":1}');
  truncateSync(file, 10);
  appendFileSync(file, '\n');
  expect(open(file).append('{"n":1}')).toBe(false);
});
