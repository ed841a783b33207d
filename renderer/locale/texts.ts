/** The words of every screen, in four languages: ICU messages in `texts.json`, written out by i18next. */
import { createInstance } from 'i18next';
import ICU from 'i18next-icu';
import texts from './texts.json' with { type: 'json' };

export const LANGUAGES = ['ja', 'en', 'zh-Hans', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

/** How each language calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  ja: '日本語',
  en: 'English',
  'zh-Hans': '中文',
  ko: '한국어',
};

type Titled = 'reasons' | 'warnings' | 'states';
export type TextKey =
  | `screens.${keyof typeof texts.screens}`
  | `grants.${keyof typeof texts.grants}`
  | { [S in Titled]: `${S}.${Extract<keyof (typeof texts)[S], string>}.${'title' | 'remedy'}` }[Titled];

export type TextValues = Readonly<Record<string, string | number>>;
/** What stands around a part that is to be seen first, a time or a count. Private use: no name has them. */
const STRONG_ON = '\uE000';
const STRONG_OFF = '\uE001';

/** A message in one language. Placeholders that a message has must all be given. */
export type Texts<Key extends string = TextKey> = (key: Key, values?: TextValues) => string;

export type Entry = Readonly<Record<Language, string>>;

/** Counts in the grants are what a member looks for. */
function emphasiseCounts(message: string): string {
  return message.replaceAll('#', `${STRONG_ON}#${STRONG_OFF}`);
}

/** Every message as `section.key` or `section.key.title`, with what it says in each language. */
export function allTexts(): ReadonlyMap<string, Entry> {
  const all = new Map<string, Entry>();
  for (const [key, entry] of Object.entries(texts.screens)) all.set(`screens.${key}`, entry);
  for (const [key, entry] of Object.entries(texts.grants)) all.set(`grants.${key}`, entry);
  for (const section of ['reasons', 'warnings', 'states'] as const) {
    for (const [key, { title, remedy }] of Object.entries(texts[section])) {
      all.set(`${section}.${key}.title`, title);
      all.set(`${section}.${key}.remedy`, remedy);
    }
  }
  return all;
}

function resourcesOf(language: Language, entries: Iterable<[string, Entry]>): Record<string, string> {
  const messages: Record<string, string> = {};
  for (const [key, entry] of entries) {
    messages[key] = key.startsWith('grants.') ? emphasiseCounts(entry[language]) : entry[language];
  }
  return messages;
}

/**
 * Texts of any language, made once for the page.
 * @param more further messages, for parts that the packaged page doesn't have
 */
export function createTexts<More extends string = never>(
  more: ReadonlyMap<More, Entry> = new Map(),
): (language: Language) => Texts<TextKey | More> {
  const entries: [string, Entry][] = [...allTexts(), ...more];
  const resources = Object.fromEntries(
    LANGUAGES.map((language) => [language, { translation: resourcesOf(language, entries) }]),
  );
  const i18n = createInstance({
    lng: 'ja',
    fallbackLng: 'ja',
    supportedLngs: [...LANGUAGES],
    resources,
    keySeparator: false,
    nsSeparator: false,
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  i18n.use(new ICU());
  void i18n.init();
  return (language) => {
    const fixed = i18n.getFixedT(language);
    return (key, values = {}) => {
      const name: string = key;
      return fixed(name, { ...values });
    };
  };
}

/** Marks a value as what is to be seen first in its sentence. */
export function strong(value: string): string {
  return `${STRONG_ON}${value}${STRONG_OFF}`;
}

export interface TextPart {
  readonly text: string;
  readonly strong: boolean;
}

/** A message taken apart where something is to be seen first. */
export function partsOf(message: string): readonly TextPart[] {
  return message
    .split(STRONG_ON)
    .flatMap((piece, index): TextPart[] => {
      if (index === 0) return [{ text: piece, strong: false }];
      const [marked = '', rest = ''] = piece.split(STRONG_OFF);
      return [
        { text: marked, strong: true },
        { text: rest, strong: false },
      ];
    })
    .filter((part) => part.text !== '');
}

/** The message without its marks. */
export function plain(message: string): string {
  return partsOf(message)
    .map((part) => part.text)
    .join('');
}
