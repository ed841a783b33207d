// A survivor is a change to the rules that nobody would notice. In the rules for doors each one wants a reason.
import { expect, test } from 'vitest';
import { isGood, type Mutant, scoreOf, textBetween } from './score.ts';

const mutant = (isKilled: boolean | null, original = 'a < b', file = 'main/core/decide.ts'): Mutant => ({
  file,
  line: 1,
  original,
  replacement: 'true',
  isKilled,
});
const reason = ({ file, original, replacement }: Mutant) => ({ file, original, replacement, reason: 'the same' });
const killed = (count: number, file = 'main/core/limits.ts') =>
  Array.from({ length: count }, () => mutant(true, 'x', file));

test('a survivor in the decision fails the run, unless it has a reason', () => {
  const mutants = [...killed(99), mutant(false)];
  expect(isGood(scoreOf(mutants, []))).toBe(false);
  expect(isGood(scoreOf(mutants, [reason(mutant(false))]))).toBe(true);
});

test.each([
  ['main/core/decide-exit.ts', false],
  ['main/core/door.ts', false],
  ['main/core/time/zone.ts', false],
  ['main/core/tickets.ts', true],
])('one in %s', (file, good) => expect(isGood(scoreOf([...killed(99), mutant(false, 'a', file)], []))).toBe(good));

test('two equal survivors want two reasons, and a reason that explains nothing is told', () => {
  const twice = [...killed(98), mutant(false), mutant(false)];
  const one = reason(mutant(false));
  expect(scoreOf(twice, [one]).unexplained).toHaveLength(1);
  expect(isGood(scoreOf(twice, [one, one]))).toBe(true);
  expect(isGood(scoreOf(twice, [one, one, one]))).toBe(false);
  expect(scoreOf(killed(1), [one]).idle).toStrictEqual([]);
});

test('the score leaves out what says nothing, and less than 90 % is too little', () => {
  const score = scoreOf([...killed(9), mutant(false, 'a', 'main/core/limits.ts'), mutant(null)], []);
  expect(score.percent).toBe(90);
  expect(score.files).toStrictEqual([{ file: 'main/core/limits.ts', killed: 9, lived: 1 }]);
  expect(isGood(score)).toBe(true);
  expect(isGood(scoreOf([...killed(8), mutant(false, 'a', 'main/core/limits.ts')], []))).toBe(false);
  expect(isGood(scoreOf([], []))).toBe(false);
});

test('the text of a mutant, over several lines', () => {
  const source = 'if (\n  a <\n  b\n) c();\n';
  expect(textBetween(source, { line: 2, column: 3 }, { line: 3, column: 4 })).toBe('a < b');
  expect(textBetween(source, { line: 4, column: 3 }, { line: 4, column: 4 })).toBe('c');
});
