/**
 * A guest who reads no Japanese is refused: every word on the screen must be there in their language, with the same
 * times and counts in it, and short enough to be read at two metres.
 */
import IntlMessageFormat from 'intl-messageformat';
import { describe, expect, test } from 'vitest';
import { GRANTS, REFUSALS } from '../../main/contract/values.ts';
import { dockTexts } from '../kiosk/dock/texts.ts';
import { staffTexts } from '../kiosk/staff/texts.ts';
import { technicianTexts } from '../kiosk/technician/texts.ts';
import { allTexts, createTexts, LANGUAGES, partsOf, plain, strong } from './texts.ts';

const EVERY = [...allTexts(), ...dockTexts(), ...technicianTexts(), ...staffTexts()];

type Elements = ReturnType<IntlMessageFormat['getAst']>;

/** What a message needs: `name` or `name select a b`, in order. */
function needs(message: string): string[] {
  const found = new Set<string>();
  const look = (elements: Elements): void => {
    for (const element of elements) {
      if ('value' in element && element.type !== 0) found.add(element.value);
      if (!('options' in element)) continue;
      const options = Object.entries(element.options);
      if (element.type === 5)
        found.add(
          `${element.value} select ${options
            .map(([name]) => name)
            .sort()
            .join(' ')}`,
        );
      for (const [, option] of options) look(option.value);
    }
  };
  look(new IntlMessageFormat(message, 'ja').getAst());
  return [...found].sort();
}

describe.each(EVERY)('%s', (_key, entry) => {
  test('is there in every language, with the same placeholders', () => {
    expect(Object.keys(entry).sort()).toEqual([...LANGUAGES].sort());
    for (const language of LANGUAGES) {
      expect(entry[language].trim(), language).not.toBe('');
      expect(needs(entry[language]), language).toEqual(needs(entry.ja));
    }
  });
});

/** Full-width letters count 2; placeholders and break marks nothing. */
function widthOf(message: string): number {
  const letters = message.replaceAll('\u200b', '').replaceAll(/\{\w+\}/g, '');
  return [...letters].reduce((sum, letter) => sum + ((letter.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1), 0);
}

describe('lengths', () => {
  const titles = EVERY.filter(([key]) => key.endsWith('.title'));
  test.each(titles)('%s is read at two metres: 28 Latin or 14 full-width letters', (_key, entry) => {
    for (const language of LANGUAGES) expect(widthOf(entry[language]), language).toBeLessThanOrEqual(28);
  });
  const remedies = EVERY.filter(([key, entry]) => key.endsWith('.remedy') && !entry.ja.includes('select'));
  test.each(remedies)('%s is one breath: 80 Latin or 40 full-width letters', (_key, entry) => {
    for (const language of LANGUAGES) expect(widthOf(entry[language]), language).toBeLessThanOrEqual(80);
  });
});

test('nobody is blamed: no exclamation mark, no "error", "denied", "invalid", no code of the rules', () => {
  const codes = new RegExp([...GRANTS, ...REFUSALS].filter((reason) => reason.includes('-')).join('|'));
  for (const [key, entry] of allTexts()) {
    for (const language of LANGUAGES) {
      expect(entry[language], key).not.toMatch(/[!！✕]|error|denied|invalid|エラー/i);
      expect(entry[language], key).not.toMatch(codes);
    }
  }
});

/** What stands in a message besides its placeholders, in every of its branches. */
function literals(message: string): string[] {
  const found: string[] = [];
  const look = (elements: Elements): void => {
    for (const element of elements) {
      if (element.type === 0) found.push(element.value);
      if ('options' in element) for (const option of Object.values(element.options)) look(option.value);
    }
  };
  look(new IntlMessageFormat(message, 'ja').getAst());
  return found;
}

/** Letters that everybody reads as they are; those of the last line stand on what technicians hold in their hands. */
const READ_ANYWHERE = [
  ...['QR', 'PIN', 'LINE', 'ABC', 'cm'],
  ...['USB', 'PDF', 'JSON', 'GPIO', 'NTP', 'RTC', 'NO', 'NC', 'Low', 'udev'],
];

test('no English word is left in the other languages, and nothing of them in English', () => {
  for (const [key, entry] of EVERY) {
    for (const language of ['ja', 'zh-Hans', 'ko'] as const) {
      const words = literals(entry[language]).flatMap((text) => text.match(/[A-Za-z]{2,}/g) ?? []);
      expect(
        words.filter((word) => !READ_ANYWHERE.includes(word)),
        `${key} ${language}`,
      ).toEqual([]);
    }
    expect(literals(entry.en).join(''), key).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]/);
    expect(literals(entry.ko).join(''), key).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    expect(literals(entry['zh-Hans']).join(''), key).not.toMatch(/[\u3040-\u30ff\uac00-\ud7af]/);
  }
});

test('every reason that may refuse has its words', () => {
  const all = allTexts();
  for (const reason of REFUSALS) {
    expect(all.has(`reasons.${reason}.title`), reason).toBe(true);
    expect(all.has(`reasons.${reason}.remedy`), reason).toBe(true);
  }
});

describe('written out', () => {
  const speak = createTexts();

  test('the last entry of a month is said as such, in each language', () => {
    const values = { band: 'Day', left: 0 };
    expect(plain(speak('ja')('grants.plan-limited', values))).toBe('Day 今月はこれで最後です');
    expect(plain(speak('en')('grants.plan-limited', values))).toBe('Day: last one this month');
  });

  test('a count stands out from its sentence', () => {
    const parts = partsOf(speak('ja')('grants.plan-limited', { band: 'デイ', left: 3 }));
    expect(parts).toEqual([
      { text: 'デイ 今月あと', strong: false },
      { text: '3', strong: true },
      { text: '回', strong: false },
    ]);
  });

  test('names of the site are taken as they are, whatever is in them', () => {
    const name = "{left} '{' $t(grants.exit) {{band}} <b>&amp;# \\u200b";
    expect(plain(speak('en')('screens.admitted.name', { name }))).toBe(name);
    expect(partsOf(strong('17:00'))).toEqual([{ text: '17:00', strong: true }]);
  });
});
