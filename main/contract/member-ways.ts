/**
 * What members may do at the kiosk besides holding up a code: check in with their own phone by the place's code, carry an
 * existing membership over, take a provisional card. The forms of it, for settings, page and controller alike.
 */
import * as z from 'zod';
import { IdText, intOf, objectOf, oneOf, textOf } from './fields.ts';
import { Id, Instant } from './values.ts';

/** Mail and member code are always asked; of these, what the settings choose. */
export const CHOSEN_FIELDS = ['family', 'given', 'familyKana', 'givenKana', 'phone'] as const;
export const CARRY_FIELDS = ['mail', 'code', ...CHOSEN_FIELDS] as const;
export type CarryField = (typeof CARRY_FIELDS)[number];

const MOST_LETTERS = { mail: 254, code: 40, family: 40, given: 40, familyKana: 40, givenKana: 40, phone: 24 } as const;

/** What a field looks like once white space at its ends is gone. Whether it is anybody's, only the hub can say. */
const FORMS: Readonly<Record<CarryField, RegExp>> = {
  mail: /^[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+$/,
  code: /^[0-9A-Za-z](?:[ -]?[0-9A-Za-z])*$/,
  family: /^\S(?:.*\S)?$/u,
  given: /^\S(?:.*\S)?$/u,
  familyKana: /^[ァ-ヶー・](?:[ァ-ヶー・ ]*[ァ-ヶー・])?$/u,
  givenKana: /^[ァ-ヶー・](?:[ァ-ヶー・ ]*[ァ-ヶー・])?$/u,
  phone: /^\+?[0-9](?:[ -]?[0-9]){8,14}$/,
};

export function mostLetters(field: CarryField): number {
  return MOST_LETTERS[field];
}

export function isGood(field: CarryField, text: string): boolean {
  const bare = text.trim();
  return bare.length <= MOST_LETTERS[field] && bare.isWellFormed() && FORMS[field].test(bare);
}

const fieldOf = (field: CarryField) =>
  z
    .string()
    .max(MOST_LETTERS[field] + 8)
    .refine((text) => isGood(field, text));

/** What somebody entered. A field that the settings don't ask for is left out. */
export const CarryForm = z.strictObject({
  mail: fieldOf('mail'),
  code: fieldOf('code'),
  family: fieldOf('family').optional(),
  given: fieldOf('given').optional(),
  familyKana: fieldOf('familyKana').optional(),
  givenKana: fieldOf('givenKana').optional(),
  phone: fieldOf('phone').optional(),
});
export type CarryForm = z.infer<typeof CarryForm>;

/** A text of the site in the languages of the kiosk; where one is left out, the Japanese stands. */
const textIn = (most: number) =>
  objectOf({
    ja: textOf(most),
    en: textOf(most).nullable().default(null),
    'zh-Hans': textOf(most).nullable().default(null),
    ko: textOf(most).nullable().default(null),
  });

const FIELDS = `a list of ${CHOSEN_FIELDS.join(', ')}, each at most once`;

/** For the settings. `guidance` stands on the first page, `explanation` above the fields. */
export const CarryOverSettings = objectOf({
  fields: z
    .array(oneOf(CHOSEN_FIELDS), FIELDS)
    .refine((fields) => new Set(fields).size === fields.length, FIELDS)
    .default([]),
  guidance: textIn(120).nullable().default(null),
  explanation: textIn(60).nullable().default(null),
});
export type CarryOverSettings = z.infer<typeof CarryOverSettings>;

/** For the settings: cards without personal data, which open by the rights of a plan. */
export const ProvisionalSettings = objectOf({
  planId: IdText,
  /** Business days on which a card opens, the first included. */
  days: intOf(1, 366).default(30),
  /** Cards that the unit may give out before the hub has taken the earlier ones over. */
  stock: intOf(1, 1_000).default(20),
});
export type ProvisionalSettings = z.infer<typeof ProvisionalSettings>;

const URL_TEMPLATE = 'an https address with {code} in it, of at most 300 characters';
/** For a door's configuration: the place's code on the kiosk's screen. */
export const PlaceCodeConfig = objectOf({
  /** `app`: for the members' own app; `url`: for any camera. */
  kinds: z
    .array(oneOf(['app', 'url']), 'a list of app and url')
    .min(1, 'a list of app and url')
    .max(2, 'a list of app and url')
    .default(['app']),
  url: z
    .string(URL_TEMPLATE)
    .max(300, URL_TEMPLATE)
    .regex(/^https:\/\/[^\s{}]*\{code\}[^\s{}]*$/, URL_TEMPLATE)
    .nullable()
    .default(null),
  everySeconds: intOf(10, 300).default(20),
}).refine(({ kinds, url }) => !kinds.includes('url') || url !== null, { path: ['url'], error: URL_TEMPLATE });
export type PlaceCodeConfig = z.infer<typeof PlaceCodeConfig>;

/** For the status. */
export const WaysMessage = z.strictObject({
  provisional: z.strictObject({ days: z.int() }).nullable(),
  carryOver: CarryOverSettings.nullable(),
});
export type WaysMessage = z.infer<typeof WaysMessage>;

export const PlaceCodeInput = z.strictObject({ door: Id });
export type PlaceCodeInput = z.infer<typeof PlaceCodeInput>;

/** `codes: null`: there is none that would be good now. The next is due in `leftMs`. */
export const PlaceCodeOutput = z.strictObject({
  codes: z.strictObject({ app: z.string().max(400).nullable(), url: z.string().max(1_000).nullable() }).nullable(),
  leftMs: z.int().min(0),
  everyMs: z.int().min(1_000),
});
export type PlaceCodeOutput = z.infer<typeof PlaceCodeOutput>;

/** `request`: the page's name for this wish; asked again it gets the same card. */
export const IssueInput = z.strictObject({ door: Id, request: z.string().min(1).max(60) });
export type IssueInput = z.infer<typeof IssueInput>;

export const IssuedCard = z.strictObject({
  /** Also the member's id. */
  number: z.string().max(40),
  /** What the QR says; it opens the door. */
  code: z.string().max(60),
  /** Noon, site time, of the last day. */
  until: Instant,
});
export type IssuedCard = z.infer<typeof IssuedCard>;

/** Why there is no card: the stock is used up, the date isn't known, it is switched off, or it can't be recorded. */
export const NoCard = z.enum(['none-left', 'clock-doubtful', 'off', 'store-failure']);
export type NoCard = z.infer<typeof NoCard>;

export const IssueOutput = z.strictObject({ card: IssuedCard.nullable(), why: NoCard.nullable() });
export type IssueOutput = z.infer<typeof IssueOutput>;

export const WithdrawInput = z.strictObject({ code: z.string().min(1).max(60) });
export type WithdrawInput = z.infer<typeof WithdrawInput>;

/** `done: false`: no such card, or it has opened the door already. */
export const WithdrawOutput = z.strictObject({ done: z.boolean() });

export const CarryOverInput = z.strictObject({
  door: Id,
  language: z.enum(['ja', 'en', 'zh-Hans', 'ko']),
  form: CarryForm,
});
export type CarryOverInput = z.infer<typeof CarryOverInput>;

/** `taken: false`: it can't be kept now. */
export const CarryOverOutput = z.strictObject({ taken: z.boolean() });
