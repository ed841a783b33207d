// Where a command's passphrase comes from: whoever sits there, a file, a pipe; and what is said when it is none.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newPassphrase, opened } from './asking.ts';
import { SimAsked, sealedCheaply } from './testing.ts';

const PASSPHRASE = 'a long walk by the river';
const SITE = { format: 'genkan-site/1' };
const folder = mkdtempSync(join(tmpdir(), 'genkan-asking-'));
const file = join(folder, 'passphrase');
const sealed = sealedCheaply(SITE, PASSPHRASE);

beforeAll(() => writeFileSync(file, `${PASSPHRASE}\r\nnot this line\n`));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a new one is typed twice', async () => {
  expect(await newPassphrase(new SimAsked([PASSPHRASE, PASSPHRASE]), null)).toStrictEqual({
    ok: true,
    value: PASSPHRASE,
  });
  const differing = await newPassphrase(new SimAsked([PASSPHRASE, 'a long walk by the sea']), null);
  expect(differing).toMatchObject({ ok: false, error: expect.stringContaining('differ') });
  expect(await newPassphrase(new SimAsked(['short']), null)).toMatchObject({ ok: false });
  expect(await newPassphrase(new SimAsked([null]), null)).toMatchObject({ ok: false });
});

test('who types none gets a code, shown this once', async () => {
  const asked = new SimAsked(['']);
  const made = await newPassphrase(asked, null);
  if (!made.ok) throw new Error(made.error);
  expect(made.value).toMatch(/^(?:\d{4} ?){4}$/);
  expect(asked.seen.split(made.value)).toHaveLength(2);
});

test('the first line of a file or a pipe is one, and nobody is asked', async () => {
  expect(await newPassphrase(new SimAsked(null), file)).toStrictEqual({ ok: true, value: PASSPHRASE });
  expect(await newPassphrase(new SimAsked(null, `${PASSPHRASE}\n`), '-')).toStrictEqual({
    ok: true,
    value: PASSPHRASE,
  });
  for (const [piped, why] of [
    ['', 'a first line'],
    ['\nsecond', 'a first line'],
    ['short', 'at least'],
    ['x'.repeat(10_000), 'a first line'],
  ] as const)
    expect(await newPassphrase(new SimAsked(null, piped), '-')).toMatchObject({ error: expect.stringContaining(why) });
  const none = await newPassphrase(new SimAsked(null), join(folder, 'none'));
  expect(none).toMatchObject({ error: expect.stringContaining('can be read') });
});

test('where nobody sits and none is named, it says how to name one', async () => {
  expect(await newPassphrase(new SimAsked(null), null)).toMatchObject({
    error: expect.stringContaining('--passphrase-file'),
  });
  expect(await opened(new SimAsked(null), sealed, null)).toMatchObject({ ok: false });
});

test('a sealed file is opened at the third try, and not at a fourth; a plain one asks for nothing', async () => {
  expect(await opened(new SimAsked([]), SITE, null)).toStrictEqual({ ok: true, value: SITE });
  const asked = new SimAsked(['no', 'never', PASSPHRASE]);
  expect(await opened(asked, sealed, null)).toStrictEqual({ ok: true, value: SITE });
  const wrong = await opened(new SimAsked(['no', 'never', 'nowhere', PASSPHRASE]), sealed, null);
  expect(wrong).toMatchObject({ ok: false, error: expect.stringContaining('another one') });
  expect(JSON.stringify([asked.seen, wrong])).not.toMatch(/never|nowhere|river/);
});

test('a passphrase from a file is tried once, and a damaged file asks for none', async () => {
  expect(await opened(new SimAsked(null), sealed, file)).toStrictEqual({ ok: true, value: SITE });
  expect(await opened(new SimAsked(null, 'another one entirely'), sealed, '-')).toMatchObject({ ok: false });
  const damaged = { ...sealed, nonce: '' };
  expect(await opened(new SimAsked([]), damaged, null)).toMatchObject({ error: expect.stringContaining('damaged') });
});
