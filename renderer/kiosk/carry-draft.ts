/** What a member of before has entered so far, and what a key does to it. Pure. Nothing of it is kept anywhere else. */
import { type CarryField, type CarryForm, isGood, mostLetters } from '../../main/contract/member-ways.ts';
import type { KeyboardMode } from '../parts/keyboard-layouts.ts';

export interface CarryDraft {
  /** In the order in which they stand on the screen. */
  readonly fields: readonly CarryField[];
  readonly values: Readonly<Record<CarryField, string>>;
  /** Where the keys go. */
  readonly on: CarryField;
  readonly mode: KeyboardMode;
  /** Fields that somebody has been in and left. */
  readonly left: ReadonlySet<CarryField>;
}

export type CarryKey =
  | { readonly key: 'text'; readonly text: string }
  | { readonly key: 'delete' }
  /** Voiced, half-voiced, small: the last letter's next form. */
  | { readonly key: 'turn' }
  | { readonly key: 'mode'; readonly mode: KeyboardMode }
  | { readonly key: 'field'; readonly field: CarryField }
  | { readonly key: 'next' }
  | { readonly key: 'previous' };

/** `look`: it isn't yet what such a field looks like. */
export type FieldLook = 'empty' | 'good' | 'look';

const EMPTY = { mail: '', code: '', family: '', given: '', familyKana: '', givenKana: '', phone: '' } as const;

const MODES: Readonly<Record<CarryField, KeyboardMode>> = {
  mail: 'abc',
  code: 'digits',
  family: 'kana',
  given: 'kana',
  familyKana: 'kana',
  givenKana: 'kana',
  phone: 'digits',
};

/** The forms of a kana, each followed by the next. */
const FORMS = [
  ...[
    'カガ',
    'キギ',
    'クグ',
    'ケゲ',
    'コゴ',
    'サザ',
    'シジ',
    'スズ',
    'セゼ',
    'ソゾ',
    'タダ',
    'チヂ',
    'ツッヅ',
    'テデ',
    'トド',
  ],
  ...[
    'ハバパ',
    'ヒビピ',
    'フブプ',
    'ヘベペ',
    'ホボポ',
    'アァ',
    'イィ',
    'ウゥヴ',
    'エェ',
    'オォ',
    'ヤャ',
    'ユュ',
    'ヨョ',
    'ワヮ',
  ],
];

export function newDraft(fields: readonly CarryField[]): CarryDraft {
  return { fields, values: EMPTY, on: 'mail', mode: MODES.mail, left: new Set() };
}

/** Once the form is kept, nothing but the address has to stand here. */
export function onlyMail({ fields, values }: CarryDraft): CarryDraft {
  return { ...newDraft(fields), values: { ...EMPTY, mail: values.mail } };
}

export function pressKey(draft: CarryDraft, key: CarryKey): CarryDraft {
  const { on, values, fields } = draft;
  switch (key.key) {
    case 'text':
      return write(draft, values[on] + key.text);
    case 'delete':
      return write(draft, [...values[on]].slice(0, -1).join(''));
    case 'turn':
      return write(draft, turned(values[on]));
    case 'mode':
      return { ...draft, mode: key.mode };
    case 'field':
      return goTo(draft, key.field);
    case 'next':
      return goTo(draft, fields[fields.indexOf(on) + 1] ?? on);
    case 'previous':
      return goTo(draft, fields[fields.indexOf(on) - 1] ?? on);
  }
}

function write(draft: CarryDraft, text: string): CarryDraft {
  const { on, values } = draft;
  return text.length > mostLetters(on) ? draft : { ...draft, values: { ...values, [on]: text } };
}

function goTo(draft: CarryDraft, field: CarryField): CarryDraft {
  if (!draft.fields.includes(field) || field === draft.on) return draft;
  return { ...draft, on: field, mode: MODES[field], left: new Set([...draft.left, draft.on]) };
}

/** The last letter voiced, half-voiced or small, in turn. */
export function turned(text: string): string {
  const last = text.slice(-1);
  const forms = FORMS.find((one) => one.includes(last));
  if (last === '' || forms === undefined) return text;
  return text.slice(0, -1) + forms.charAt((forms.indexOf(last) + 1) % forms.length);
}

export function lookOf({ values, left }: CarryDraft, field: CarryField): FieldLook {
  if (isGood(field, values[field])) return 'good';
  return left.has(field) ? 'look' : 'empty';
}

export function isLast({ fields, on }: CarryDraft): boolean {
  return fields.at(-1) === on;
}

export function isBlank({ values, fields }: CarryDraft): boolean {
  return fields.every((field) => values[field] === '');
}

/** The form, where every field is good; else the draft at the first that isn't, which now says what it wants. */
export function finished(draft: CarryDraft): { readonly form: CarryForm } | { readonly draft: CarryDraft } {
  const bad = draft.fields.find((field) => !isGood(field, draft.values[field]));
  if (bad !== undefined) return { draft: { ...goTo(draft, bad), left: new Set(draft.fields) } };
  const { mail, code } = draft.values;
  const chosen = draft.fields.filter((field) => field !== 'mail' && field !== 'code');
  return { form: { mail, code, ...Object.fromEntries(chosen.map((field) => [field, draft.values[field]])) } };
}
