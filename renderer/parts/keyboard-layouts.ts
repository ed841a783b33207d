/** The keys of the on-screen keyboard, a text a row; `{gap}` is a place without a key. */
export const KEYBOARD_MODES = ['kana', 'abc', 'digits', 'symbols'] as const;
export type KeyboardMode = (typeof KEYBOARD_MODES)[number];

export const GAP = '{gap}';
export const SHIFT = '{shift}';

const LETTERS = ['1 2 3 4 5 6 7 8 9 0', 'q w e r t y u i o p', 'a s d f g h j k l -'];

/** Kana stand by the fifty sounds, in columns from the left. */
export const KEYBOARD_LAYOUTS = {
  kana: [
    'ア カ サ タ ナ ハ マ ヤ ラ ワ',
    `イ キ シ チ ニ ヒ ミ ${GAP} リ ヲ`,
    'ウ ク ス ツ ヌ フ ム ユ ル ン',
    `エ ケ セ テ ネ ヘ メ ${GAP} レ ー`,
    'オ コ ソ ト ノ ホ モ ヨ ロ ・',
  ],
  abc: [...LETTERS, `${SHIFT} z x c v b n m . _`, '@ .com .jp .co.jp .ne.jp'],
  capitals: [...LETTERS.map((row) => row.toUpperCase()), `${SHIFT} Z X C V B N M . _`, '@ .com .jp .co.jp .ne.jp'],
  digits: ['1 2 3', '4 5 6', '7 8 9', '- 0 +'],
  symbols: ['@ . - _ + /', "! # $ % & '", '* = ? ^ ~ |', '( ) : ; , `'],
};
