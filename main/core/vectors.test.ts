// The shared vectors: whoever implements the rules, here or in another cloud, gets these answers field by field.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { answerCase } from '../cli/decide.ts';

const VECTORS = join(import.meta.dirname, 'vectors');
const Vectors = z.object({
  cases: z.array(
    z.object({
      name: z.string(),
      site: z.unknown(),
      actions: z.unknown(),
      expect: z.array(z.unknown()).optional(),
      expectError: z.string().optional(),
    }),
  ),
});

describe.each(readdirSync(VECTORS))('%s', (file) => {
  const { cases } = Vectors.parse(JSON.parse(readFileSync(join(VECTORS, file), 'utf8')));
  test.each(cases)('$name', ({ expectError, expect: results, ...given }) => {
    const answer = answerCase(given);
    if (expectError === undefined) expect(answer).toStrictEqual({ name: given.name, results });
    else expect(answer).toStrictEqual({ name: given.name, error: expect.stringMatching(`^${quoted(expectError)}: .`) });
  });
});

function quoted(text: string): string {
  return text.replace(/[[\]$.]/g, '\\$&');
}
