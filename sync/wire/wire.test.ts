// A unit and a hub of somebody else's talk over the open internet. What comes is a message of the protocol, or it is
// turned away with one line; nothing is half taken, and nothing that was said by one can be said again by another.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WIRE } from './limits.ts';
import { arrivalOf, fits, isOwn, remainingHere } from './merge.ts';
import { parseFromHub, parseToHub } from './parse.ts';
import { commandText, documentText, headText, helloText, hubText, pairingText, revocationText } from './signed.ts';

const NONCE = 'A'.repeat(22);
const KEY = 'B'.repeat(43);
const PROOF = 'C'.repeat(86);
const HELLO = { type: 'hello', version: 1, unit: 'u1', epoch: 1, nonce: NONCE, proof: PROOF };
const ORIGIN = { unit: 'u1', epoch: 1, seq: 7 };
const USAGE = {
  kind: 'usage',
  id: 'u1/1/7',
  origin: ORIGIN,
  body: { memberId: 'm', contractId: 'c', bandId: 'b', date: '2026-11-22' },
};

describe('a message', () => {
  test('of the protocol is taken as it is', () => {
    expect(parseToHub(JSON.stringify(HELLO))).toEqual({ ok: true, value: HELLO });
    const delta = { type: 'delta', from: 3, to: 4, changes: [USAGE], last: true };
    expect(parseFromHub(JSON.stringify(delta))).toEqual({ ok: true, value: delta });
  });

  test.each([
    ['no JSON', '{', 'not JSON'],
    ['another kind', JSON.stringify({ ...HELLO, type: 'open' }), 'type: not as the protocol has it'],
    ['a key too many', JSON.stringify({ ...HELLO, admin: true }), '$: not as the protocol has it'],
    ['a key too short', JSON.stringify({ ...HELLO, nonce: 'AAAA' }), 'nonce: not as the protocol has it'],
    ['another version', JSON.stringify({ ...HELLO, version: 2 }), 'version: not as the protocol has it'],
    ['__proto__', `{"type":"hello","__proto__":{"version":1}}`, 'version: not as the protocol has it'],
  ])('%s is turned away, by its path and without what was there', (_, text, detail) => {
    expect(parseToHub(text)).toEqual({ ok: false, error: { why: 'not-a-message', detail } });
  });

  test('too long or too deep is turned away before it is read', () => {
    expect(parseToHub(' '.repeat(WIRE.messageBytes + 1))).toMatchObject({ error: { why: 'too-large' } });
    expect(parseToHub('['.repeat(WIRE.depth + 1))).toMatchObject({ error: { why: 'too-large' } });
    // Brackets in a text are no depth.
    expect(parseToHub(JSON.stringify({ x: `\\"${'['.repeat(100)}` }))).toMatchObject({
      error: { why: 'not-a-message' },
    });
  });

  test('what stands in texts is no depth, whatever quotes and backslashes are in them', () => {
    const texts = fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', ']', '}', 'a') });
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 40 }), texts, fc.boolean(), (all, last, isDeep) => {
        const depth = WIRE.depth + (isDeep ? 1 : 0);
        let value: unknown = last;
        for (let level = 0; level < depth; level += 1) {
          const text = all[level % all.length] ?? '';
          value = level % 2 === 0 ? [text, value, text] : { [text]: text, value };
        }
        const why = isDeep ? 'too-large' : 'not-a-message';
        expect(parseToHub(JSON.stringify(value))).toMatchObject({ error: { why } });
      }),
    );
  });

  test('whatever comes, the answer is a message or a line', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        for (const parsed of [parseToHub(text), parseFromHub(text)]) {
          if (!parsed.ok) expect(parsed.error.detail.length).toBeLessThan(300);
        }
      }),
    );
  });
});

test('what is signed for one purpose is signed for no other, and no value can pass for two', () => {
  const texts = [
    pairingText('h', NONCE, 'u', KEY),
    helloText('h', NONCE, 'u', 1),
    hubText(NONCE, 'u', 1),
    headText('u', 1, 1, KEY),
    commandText(NONCE, 'u', '1', '{}', 1),
    revocationText('u', 1, 1),
    documentText('t', 'k', 1, KEY),
  ];
  expect(new Set(texts.map((text) => text.split('\n')[0])).size).toBe(texts.length);
  expect(() => helloText('h\nu', NONCE, 'u', 1)).toThrow('line break');
});

describe('events arrive', () => {
  test.each([
    ['the next one', 4, 5, null, 'new'],
    ['the first one', 0, 1, null, 'new'],
    ['one again', 5, 5, 'x', 'known'],
    ['one again that was pruned meanwhile', 5, 2, null, 'known'],
    ['another under the same number', 5, 5, 'y', 'contradiction'],
    ['one after a hole', 4, 6, null, 'gap'],
  ] as const)('%s', (_, head, seq, stored, arrival) => {
    expect(arrivalOf(head, seq, stored, 'x')).toBe(arrival);
  });

  test('in any order and any number of times, each is stored once and none is missing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 60 }), (sent) => {
        const stored = new Map<number, string>();
        for (const seq of sent) {
          if (arrivalOf(stored.size, seq, stored.get(seq) ?? null, `e${seq}`) === 'new') stored.set(seq, `e${seq}`);
        }
        expect([...stored.keys()]).toEqual(Array.from({ length: stored.size }, (_, index) => index + 1));
      }),
    );
  });
});

describe('rows come down', () => {
  test('own history is known to be own', () => {
    const parsed = parseFromHub(JSON.stringify({ type: 'rows', changes: [USAGE], cursor: '' }));
    if (!parsed.ok || parsed.value.type !== 'rows') throw new Error('not taken');
    const [change] = parsed.value.changes;
    if (change === undefined) throw new Error('no change');
    expect([isOwn(change, 'u1'), isOwn(change, 'u2')]).toEqual([true, false]);
  });

  test('a ticket has what the hub says, less what the hub did not know yet, and never less than nothing', () => {
    expect([remainingHere(5, 2, 0), remainingHere(1, 2, 0), remainingHere(1, 2, 2)]).toEqual([3, 0, 1]);
  });

  test('a delta is applied only where it goes on from', () => {
    expect([fits({ from: 3, to: 4 }, 3), fits({ from: 3, to: 4 }, 2), fits({ from: 3, to: 3 }, 3)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
