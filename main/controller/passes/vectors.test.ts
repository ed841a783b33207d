/**
 * Another cloud issues passes with software of its own, made from the manual alone (vectors.py). The door takes those
 * that are right and says of each wrong one what is wrong; and what we issue is the same to the letter.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeBase45 } from './base45.ts';
import { mintPass } from './mint.ts';
import { MOST_CHARACTERS, PASS_PREFIX } from './pass.ts';
import { NOW, show, signingKey, VECTORS } from './testing.ts';

test.each(VECTORS.cases)('$name', ({ text, doorId, at, trust, usedAt, expect: expected, characters }) => {
  const used = { isUsed: (_: string, where: string) => where === usedAt };
  expect(show(text, { doorId, at, trust, used })).toEqual(expected);
  expect(text).toHaveLength(characters);
});

describe('what we issue', () => {
  const minted = VECTORS.cases.flatMap(({ name, text, mint }) => (mint === null ? [] : [{ name, text, mint }]));

  test.each(minted)('$name: the same text', ({ text, mint: { kid, scope, ...claims } }) => {
    const doorIds = scope === null ? null : scope.split(' ');
    expect(mintPass(signingKey(kid), { ...claims, doorIds })).toEqual({ ok: true, value: text });
  });
});

test('the vectors have every reason, passes of full length, and as many bad ones as matter', () => {
  const whys = VECTORS.cases.map(({ expect: expected }) => (expected === null || expected.ok ? null : expected.why));
  const count = (why: string | null) => whys.filter((one) => one === why).length;
  expect(Math.min(...['expired', 'revoked', 'tenant', 'door', 'used'].map(count))).toBeGreaterThan(0);
  expect(count('signature')).toBeGreaterThan(75);
  expect(Math.max(...VECTORS.cases.map((one) => (one.expect?.ok ? one.text.trim().length : 0)))).toBe(MOST_CHARACTERS);
  expect(VECTORS.cases[0]?.at).toBe(NOW);
});

test('the worked example of the manual is the first vector', () => {
  const manual = readFileSync(join(import.meta.dirname, '../../../resources/manual/passes.md'), 'utf8');
  const [first] = VECTORS.cases;
  const bytes = decodeBase45(first?.text.slice(PASS_PREFIX.length) ?? '');
  expect(manual).toContain(`text       ${first?.text}\n`);
  expect(manual).toContain(`pass       ${Buffer.from(bytes ?? []).toString('hex')}\n`);
  expect(manual).toContain(VECTORS.settings.passKeys[0]?.publicKey);
});
