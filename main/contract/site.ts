/**
 * The site bundle `genkan-site/1` (entitlements 1) at the boundary: its form by zod, then its references. A bundle is
 * taken whole or not at all.
 */
import * as z from 'zod';
import type { SiteBundle } from '../core/model.ts';
import { err, ok, type Result } from '../core/result.ts';
import { parseInstant } from '../core/time/instant.ts';
import {
  DateText,
  EndOfBand,
  Flag,
  IdText,
  InstantText,
  idOf,
  idsOrNull,
  intOf,
  kinds,
  listOf,
  objectOf,
  oneOf,
  TimeOfDay,
  textOf,
  Weekdays,
} from './fields.ts';
import { type DocumentError, documentErrors } from './issues.ts';
import { referenceErrors } from './references.ts';
import { LIMITS } from './values.ts';

const LONG_TEXT = 1_000_000;
const int = (least = 0) => intOf(least, 1_000_000);

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
  id: IdText,
  name: textOf(),
  timezone: z.string(ZONE).max(100, ZONE).refine(isZone, ZONE),
  dayStart: TimeOfDay.default('00:00'),
  maxStayHours: int(1).default(24),
});

const Band = objectOf({ id: IdText, name: textOf(), from: TimeOfDay, to: EndOfBand }).refine(
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
  bandId: idOf('a band id'),
  weekdays: Weekdays,
  holiday: oneOf(['as-weekday', 'closed', 'always', 'if-weekday']),
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
      earlyMinutes: intOf(0, 1_440),
      lateMinutes: intOf(0, 1_440),
      freeWithReservation: z.union(
        [z.null(), z.literal('any'), z.array(idOf('a program id'))],
        'null, "any" or a list of program ids',
      ),
    }),
  ],
  kinds('open', 'ticket', 'limits'),
);

const Plan = objectOf({
  id: IdText,
  name: textOf(),
  kind: oneOf(['standard', 'school']),
  storeIds: idsOrNull('a store id'),
  stayFee: oneOf(['place', 'none']),
  entry: Entry,
  booking: objectOf({ bands: listOf(objectOf({ bandId: idOf('a band id'), weekdays: Weekdays })) }).nullable(),
}).refine(({ kind, entry }) => kind !== 'school' || entry.mode !== 'limits', {
  path: ['entry', 'mode'],
  error: 'open or ticket: a school plan has no limits',
});

const Contract = objectOf({ id: IdText, planId: idOf('a plan id'), from: DateText, to: DateText.nullable() }).refine(
  ({ from, to }) => to === null || to >= from,
  { path: ['to'], error: 'a date that is not before from' },
);

const Member = objectOf({
  id: IdText,
  name: textOf(),
  kana: textOf().nullable(),
  codes: listOf(idOf('a code', LIMITS.code)),
  suspended: objectOf({ profile: Flag, identity: Flag }),
  contracts: listOf(Contract),
});

const TicketType = objectOf({
  id: IdText,
  name: textOf(),
  uses: int(1),
  validDays: intOf(0, 36_500).nullable(),
  price: int(),
  present: oneOf(['button', 'qr']),
  description: textOf(LONG_TEXT).nullable(),
  image: textOf(LONG_TEXT).nullable(),
  entry: objectOf({
    storeIds: idsOrNull('a store id'),
    bandIds: idsOrNull('a band id'),
    weekdays: Weekdays,
    consume: oneOf(['day', 'entry']),
  }).nullable(),
});

const Reservation = objectOf({
  id: IdText,
  memberId: idOf('a member id'),
  storeId: idOf('a store id'),
  programId: idOf('a program id'),
  start: InstantText,
  end: InstantText,
  status: oneOf(['booked', 'cancelled']),
}).refine(({ start, end }) => (parseInstant(end) ?? 0) > (parseInstant(start) ?? 0), {
  path: ['end'],
  error: 'a time after start',
});

export const SiteForm = objectOf({
  format: z.literal('genkan-site/1', 'genkan-site/1'),
  site: Site,
  stores: listOf(objectOf({ id: IdText, name: textOf(), bands: listOf(Band) })),
  holidays: listOf(DateText),
  programs: listOf(objectOf({ id: IdText, name: textOf() })),
  places: listOf(
    objectOf({
      id: IdText,
      storeId: idOf('a store id'),
      name: textOf(),
      smaregiStoreId: textOf().nullable(),
      fee: Fee.nullable(),
    }),
  ),
  doors: listOf(
    objectOf({
      id: IdText,
      placeId: idOf('a place id'),
      name: textOf(),
      policy: oneOf(['plan', 'device-and-plan', 'schedule', 'record-only']),
      admitsPlans: idsOrNull('a plan id'),
      passback: oneOf(['off', 'warn', 'deny']),
    }),
  ),
  plans: listOf(Plan),
  members: listOf(Member),
  ticketTypes: listOf(TicketType),
  tickets: listOf(
    objectOf({
      id: IdText,
      typeId: idOf('a ticket type id'),
      memberId: idOf('a member id'),
      issuedOn: DateText,
      remaining: int(),
    }),
  ),
  reservations: listOf(Reservation),
  usage: listOf(
    objectOf({
      memberId: idOf('a member id'),
      contractId: idOf('a contract id'),
      bandId: idOf('a band id'),
      date: DateText,
    }),
  ),
  ticketUses: listOf(objectOf({ ticketId: idOf('a ticket id'), date: DateText, uses: int(1) })),
  stays: listOf(
    objectOf({
      memberId: idOf('a member id'),
      placeId: idOf('a place id'),
      enteredAt: InstantText,
      via: objectOf({ contractId: idOf('a contract id'), until: InstantText.nullable() }).nullable(),
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
