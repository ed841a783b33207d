// A stick is lost: whoever finds it has a file that its passphrase alone opens, and that can't be altered unseen.
import { beforeAll, expect, test } from 'vitest';
import { asKeyed, makeCode, weakness } from './passphrase.ts';
import { isSealed, openSealed, parseSealed, type Sealed, seal } from './sealed.ts';
import { sealedCheaply } from './testing.ts';

const PASSPHRASE = 'a long walk by the river';
const SITE = { format: 'genkan-site/1', members: [{ id: 'm1', name: '佐藤花子' }] };
let sealed: Sealed;

beforeAll(async () => {
  sealed = await seal(SITE, PASSPHRASE);
});

test('what was sealed comes back whole; nothing of it stands in the file but what kind of document it is', async () => {
  const read: unknown = JSON.parse(JSON.stringify(sealed));
  expect(isSealed(read)).toBe(true);
  const parsed = parseSealed(read);
  if (!parsed.ok) throw new Error(parsed.error.line);
  expect(await openSealed(parsed.value, PASSPHRASE)).toStrictEqual({ ok: true, value: SITE });
  const { data, ...header } = sealed;
  expect(header).toMatchObject({
    format: 'genkan-sealed/1',
    holds: 'genkan-site/1',
    kdf: { memory: 65_536, passes: 3 },
  });
  for (const bytes of [data, Buffer.from(data, 'base64').toString('utf8')])
    expect(bytes).not.toMatch(/佐藤花子|members/);
});

test('another passphrase, and every altered part, opens nothing', async () => {
  const flipped = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
  const cheap = sealedCheaply(SITE, PASSPHRASE);
  const { kdf } = cheap;
  const altered: readonly Sealed[] = [
    { ...cheap, data: flipped(cheap.data) },
    { ...cheap, data: cheap.data.slice(0, -8) },
    { ...cheap, nonce: flipped(cheap.nonce) },
    { ...cheap, holds: 'genkan-settings/1' },
    { ...cheap, kdf: { ...kdf, salt: flipped(kdf.salt) } },
    { ...cheap, kdf: { ...kdf, passes: 2 } },
  ];
  for (const file of altered) expect(await openSealed(file, PASSPHRASE)).toMatchObject({ error: { why: 'wrong' } });
  expect(await openSealed(cheap, `${PASSPHRASE}s`)).toMatchObject({
    error: { why: 'wrong', line: expect.stringMatching(/^the passphrase is another one, or .*: type it again/) },
  });
});

test('the same document under the same passphrase is another file each time', async () => {
  const again = await seal(SITE, PASSPHRASE);
  expect(again.kdf.salt).not.toBe(sealed.kdf.salt);
  expect(again.nonce).not.toBe(sealed.nonce);
  expect(again.data).not.toBe(sealed.data);
});

test('it is what its words say: Argon2id, then AES-256-GCM with the header as additional data', async () => {
  expect(await openSealed(sealedCheaply(SITE, PASSPHRASE), PASSPHRASE)).toStrictEqual({ ok: true, value: SITE });
});

test.each<[string, (file: Sealed) => unknown]>([
  ['gigabytes', (file) => ({ ...file, kdf: { ...file.kdf, memory: 8_388_608 } })],
  ['hours', (file) => ({ ...file, kdf: { ...file.kdf, passes: 1e9 } })],
  ['no memory at all', (file) => ({ ...file, kdf: { ...file.kdf, memory: 0 } })],
  ['half a pass', (file) => ({ ...file, kdf: { ...file.kdf, passes: 1.5 } })],
  ['another derivation', (file) => ({ ...file, kdf: { ...file.kdf, name: 'scrypt' } })],
  ['a short nonce', (file) => ({ ...file, nonce: 'AAAA' })],
  ['a key too many', (file) => ({ ...file, extra: 1 })],
  ['no data', ({ data: _, ...file }) => file],
])('a file that asks for %s is refused before anything is derived', (_, of) => {
  expect(parseSealed(of(sealed))).toMatchObject({ error: { why: 'form', line: expect.stringContaining('damaged') } });
});

test('a file of a later version says so; what is no sealed file is told apart', () => {
  const later = { ...sealed, format: 'genkan-sealed/2' };
  expect(isSealed(later)).toBe(true);
  expect(parseSealed(later)).toMatchObject({ error: { why: 'form', line: expect.stringContaining('update') } });
  for (const other of [SITE, null, [], 'genkan-sealed/1', { format: 1 }]) expect(isSealed(other)).toBe(false);
});

test('a code is 16 digits in groups of four, and counts however it is typed', () => {
  const code = makeCode();
  expect(code).toMatch(/^\d{4} \d{4} \d{4} \d{4}$/);
  expect(makeCode()).not.toBe(code);
  for (const typed of [code.replaceAll(' ', ''), code.replaceAll(' ', '-'), ` ${code} `])
    expect(asKeyed(typed)).toBe(asKeyed(code));
  expect(asKeyed('１２３４ ５６７８ ９０１２ ３４５６')).toBe('1234567890123456');
  expect(asKeyed('two words-here')).toBe('two words-here');
});

test('a new one that is soon tried through is refused, whatever fills it up', () => {
  expect(weakness('1234 5678 901')).toContain('at least 12');
  expect(weakness('   short    ')).toContain('at least 12');
  expect(weakness('x'.repeat(257))).toContain('at most 256');
  expect(weakness(makeCode())).toBeNull();
});
