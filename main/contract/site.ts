/**
 * The site bundle `genkan-site/1` (entitlements 1) at the boundary: its form by zod, then its references. A bundle is
 * taken whole or not at all.
 */
import * as z from 'zod';
import type { SiteBundle } from '../core/model.ts';
import { err, ok, type Result } from '../core/result.ts';
import { parseDay, WEEKDAYS } from '../core/time/day.ts';
import { parseInstant, parseTimeOfDay } from '../core/time/instant.ts';
import { type DocumentError, documentErrors } from './issues.ts';
import { referenceErrors } from './references.ts';

const LONG_TEXT = 1_000_000;

const id = (what = 'an id') => {
  const expected = `${what}: a text that is not empty and has no white space at its ends`;
  return z
    .string(expected)
    .max(1_000, `${what} of at most 1,000 characters`)
    .refine((text) => text !== '' && text === text.trim() && text.isWellFormed(), expected);
};
const text = (most = 1_000) => z.string('a text').max(most, `a text of at most ${most} characters`);
const int = (least = 0, most = 1_000_000) => {
  const expected = `a whole number from ${least} to ${most}`;
  return z.int(expected).min(least, expected).max(most, expected);
};
/** The id of something. */
export const IdText = id();
export const DateText = z
  .string('a date YYYY-MM-DD')
  .refine((value) => parseDay(value) !== null, 'a date YYYY-MM-DD that exists');
const INSTANT = 'a time such as 2026-11-02T12:00:00+09:00, from 1970-01-02 to 9999-12-30';
export const InstantText = z.string(INSTANT).refine((value) => parseInstant(value) !== null, INSTANT);
const timeOfDay = z
  .string('a time of day HH:MM')
  .refine((value) => parseTimeOfDay(value) !== null, 'a time of day from 00:00 to 23:59');
const endOfBand = z
  .string('a time of day HH:MM')
  .refine((value) => parseTimeOfDay(value, true) !== null, 'a time of day from 00:00 to 24:00');
const flag = z.boolean('true or false');
const weekdays = z.array(z.enum(WEEKDAYS, `one of ${WEEKDAYS.join(', ')}`), 'a list of weekdays, or null').nullable();

/** A list that can't be null may be left out and is then empty. */
export const listOf = <T extends z.ZodType>(item: T) => z.array(item, 'a list').default([]);
const ids = (what: string) => z.array(id(what), 'a list of ids, or null').nullable();
export const objectOf = <T extends z.core.$ZodLooseShape>(shape: T) =>
  z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? undefined : 'an object') });

function isZone(name: string): boolean {
  if (/^[+\-\u2212]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
const ZONE = 'the name of a time zone, such as Asia/Tokyo';

const Site = objectOf({
  id: id(),
  name: text(),
  timezone: z.string(ZONE).max(100, ZONE).refine(isZone, ZONE),
  dayStart: timeOfDay.default('00:00'),
  maxStayHours: int(1).default(24),
});

const Band = objectOf({ id: id(), name: text(), from: timeOfDay, to: endOfBand }).refine(
  ({ from, to }) => from !== to,
  {
    path: ['to'],
    error: 'another time than from (00:00 to 24:00 is the whole day)',
  },
);

const Fee = objectOf({
  freeMinutes: int(),
  firstMinutes: int(),
  firstPrice: int(),
  unitMinutes: int(1),
  unitPrice: int(),
  maxPrice: int().nullable(),
});

const LimitBand = objectOf({
  bandId: id('a band id'),
  weekdays,
  holiday: z.enum(['as-weekday', 'closed', 'always', 'if-weekday'], 'as-weekday, closed, always or if-weekday'),
  monthlyLimit: int().nullable(),
});

const Entry = z.discriminatedUnion(
  'mode',
  [
    objectOf({ mode: z.literal('open') }),
    objectOf({ mode: z.literal('ticket') }),
    objectOf({
      mode: z.literal('limits'),
      bands: listOf(LimitBand),
      earlyMinutes: int(0, 1_440),
      lateMinutes: int(0, 1_440),
      freeWithReservation: z.union(
        [z.null(), z.literal('any'), z.array(id('a program id'))],
        'null, "any" or a list of program ids',
      ),
    }),
  ],
  { error: ({ code }) => (code === 'invalid_union' ? 'open, ticket or limits' : 'an object') },
);

const Plan = objectOf({
  id: id(),
  name: text(),
  kind: z.enum(['standard', 'school'], 'standard or school'),
  storeIds: ids('a store id'),
  stayFee: z.enum(['place', 'none'], 'place or none'),
  entry: Entry,
  booking: objectOf({ bands: listOf(objectOf({ bandId: id('a band id'), weekdays })) }).nullable(),
}).refine(({ kind, entry }) => kind !== 'school' || entry.mode !== 'limits', {
  path: ['entry', 'mode'],
  error: 'open or ticket: a school plan has no limits',
});

const Contract = objectOf({ id: id(), planId: id('a plan id'), from: DateText, to: DateText.nullable() }).refine(
  ({ from, to }) => to === null || to >= from,
  { path: ['to'], error: 'a date that is not before from' },
);

const code = z
  .string('a code')
  .max(512, 'a code of at most 512 characters')
  .refine(
    (value) => value !== '' && value === value.trim() && value.isWellFormed(),
    'a code that is not empty and has no white space at its ends',
  );

const Member = objectOf({
  id: id(),
  name: text(),
  kana: text().nullable(),
  codes: listOf(code),
  suspended: objectOf({ profile: flag, identity: flag }),
  contracts: listOf(Contract),
});

const TicketType = objectOf({
  id: id(),
  name: text(),
  uses: int(1),
  validDays: int(0, 36_500).nullable(),
  price: int(),
  present: z.enum(['button', 'qr'], 'button or qr'),
  description: text(LONG_TEXT).nullable(),
  image: text(LONG_TEXT).nullable(),
  entry: objectOf({
    storeIds: ids('a store id'),
    bandIds: ids('a band id'),
    weekdays,
    consume: z.enum(['day', 'entry'], 'day or entry'),
  }).nullable(),
});

const Reservation = objectOf({
  id: id(),
  memberId: id('a member id'),
  storeId: id('a store id'),
  programId: id('a program id'),
  start: InstantText,
  end: InstantText,
  status: z.enum(['booked', 'cancelled'], 'booked or cancelled'),
}).refine(({ start, end }) => (parseInstant(end) ?? 0) > (parseInstant(start) ?? 0), {
  path: ['end'],
  error: 'a time after start',
});

export const SiteForm = objectOf({
  format: z.literal('genkan-site/1', 'genkan-site/1'),
  site: Site,
  stores: listOf(objectOf({ id: id(), name: text(), bands: listOf(Band) })),
  holidays: listOf(DateText),
  programs: listOf(objectOf({ id: id(), name: text() })),
  places: listOf(
    objectOf({
      id: id(),
      storeId: id('a store id'),
      name: text(),
      smaregiStoreId: text().nullable(),
      fee: Fee.nullable(),
    }),
  ),
  doors: listOf(
    objectOf({
      id: id(),
      placeId: id('a place id'),
      name: text(),
      policy: z.enum(
        ['plan', 'device-and-plan', 'schedule', 'record-only'],
        'plan, device-and-plan, schedule or record-only',
      ),
      admitsPlans: ids('a plan id'),
      passback: z.enum(['off', 'warn', 'deny'], 'off, warn or deny'),
    }),
  ),
  plans: listOf(Plan),
  members: listOf(Member),
  ticketTypes: listOf(TicketType),
  tickets: listOf(
    objectOf({
      id: id(),
      typeId: id('a ticket type id'),
      memberId: id('a member id'),
      issuedOn: DateText,
      remaining: int(),
    }),
  ),
  reservations: listOf(Reservation),
  usage: listOf(
    objectOf({ memberId: id('a member id'), contractId: id('a contract id'), bandId: id('a band id'), date: DateText }),
  ),
  ticketUses: listOf(objectOf({ ticketId: id('a ticket id'), date: DateText, uses: int(1) })),
  stays: listOf(
    objectOf({
      memberId: id('a member id'),
      placeId: id('a place id'),
      enteredAt: InstantText,
      via: objectOf({ contractId: id('a contract id'), until: InstantText.nullable() }).nullable(),
    }),
  ),
}) satisfies z.ZodType<SiteBundle>;

/** Reads a bundle from parsed JSON. The errors, at most 100, are of the form, or else of the references. */
export function parseSite(json: unknown): Result<SiteBundle, readonly DocumentError[]> {
  const form = SiteForm.safeParse(json);
  if (!form.success) return err(documentErrors(form.error));
  const errors = referenceErrors(form.data);
  return errors.length > 0 ? err(errors) : ok(form.data);
}

/** The part of a bundle that a door keeps in memory. */
export const MasterForm = SiteForm.pick({
  site: true,
  stores: true,
  holidays: true,
  programs: true,
  places: true,
  doors: true,
  plans: true,
  ticketTypes: true,
});

/** What of a member is kept sealed. */
export const PersonalForm = Member.pick({ name: true, kana: true, codes: true });
