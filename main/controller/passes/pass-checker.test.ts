/** Ana holds up the card on her telephone; and somebody holds up what isn't Ana's card, or isn't any more. */
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { encode, rfc8949EncodeOptions } from 'cborg';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase45, encodeBase45 } from './base45.ts';
import { mintPass } from './mint.ts';
import { PASS_PREFIX, parsePass } from './pass.ts';
import { PassChecker } from './pass-checker.ts';
import { CLAIMS, NOW, passOf, refused, show, signingKey, VECTORS } from './testing.ts';
import { MemoryUsedPasses, NOTHING_USED } from './used-passes.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const CARD = passOf();
const VISITOR = passOf({ memberId: 'v-1', doorIds: ['front'], passId: '01' });
const good = { ok: true, memberId: 'm-1001', passId: '0a0b0c0d', until: NOW + 90_000 };

const bytesOf = (text: string) => decodeBase45(text.slice(PASS_PREFIX.length)) ?? new Uint8Array();
const textOf = (bytes: Uint8Array) => PASS_PREFIX + encodeBase45(bytes);
const whyOf = (text: string) => {
  const result = show(text);
  return result === null || result.ok ? result : result.why;
};

describe('a pass opens a door once', () => {
  test('the second time at the same door is refused, at another it opens', () => {
    const used = new MemoryUsedPasses();
    expect(show(CARD, { used })).toEqual(good);
    used.note(good.passId, 'front', good.until);
    expect(show(CARD, { used, at: NOW + 1 })).toEqual(refused('used'));
    expect(show(CARD, { used, doorId: 'back' })).toEqual(good);
    used.note(good.passId, 'back', good.until);
    expect(show(CARD, { used, doorId: 'back' })).toEqual(refused('used'));
  });

  test('asking uses nothing up: who was refused by the rules may come again', () => {
    const used = new MemoryUsedPasses();
    expect([show(CARD, { used }), show(CARD, { used })]).toEqual([good, good]);
    expect(used.rows()).toEqual([]);
  });

  test('after a restart it is still used', () => {
    const used = new MemoryUsedPasses();
    used.note(good.passId, 'front', good.until);
    expect(show(CARD, { used: new MemoryUsedPasses(used.rows()) })).toEqual(refused('used'));
  });

  test('at no time does forgetting let it open again', () => {
    for (const at of [good.until - 1, good.until]) {
      const used = new MemoryUsedPasses();
      used.note(good.passId, 'front', good.until);
      used.forgetEnded(at);
      expect(show(CARD, { used, at })).toMatchObject({ ok: false });
    }
  });

  test('on the way out the same card may be shown', () => {
    expect(show(CARD, { used: NOTHING_USED })).toEqual(good);
  });

  test('the next card of the same member opens', () => {
    const used = new MemoryUsedPasses();
    used.note(good.passId, 'front', good.until);
    expect(show(passOf({ passId: '0a0b0c0e' }), { used })).toMatchObject({ ok: true, memberId: 'm-1001' });
  });
});

describe('its life, to the millisecond', () => {
  const begin = NOW - 30_000;
  const end = NOW + 60_000 + 30_000;
  test.each([
    [begin - 1, refused('expired')],
    [begin, good],
    [end - 1, good],
    [end, refused('expired')],
    [end + 365 * 86_400_000, refused('expired')],
  ])('at %i', (at, expected) => {
    expect(show(CARD, { at, trust: 'synced' })).toEqual(expected);
    expect(show(CARD, { at, trust: 'held' })).toEqual(expected);
  });

  test('while the clock is doubtful only what was over at the last trusted time is over', () => {
    expect(show(CARD, { at: 0, trust: 'doubtful' })).toEqual(good);
    expect(show(CARD, { at: begin - 1, trust: 'doubtful' })).toEqual(good);
    expect(show(CARD, { at: end - 1, trust: 'doubtful' })).toEqual(good);
    expect(show(CARD, { at: end, trust: 'doubtful' })).toEqual(refused('expired'));
  });

  test('a doubtful clock makes nothing else good', () => {
    const used = new MemoryUsedPasses();
    used.note(good.passId, 'front', good.until);
    expect(show(CARD, { trust: 'doubtful', used })).toEqual(refused('used'));
    expect(show(VISITOR, { trust: 'doubtful', doorId: 'back' })).toEqual(refused('door'));
    expect(show(passOf({ tenant: 't-2' }), { trust: 'doubtful' })).toEqual(refused('tenant'));
  });
});

describe('keys and revocations', () => {
  const { settings } = VECTORS;
  const [first] = settings.passKeys;
  const withKey = (key: Partial<(typeof settings.passKeys)[number]>) =>
    new PassChecker({ ...settings, passKeys: [{ ...first!, ...key }] });
  const life = { from: '2026-11-21T17:00:00+09:00', to: '2026-11-21T08:00:01Z' };

  test.each([
    [NOW - 1, refused('revoked')],
    [NOW, good],
    [NOW + 999, good],
    [NOW + 1_000, refused('revoked')],
  ])('a key in force from 8:00:00 to 8:00:01, at %i', (at, expected) => {
    expect(show(CARD, { at }, withKey(life))).toEqual(expected);
  });

  test('a key that is taken out of the settings is unknown', () => {
    expect(show(CARD, {}, new PassChecker({ ...settings, passKeys: settings.passKeys.slice(1) }))).toEqual(
      refused('signature'),
    );
  });

  test('a pass that says it is of one key and is signed by the other', () => {
    expect(show(passOf({}, { ...signingKey('k2'), kid: 'k1' }))).toEqual(refused('signature'));
  });

  test('a revocation in capitals works too', () => {
    const revoked = new PassChecker({ ...settings, revokedPasses: ['0A0B0C0D'] });
    expect(show(CARD, {}, revoked)).toEqual(refused('revoked'));
    expect(show(passOf({ passId: '0a0b0c' }), {}, revoked)).toMatchObject({ ok: true });
  });

  test('where the site has no tenant, no pass opens', () => {
    expect(show(CARD, {}, new PassChecker({ ...settings, tenant: null }))).toEqual(refused('tenant'));
    expect(show('M0001', {}, new PassChecker({ ...settings, tenant: null }))).toBeNull();
  });

  test('any 32 bytes may stand as a key in the settings: at worst no pass is good', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const checker = withKey({ publicKey: Buffer.from(bytes).toString('base64url') });
        expect(show(CARD, {}, checker)).toEqual(refused('signature'));
      }),
    );
  });
});

describe('what is not to the letter as it was issued', () => {
  test.each([
    ['a card', CARD],
    ['a visitor’s pass', VISITOR],
  ])('%s cut off anywhere, as text and as bytes', (_, text) => {
    const bytes = bytesOf(text);
    const texts = Array.from({ length: text.length }, (__, end) => text.slice(0, end));
    const cut = [...texts.slice(PASS_PREFIX.length), ...[...bytes.keys()].map((end) => textOf(bytes.subarray(0, end)))];
    expect(cut.length).toBeGreaterThan(250);
    expect(new Set(cut.map(whyOf))).toEqual(new Set(['signature']));
    expect(texts.slice(0, PASS_PREFIX.length).map(whyOf)).toEqual([null, null, null, null]);
  });

  test.each([
    ['a card', CARD],
    ['a visitor’s pass', VISITOR],
  ])('%s with any one bit turned over', (_, text) => {
    const bytes = bytesOf(text);
    const flipped = [...bytes.keys()].flatMap((at) =>
      [1, 2, 4, 8, 16, 32, 64, 128].map((bit) => textOf(bytes.with(at, (bytes[at] ?? 0) ^ bit))),
    );
    expect(flipped).toHaveLength(bytes.length * 8);
    expect(new Set(flipped.map(whyOf))).toEqual(new Set(['signature']));
  });

  test('a card with any one character replaced by any other', () => {
    const others = [...ALPHABET, 'a', '!', '\u{FFFD}', '０'];
    const replaced = [...CARD].flatMap((own, at) =>
      others
        .filter((other) => other !== own)
        .map((other) => [at, CARD.slice(0, at) + other + CARD.slice(at + 1)] as const),
    );
    const whys = (inPrefix: boolean) =>
      new Set(replaced.filter(([at]) => at < PASS_PREFIX.length === inPrefix).map(([, text]) => whyOf(text)));
    expect(replaced.length).toBeGreaterThan(7_500);
    // Without the prefix it is a static code, and one that nobody has.
    expect(whys(true)).toEqual(new Set([null]));
    expect(whys(false)).toEqual(new Set(['signature']));
  });

  test('two neighbours exchanged, one doubled, one left out', () => {
    const changed = [...CARD.slice(PASS_PREFIX.length)].flatMap((own, index) => {
      const at = index + PASS_PREFIX.length;
      const [before, after] = [CARD.slice(0, at), CARD.slice(at + 1)];
      return [before + after, before + own + own + after, before + after.slice(0, 1) + own + after.slice(1)];
    });
    const foreign = changed.filter((text) => text !== CARD);
    expect(foreign.length).toBeGreaterThan(450);
    expect(new Set(foreign.map(whyOf))).toEqual(new Set(['signature']));
  });
});

describe('whatever anybody prints', () => {
  test('any text is answered, and opens nothing', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 300 }).map((text) => PASS_PREFIX + text),
      fc.uint8Array({ maxLength: 120 }).map(textOf),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(['signature', null]).toContain(whyOf(text));
      }),
      { numRuns: 5_000 },
    );
  });

  test('a card with some bytes changed, added and taken away opens nothing', () => {
    const bytes = bytesOf(CARD);
    const splices = fc.array(fc.tuple(fc.nat(bytes.length), fc.nat(4), fc.uint8Array({ maxLength: 4 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(splices, (changes) => {
        const changed = [...bytes];
        for (const [at, count, other] of changes) changed.splice(at, count, ...other);
        const text = textOf(Uint8Array.from(changed));
        expect(whyOf(text)).toEqual(text === CARD ? good : 'signature');
      }),
      { numRuns: 5_000 },
    );
  });

  test('a text of ten million characters costs nothing', () => {
    for (const letter of ['A', ' ']) expect(whyOf(`${PASS_PREFIX}${letter.repeat(9_999_995)}A`)).toBe('signature');
  });

  test('arrays and maps as deep as they can be', () => {
    for (const head of [0x81, 0xa1, 0x9f, 0xbf, 0xd8]) {
      expect(whyOf(textOf(new Uint8Array(117).fill(head)))).toBe('signature');
    }
    expect(whyOf(textOf(Uint8Array.of(0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)))).toBe('signature');
    expect(whyOf(textOf(Uint8Array.of(0x5b, 0, 0, 0, 1, 0, 0, 0, 0)))).toBe('signature');
  });

  // The issuer's own mistakes: the signature is good, so that only the form can stop them.
  test('signed claims of any form are taken only where they are what we would have written', () => {
    const { privateKey } = signingKey();
    const value = fc.oneof(
      fc.constantFrom<unknown>(
        'm-1',
        't-1',
        NOW / 1_000,
        NOW / 1_000 + 60,
        NOW / 1_000 + 60.5,
        'front',
        null,
        true,
        -1,
      ),
      fc.uint8Array({ maxLength: 17 }),
      fc.string({ maxLength: 6 }),
    );
    const claims = fc.array(fc.tuple(fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, '2'), value), { maxLength: 6 });
    const base = new Map<unknown, unknown>([
      [2, 'm-1'],
      [3, 't-1'],
      [4, NOW / 1_000 + 60],
      [7, Uint8Array.of(1)],
    ]);
    let taken = 0;
    fc.assert(
      fc.property(claims, (changes) => {
        const payload = encode(new Map([...base, ...changes]), rfc8949EncodeOptions);
        const header = encode(
          new Map<number, unknown>([
            [1, -8],
            [4, Buffer.from('k1')],
          ]),
          rfc8949EncodeOptions,
        );
        const signature = sign(null, encode(['Signature1', header, new Uint8Array(), payload]), privateKey);
        const text = textOf(encode([header, new Map(), payload, signature]));
        const pass = parsePass(text);
        if (pass === null) expect(whyOf(text)).toBe('signature');
        else {
          taken++;
          expect(mintPass({ kid: 'k1', privateKey }, pass.claims)).toEqual({ ok: true, value: text });
          expect(whyOf(text)).not.toBe('signature');
        }
      }),
      { numRuns: 3_000 },
    );
    expect(taken).toBeGreaterThan(20);
  });
});

test('a card of a key made just now opens too', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const passKeys = [{ kid: '鍵', publicKey: x, from: '2026-01-01T00:00:00Z', to: null }];
  const checker = new PassChecker({ tenant: CLAIMS.tenant, passKeys, revokedPasses: [] });
  expect(show(passOf({}, { kid: '鍵', privateKey }), {}, checker)).toEqual(good);
});
