/**
 * The controller writes a token and, now and then, a permit. What comes through a pipe comes in any pieces, and may be
 * anything: nothing but a token or a permit has an effect, and none of it is repeated in the journal.
 */
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { LONGEST_LINE_BYTES, PERMIT_LIFE_MS, readPipe, type Secrets } from './pipe.ts';

const TOKEN = 'T'.repeat(43);
const PERMIT = 'P'.repeat(43);

interface Heard {
  readonly secrets: Secrets;
  readonly tokens: (string | null)[];
  readonly said: string[];
  readonly clock: VirtualClock;
}

async function hear(...chunks: readonly (string | Uint8Array)[]): Promise<Heard> {
  const pipe = new PassThrough();
  const clock = new VirtualClock();
  const said: string[] = [];
  const tokens: (string | null)[] = [];
  const secrets = readPipe(
    pipe,
    clock,
    (line) => said.push(line),
    () => tokens.push(secrets.token()),
  );
  for (const chunk of chunks) pipe.write(chunk);
  await clock.advance(0);
  return { secrets, tokens, said, clock };
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

test('a token and a permit', async () => {
  const { secrets, tokens, said } = await hear(line({ token: TOKEN }), line({ permit: PERMIT }));
  expect(tokens).toEqual([TOKEN]);
  expect(secrets.spendPermit(PERMIT)).toBe(true);
  expect(said).toEqual([]);
});

test('the newest holds; the same token again is no news', async () => {
  const other = 'O'.repeat(128);
  const { secrets, tokens } = await hear(...[TOKEN, TOKEN, other].map((token) => line({ token })));
  expect(tokens).toEqual([TOKEN, other]);
  expect(secrets.token()).toBe(other);
  const permits = await hear(line({ permit: PERMIT }), line({ permit: other }));
  expect(permits.secrets.spendPermit(PERMIT)).toBe(false);
});

test('a permit is spent by any attempt, and is old after a minute', async () => {
  const { secrets } = await hear(line({ permit: PERMIT }));
  expect(secrets.spendPermit('x')).toBe(false);
  expect(secrets.spendPermit(PERMIT)).toBe(false);
  const late = await hear(line({ permit: PERMIT }));
  await late.clock.advance(PERMIT_LIFE_MS);
  expect(late.secrets.spendPermit(PERMIT)).toBe(true);
  const later = await hear(line({ permit: PERMIT }));
  await later.clock.advance(PERMIT_LIFE_MS + 1);
  expect(later.secrets.spendPermit(PERMIT)).toBe(false);
});

test('however the bytes are cut, the same is heard', async () => {
  const text = `${line({ token: TOKEN })}garbage\n\n${line({ token: 'short' })}${line({ permit: PERMIT })}`;
  const bytes = Buffer.from(text);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 20 }), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const { secrets, tokens, said } = await hear(...at.slice(1).map((end, i) => bytes.subarray(at[i], end)));
      expect(tokens).toEqual([TOKEN]);
      expect(said).toHaveLength(3);
      expect(secrets.spendPermit(PERMIT)).toBe(true);
    }),
  );
});

test.each([
  ['no JSON', 'token=x\n'],
  ['a token of the wrong alphabet', line({ token: `${TOKEN} ` })],
  ['a token too short', line({ token: TOKEN.slice(1) })],
  ['a token too long', line({ token: 'x'.repeat(129) })],
  ['both at once', line({ token: TOKEN, permit: PERMIT })],
  ['something more', line({ token: TOKEN, url: 'http://example.com' })],
  ['a list', line([TOKEN])],
  ['null', 'null\n'],
  ['a line without an end', JSON.stringify({ token: TOKEN })],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x0a])],
])('%s has no effect', async (_name, chunk) => {
  const { secrets, tokens, said } = await hear(chunk);
  expect(tokens).toEqual([]);
  expect(secrets.spendPermit(PERMIT)).toBe(false);
  expect(said.join()).not.toMatch(/TTTT|PPPP|xxxx|example/);
});

test('endless garbage is not kept, and the line after it is heard', async () => {
  const flood = Buffer.alloc(64 * 1024, 'x');
  const { tokens, said } = await hear(...Array.from({ length: 64 }, () => flood), '\n', line({ token: TOKEN }));
  expect(said).toHaveLength(1);
  expect(tokens).toEqual([TOKEN]);
  const longest = await hear(`${line({ token: TOKEN }).trimEnd().padEnd(LONGEST_LINE_BYTES)}\n`);
  expect(longest.tokens).toEqual([TOKEN]);
  const longer = await hear(
    `${line({ token: TOKEN })
      .trimEnd()
      .padEnd(LONGEST_LINE_BYTES + 1)}\n`,
  );
  expect(longer.tokens).toEqual([]);
});

test('the end of the pipe, also a bad one, changes nothing', async () => {
  const pipe = new PassThrough();
  const clock = new VirtualClock();
  const secrets = readPipe(
    pipe,
    clock,
    () => {},
    () => {},
  );
  pipe.write(line({ token: TOKEN }));
  await clock.advance(0);
  pipe.destroy(new Error('gone'));
  await clock.advance(0);
  expect(secrets.token()).toBe(TOKEN);
});
