// Whatever is written on a wire, shown to a camera or handed in as a document: nothing falls over, nothing opens, nothing
// comes out that was not said. Ten thousand inputs a parser, as `npm run soak` does a million.
import { expect, test, vi } from 'vitest';
import { PARSER_FUZZES } from './fuzz-parsers.ts';
import { WIRE_FUZZES } from './fuzz-wire.ts';

vi.setConfig({ testTimeout: 120_000 });

test.each([...PARSER_FUZZES, ...WIRE_FUZZES])(
  '$name: ten thousand inputs, a fifth of them past the framing',
  async ({ run }) => {
    const { inputs, framed, findings } = await run(10_000, 20_261_122);
    expect(findings).toEqual([]);
    expect(framed / inputs).toBeGreaterThanOrEqual(0.2);
  },
);
