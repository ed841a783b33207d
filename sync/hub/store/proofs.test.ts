// The newest signature of arrivals that go on one from the other vouches for all of them, and for nothing else.
import { expect, test } from 'vitest';
import { firstForged, type Run, runsIn, type Unproven } from './proofs.ts';

let number = 0;
const arrival = (unit: string, first: number, last: number, proof: string | null = 'good', epoch = 1): Unproven => {
  number += 1;
  return { number, unit, epoch, first, last, proof };
};

const spans = (runs: readonly Run[]) =>
  runs.map((run) => run.map(({ unit, first, last }) => `${unit} ${first}-${last}`));

test('what goes on one from the other is one run, whatever comes in between', () => {
  const arrivals = [arrival('a', 1, 3), arrival('b', 7, 7), arrival('a', 4, 4), arrival('b', 8, 9), arrival('a', 5, 5)];
  expect(spans(runsIn(arrivals))).toEqual([
    ['a 1-3', 'a 4-4', 'a 5-5'],
    ['b 7-7', 'b 8-9'],
  ]);
});

test('another part of the record, a leap, and what needed no check begin another run', () => {
  const arrivals = [
    arrival('a', 1, 1),
    arrival('a', 2, 2, 'good', 2),
    arrival('a', 5, 5),
    arrival('a', 6, 6, null),
    arrival('a', 7, 7),
  ];
  expect(spans(runsIn(arrivals))).toEqual([['a 1-1'], ['a 2-2'], ['a 5-5'], ['a 7-7']]);
});

test.each([
  { proofs: ['good', 'good'], forged: null, checked: 1 },
  { proofs: ['bad', 'bad', 'good'], forged: null, checked: 1 },
  { proofs: ['bad', 'good', 'bad'], forged: 2, checked: 2 },
  { proofs: ['good', 'bad', 'bad'], forged: 1, checked: 3 },
  { proofs: ['bad', 'bad'], forged: 0, checked: 2 },
])('of $proofs the first that nothing vouches for is $forged', async ({ proofs, forged, checked }) => {
  const [run] = runsIn(proofs.map((proof, at) => arrival('a', at + 1, at + 1, proof)));
  if (run === undefined) throw new Error('there is a run');
  let count = 0;
  const isSigned = async ({ proof }: Unproven) => {
    count += 1;
    return proof === 'good';
  };
  expect(await firstForged(run, isSigned)).toBe(forged === null ? null : run[forged]);
  expect(count).toBe(checked);
});
