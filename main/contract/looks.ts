/**
 * What staff may look at through the kiosk's page. Long answers come in pages: `next` is handed in as `after` for the
 * page behind it, and null at the end. Dates are `YYYY-MM-DD` of the site, times epoch milliseconds.
 */
import * as z from 'zod';
import { DOOR_ALARMS, RemedyMessage, UNTIL_TAKEN_ALARMS } from './page.ts';
import { answerOf } from './staff.ts';
import { Id, Instant, LIMITS, ReaderText, Reason, Warning } from './values.ts';

const Day = z.iso.date();
const Name = z.string().max(LIMITS.name);
/** null: the member has left the site's data. */
const MemberName = Name.nullable();
const EventNumber = z.int();
const Cursor = z.string().max(6_000).nullable();

const pageOf = <T extends z.ZodType>(row: T) => answerOf(z.strictObject({ rows: z.array(row).max(200), next: Cursor }));

/** The names of what ids stand for. */
export const SiteOutput = answerOf(
  z.strictObject({
    /** The date on the unit's clock. After midnight it is another one, also where the business day goes on. */
    today: Day,
    stores: z.array(z.strictObject({ id: Id, name: z.string() })),
    places: z.array(z.strictObject({ id: Id, storeId: Id, name: z.string() })),
    /** `here`: this unit drives it. */
    doors: z.array(z.strictObject({ id: Id, placeId: Id, name: z.string(), here: z.boolean() })),
    bands: z.array(z.strictObject({ id: Id, name: z.string() })),
    plans: z.array(z.strictObject({ id: Id, name: z.string() })),
    ticketTypes: z.array(
      z.strictObject({
        id: Id,
        name: z.string(),
        uses: z.int(),
        validDays: z.int().nullable(),
        price: z.int(),
        present: z.enum(['button', 'qr']),
      }),
    ),
  }),
);

const Inside = z.strictObject({ memberId: Id, name: MemberName, since: Instant });

/** Everybody who is inside anywhere, as far as the record knows: whole, in one answer, without the internet. */
export const RollOutput = answerOf(
  z.strictObject({
    at: Instant,
    total: z.int(),
    places: z.array(z.strictObject({ placeId: Id, name: z.string(), people: z.array(Inside) })),
  }),
);

export const InsideInput = z.strictObject({ placeId: Id, after: Cursor });
export const InsideOutput = pageOf(Inside);

/** Something that happened at a door. */
export const Passage = z.strictObject({
  /** Below 0 while the record can't be written. */
  event: EventNumber,
  at: Instant,
  type: z.enum(['scan', 'override', 'redeem', 'undo', 'staff', 'input', 'alarm']),
  doorId: Id.nullable(),
  direction: z.enum(['in', 'out']).nullable(),
  memberId: Id.nullable(),
  name: MemberName,
  /** null: nothing was judged. */
  granted: z.boolean().nullable(),
  reason: Reason.nullable(),
  warnings: z.array(Warning).max(8),
  /** What was done, or why nothing was judged: `open`, `lockdown`, `forced`, `lock-away`. */
  what: z.string().max(100).nullable(),
  staffId: Id.nullable(),
  /** The event that it is about. */
  of: EventNumber.nullable(),
  /** What the door did; null: nothing yet, or nothing to do. */
  outcome: z.enum(['opened', 'unused', 'silent', 'unknown']).nullable(),
});
export type Passage = z.infer<typeof Passage>;

/** Newest first. `before`: the number of an event; null: from the newest. */
export const LiveInput = z.strictObject({ limit: z.int().min(1).max(100), before: EventNumber.nullable() });
export const LiveOutput = answerOf(z.strictObject({ rows: z.array(Passage).max(100), next: EventNumber.nullable() }));

/** `look.passages`: each passage when it happens, and then what the door did. Ends when the person is signed out. */
export const PassageMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('passage'), passage: Passage }),
  z.strictObject({
    kind: z.literal('outcome'),
    of: EventNumber,
    outcome: z.enum(['opened', 'unused', 'silent', 'unknown']),
  }),
]);
export type PassageMessage = z.infer<typeof PassageMessage>;

export const WhyInput = z.strictObject({ event: EventNumber });
export const WhyOutput = answerOf(
  z.strictObject({
    event: EventNumber,
    at: Instant,
    granted: z.boolean(),
    reason: Reason,
    warnings: z.array(Warning).max(8),
    /** What the member was told would help; null: granted, or it no longer comes out as it did. */
    remedy: RemedyMessage.nullable(),
    /** Decided again, it comes out as it is on record. */
    same: z.boolean(),
    steps: z.array(
      z.strictObject({
        /** The paragraph of the rules. */
        rule: z.string(),
        subject: z.enum(['clock', 'member', 'date', 'contract', 'reservation', 'band', 'ticket', 'lease', 'stay']),
        id: z.string().nullable(),
        /** Of the contract's plan, the band, the ticket's type. */
        name: z.string().nullable(),
        day: Day.nullable(),
        says: z.string(),
        used: z.int().nullable(),
        limit: z.int().nullable(),
        remaining: z.int().nullable(),
      }),
    ),
  }),
);

/** By hour, 31 days at most; hours in which nobody came or went are left out. */
export const TrafficInput = z.strictObject({ placeId: Id, from: Day, to: Day });
export const TrafficOutput = answerOf(
  z.strictObject({
    /** Now. */
    inside: z.int(),
    hours: z.array(z.strictObject({ day: Day, hour: z.int(), entries: z.int(), exits: z.int() })).max(31 * 24),
  }),
);

export const OverLimitInput = z.strictObject({ month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/), after: Cursor });
export const OverLimitOutput = pageOf(
  z.strictObject({
    memberId: Id,
    name: MemberName,
    contractId: Id,
    planId: Id,
    bandId: Id,
    days: z.int(),
    limit: z.int(),
  }),
);

/** Part of a name or of its kana, or a code. */
export const SearchInput = z.strictObject({ text: z.string().trim().min(1).max(100) });
const Hit = z.strictObject({
  memberId: Id,
  /** Masked: the family name, and how the given name begins. */
  name: z.string(),
  kana: z.string().nullable(),
  /** The last two characters of a code. */
  code: z.string().nullable(),
  suspended: z.boolean(),
});
export type Hit = z.infer<typeof Hit>;
/** `look.search`: progress and hits as they are found; `end` with `more` where there were over 50. */
export const SearchMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), looked: z.int(), of: z.int() }),
  z.strictObject({ kind: z.literal('hits'), hits: z.array(Hit).max(50) }),
  z.strictObject({ kind: z.literal('end'), more: z.boolean() }),
]);
export type SearchMessage = z.infer<typeof SearchMessage>;

export const MemberInput = z.strictObject({ memberId: Id });
const TicketRow = z.strictObject({
  ticketId: Id,
  typeId: Id,
  name: z.string(),
  issuedOn: Day,
  /** The last day; null: no end. */
  lastDay: Day.nullable(),
  remaining: z.int(),
  redeemable: z.boolean(),
});
export const MemberOutput = answerOf(
  z.strictObject({
    memberId: Id,
    name: Name,
    kana: Name.nullable(),
    suspended: z.boolean(),
    contracts: z.array(z.strictObject({ id: Id, planId: Id, from: Day, to: Day.nullable(), inEffect: z.boolean() })),
    tickets: z.array(TicketRow),
    inside: z.array(z.strictObject({ placeId: Id, since: Instant })),
  }),
);

/** What a code is: a ticket's, a member's, or nothing that is known here. */
export const CodeInput = z.strictObject({ text: ReaderText });
export const CodeLookOutput = answerOf(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('ticket'), memberId: Id, name: MemberName, ticket: TicketRow }),
    z.strictObject({ kind: z.literal('member'), memberId: Id, name: MemberName }),
    z.strictObject({ kind: z.literal('none') }),
  ]),
);

/**
 * A ticket is waited for at the door's entry readers, which belong to this screen meanwhile as far as tickets go: to the
 * screen that asked last.
 */
export const HeldTicketInput = z.strictObject({ doorId: Id });
export const HeldTicketMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('lent'), leftMs: z.int() }),
  z.strictObject({ kind: z.literal('ticket'), text: ReaderText }),
  /** What was held up is no ticket: the door judges it. */
  z.strictObject({ kind: z.literal('door') }),
  /** The last: the time is over, another screen waits, or there is no such door. */
  z.strictObject({ kind: z.literal('over') }),
]);
export type HeldTicketMessage = z.infer<typeof HeldTicketMessage>;

/** Newest first. */
export const OfMemberInput = z.strictObject({ memberId: Id, after: Cursor });
export const UsageOutput = pageOf(
  z.strictObject({ day: Day, contractId: Id, bandId: Id, event: EventNumber.nullable() }),
);
export const VisitsOutput = pageOf(
  z.strictObject({ placeId: Id, enteredAt: Instant, exitedAt: Instant.nullable(), until: Instant.nullable() }),
);
/** `memberId` null: everybody's. */
export const TicketUsesInput = z.strictObject({ memberId: Id.nullable(), after: Cursor });
export const TicketUsesOutput = pageOf(
  z.strictObject({
    ticketId: Id,
    typeId: Id.nullable(),
    memberId: Id.nullable(),
    name: MemberName,
    day: Day,
    uses: z.int(),
    at: Instant.nullable(),
    event: EventNumber.nullable(),
  }),
);

export const AlarmRow = z.strictObject({
  id: z.string(),
  doorId: Id,
  alarm: z.enum([...DOOR_ALARMS, ...UNTIL_TAKEN_ALARMS]),
  since: Instant,
  /** Who looks after it; null: nobody yet, and it sounds. */
  takenBy: Id.nullable(),
});
export type AlarmRow = z.infer<typeof AlarmRow>;
export const AlarmsOutput = answerOf(z.array(AlarmRow));

export const VisitorPassesOutput = answerOf(
  z.array(z.strictObject({ id: Id, until: Instant, doorIds: z.array(Id), madeAt: Instant })).max(1_000),
);
export const StaffCodesOutput = answerOf(z.array(z.strictObject({ id: Id, staffId: Id, madeAt: Instant })).max(1_000));

export const ClockOutput = answerOf(
  z.strictObject({
    trust: z.enum(['synced', 'held', 'doubtful']),
    doubt: z.enum(['before-build', 'before-record', 'unconfirmed', 'jumped', 'long-unset']).nullable(),
    /** The unit's wall clock, and the last time that could be believed. */
    wall: Instant,
    trustedAt: Instant,
    timezone: z.string(),
  }),
);

export const DevicesOutput = answerOf(
  z.array(
    z.strictObject({
      id: z.string(),
      doorId: Id,
      kind: z.enum(['lock', 'reader', 'contact', 'exitButton', 'fire', 'tamper', 'output']),
      driver: z.string(),
      ok: z.boolean(),
      detail: z.string(),
    }),
  ),
);
/** As healthz has it. */
export const HealthOutput = answerOf(z.looseObject({ status: z.enum(['ok', 'degraded']) }));

/** The last lines of the log, oldest first: JSON objects. They hold no names, codes or PINs. */
export const LogTailInput = z.strictObject({ limit: z.int().min(1).max(500) });
export const LogTailOutput = answerOf(z.array(z.string().max(2_000)).max(500));
/** A file for who looks after the unit, without anything about a person. */
export const DiagnosticsOutput = answerOf(z.strictObject({ name: z.string(), text: z.string() }));
