/** A member types with wet fingers on the screen's keys: kana with their marks, an address, a number, one letter too many. */
import { describe, expect, test } from 'vitest';
import { CARRY_FIELDS, type CarryField, isGood } from '../../main/contract/member-ways.ts';
import { type CarryDraft, type CarryKey, finished, lookOf, newDraft, pressKey } from './carry-draft.ts';

const typed = (draft: CarryDraft, ...keys: readonly CarryKey[]): CarryDraft => keys.reduce(pressKey, draft);
const letters = (text: string): CarryKey[] => [...text].map((letter) => ({ key: 'text', text: letter }));
const field = (name: CarryField): CarryKey => ({ key: 'field', field: name });

test('a key writes where the field is on; the keyboard is the field’s until somebody picks another', () => {
  const mail = newDraft(['mail', 'code', 'familyKana']);
  expect([mail.on, mail.mode]).toEqual(['mail', 'abc']);
  const code = typed(mail, ...letters('a@b.jp'), { key: 'next' }, { key: 'mode', mode: 'abc' }, ...letters('x1'));
  expect(code).toMatchObject({ on: 'code', mode: 'abc', values: { mail: 'a@b.jp', code: 'x1' } });
  expect(typed(code, { key: 'next' })).toMatchObject({ on: 'familyKana', mode: 'kana' });
  expect(typed(code, { key: 'previous' }, { key: 'previous' })).toMatchObject({ on: 'mail', mode: 'abc' });
});

test.each([
  ['カ', 'ガカ'],
  ['ハ', 'バパハ'],
  ['ツ', 'ッヅツ'],
  ['ウ', 'ゥヴウ'],
  ['ヤ', 'ャヤ'],
  ['ン', 'ン'],
])('゛゜小 turns the last letter: %s', (letter, then) => {
  let draft = typed(newDraft(['familyKana']), field('familyKana'), ...letters(`ア${letter}`));
  for (const next of then) {
    draft = typed(draft, { key: 'turn' });
    const { familyKana, mail } = draft.values;
    expect(familyKana + mail).toBe(`ア${next}`);
  }
});

test('a letter is deleted whole, and more than a field holds isn’t taken', () => {
  const kanji = typed(newDraft(['family']), field('family'), { key: 'text', text: '𠮷' }, { key: 'delete' });
  expect(kanji.values).toMatchObject({ family: '', mail: '' });
  const long = typed(newDraft(['mail', 'code']), field('code'), ...letters('1'.repeat(41)));
  expect(long.values.code).toHaveLength(40);
});

test('a field says what it wants once it was left, not while it is first filled', () => {
  const draft = newDraft(['mail', 'code']);
  expect(lookOf(typed(draft, ...letters('a@')), 'mail')).toBe('empty');
  expect(lookOf(typed(draft, ...letters('a@'), field('code')), 'mail')).toBe('look');
  expect(lookOf(typed(draft, ...letters('a@b.jp'), field('code')), 'mail')).toBe('good');
});

test('a form is whole when every field is; else the first that isn’t is on', () => {
  const draft = typed(
    newDraft(['mail', 'code', 'phone']),
    ...letters('a@b.jp'),
    field('phone'),
    ...letters('0355550123'),
  );
  const checked = finished(draft);
  if ('form' in checked) throw new Error('the code is missing');
  expect(checked.draft).toMatchObject({ on: 'code', mode: 'digits' });
  expect(finished(typed(checked.draft, ...letters('77')))).toEqual({
    form: { mail: 'a@b.jp', code: '77', phone: '0355550123' },
  });
});

describe('what fields look like', () => {
  const good: Record<CarryField, string[]> = {
    mail: ['misaki.t+gym@example.co.jp', ' a@b.jp '],
    code: ['0048 2291', 'M-0001', '7'],
    family: ['田中', 'タナカ', 'O’Neill'],
    given: ['美咲', 'Mary Ann'],
    familyKana: ['タナカ', 'ヴァン・ダイク'],
    givenKana: ['ミサキ', 'メアリー アン'],
    phone: ['03-5555-0123', '09012345678', '+81 90 1234 5678'],
  };
  const bad: Record<CarryField, string[]> = {
    mail: ['', 'a@b', 'a b@c.jp', '@b.jp', `${'a'.repeat(65)}@b.jp`],
    code: ['', '会員', '00--1', '1'.repeat(41)],
    family: ['', '  '],
    given: ['', '名'.repeat(41)],
    familyKana: ['', 'たなか', '田中', '-'],
    givenKana: ['', 'Misaki'],
    phone: ['', '5550123', '03-5555-O123', '1'.repeat(17)],
  };
  test.each(CARRY_FIELDS)('%s', (name) => {
    expect(good[name].filter((text) => !isGood(name, text))).toEqual([]);
    expect(bad[name].filter((text) => isGood(name, text))).toEqual([]);
  });
});
