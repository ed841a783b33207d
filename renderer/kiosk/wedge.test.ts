/** A reader types "M0001⏎" in 30 ms into whatever has the focus; a person who leans on the keyboard is no reader. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_KEYS, type WedgeState, wedgeKey } from './wedge.ts';

interface Typed {
  readonly codes: readonly string[];
  /** Keys that others on the page see. */
  readonly seen: readonly string[];
  readonly state: WedgeState;
}

function type(keys: readonly string[], gapMs: number, enterGapMs = gapMs): Typed {
  let state = NO_KEYS;
  let atMs = 1_000;
  const codes: string[] = [];
  const seen: string[] = [];
  for (const key of keys) {
    atMs += key === 'Enter' ? enterGapMs : gapMs;
    const step = wedgeKey(state, key, atMs);
    state = step.state;
    if (step.code !== null) codes.push(step.code);
    if (!step.swallow) seen.push(key);
  }
  return { codes, seen, state };
}

describe('a reader', () => {
  test('is heard at its Enter, and only its first key is seen by anything else', () => {
    const { codes, seen } = type([...'M0001', 'Enter'], 5);
    expect(codes).toEqual(['M0001']);
    expect(seen).toEqual(['M']);
  });

  test('may press Shift for capitals and wait before its Enter', () => {
    const { codes } = type(['Shift', 'M', '0', '0', 'Shift', 'A', 'Enter'], 20, 150);
    expect(codes).toEqual(['M00A']);
  });

  test('is heard code after code', () => {
    expect(type([...'AAA', 'Enter', ...'BBB', 'Enter'], 10).codes).toEqual(['AAA', 'BBB']);
  });

  test('hands in at most 512 characters; more is dropped up to its Enter, and the next code is heard', () => {
    expect(type([...'x'.repeat(512), 'Enter'], 1).codes).toEqual(['x'.repeat(512)]);
    expect(type([...'x'.repeat(513), 'Enter', ...'ABC', 'Enter'], 1).codes).toEqual(['ABC']);
    expect(type([...'x'.repeat(5_000)], 1).state.typed).toBe('');
  });
});

describe('a person', () => {
  test('is not taken for a reader, and all their keys arrive', () => {
    const keys = [...'M0001', 'Enter'];
    expect(type(keys, 80)).toMatchObject({ codes: [], seen: keys });
  });

  test('who presses two keys at once and Enter is not a reader either', () => {
    expect(type(['a', 's', 'Enter'], 10).codes).toEqual([]);
  });

  test('who presses Enter alone presses the button that has the focus', () => {
    expect(type(['Enter'], 80).seen).toEqual(['Enter']);
  });

  test('who touches the keyboard long before leaves nothing of it in the next code', () => {
    const before = wedgeKey(NO_KEYS, 'q', 100).state;
    let state = before;
    let code: string | null = null;
    for (const [index, key] of [...'M0001', 'Enter'].entries()) {
      const step = wedgeKey(state, key, 1_000 + index * 5);
      state = step.state;
      code = step.code ?? code;
    }
    expect(code).toBe('M0001');
  });
});

test('any printable code comes through as it was typed, at any reader’s speed', () => {
  const codes = fc.string({ unit: 'grapheme-ascii', minLength: 3, maxLength: 200 });
  fc.assert(
    fc.property(codes, fc.integer({ min: 0, max: 50 }), (code, gapMs) => {
      expect(type([...code, 'Enter'], gapMs).codes).toEqual([code]);
    }),
  );
});
