/** What the keys of a keyboard type, by the kernel's key codes (input-event-codes.h): plain and with shift. */

export type Layout = 'us' | 'jis';

const LETTERS: Readonly<Record<number, string>> = { 16: 'qwertyuiop', 30: 'asdfghjkl', 44: 'zxcvbnm' };
const KEYPAD: Readonly<Record<number, string>> = { 55: '*', 71: '789-456+1230.', 98: '/' };

/** From key code on, one key after the other: what they type plain, and what with shift. A space: nothing. */
const SIGNS: Record<Layout, Readonly<Record<number, readonly [plain: string, shifted: string]>>> = {
  us: {
    2: ['1234567890-=', '!@#$%^&*()_+'],
    26: ['[]', '{}'],
    39: [";'`", ':"~'],
    43: ['\\', '|'],
    51: [',./', '<>?'],
    86: ['\\', '|'],
  },
  jis: {
    2: ['1234567890-^', '!"#$%&\'() =~'],
    26: ['@[', '`{'],
    39: [';:', '+*'],
    43: [']', '}'],
    51: [',./', '<>?'],
    89: ['\\', '_'],
    124: ['\\', '|'],
  },
};

const SPACE = 57;

export interface Key {
  readonly plain: string;
  /** Null: the key with shift types nothing. */
  readonly shifted: string | null;
}

export function keysOf(layout: Layout): ReadonlyMap<number, Key> {
  const keys = new Map<number, Key>([[SPACE, { plain: ' ', shifted: ' ' }]]);
  const add = (first: string, plain: string, shifted: string): void => {
    for (const [place, character] of [...plain].entries()) {
      const other = shifted[place] ?? ' ';
      keys.set(Number(first) + place, { plain: character, shifted: other === ' ' ? null : other });
    }
  };
  for (const [first, letters] of Object.entries(LETTERS)) add(first, letters, letters.toUpperCase());
  for (const [first, signs] of Object.entries(KEYPAD)) add(first, signs, signs);
  for (const [first, [plain, shifted]] of Object.entries(SIGNS[layout])) add(first, plain, shifted);
  return keys;
}
