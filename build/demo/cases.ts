/**
 * The members that show something, each the same on every day and at every hour where the rules allow that at all.
 * `samples.json` offers them in the simulator's dock.
 */
import type { Member, Reservation, Ticket } from '../../main/core/model.ts';
import { dayOf, formatDay, weekdayOf } from '../../main/core/time/day.ts';

export interface Case {
  readonly plans: readonly (readonly [planId: string, from: string, to: string | null])[];
  readonly suspended?: Partial<Member['suspended']>;
  readonly furtherCodes?: readonly string[];
  readonly tickets?: readonly (Pick<Ticket, 'typeId' | 'issuedOn' | 'remaining'> & {
    readonly usedOn: readonly string[];
  })[];
  /** Dates of the month, in each month of the demo's years. */
  readonly usedDates?: readonly number[];
  readonly reservations?: readonly Pick<Reservation, 'programId' | 'start' | 'end'>[];
  readonly label?: { readonly ja: string; readonly en: string };
}

const THREE_LEFT = {
  typeId: 'visit-10',
  issuedOn: '2026-04-01',
  remaining: 3,
  usedOn: ['2026-04-04', '2026-05-02', '2026-06-13', '2026-07-18', '2026-08-22', '2026-09-12', '2026-10-10'],
};

function everySaturdayYoga(): Pick<Reservation, 'programId' | 'start' | 'end'>[] {
  const booked: Pick<Reservation, 'programId' | 'start' | 'end'>[] = [];
  for (let day = dayOf(2026, 11, 28); day <= dayOf(2028, 12, 31); day += 1) {
    if (weekdayOf(day) !== 'sat') continue;
    const date = formatDay(day);
    booked.push({ programId: 'yoga', start: `${date}T10:00:00+09:00`, end: `${date}T11:00:00+09:00` });
  }
  return booked;
}

/** By the member's number. */
export const CASES: ReadonlyMap<number, Case> = new Map<number, Case>([
  [
    1,
    {
      plans: [['master', '2024-04-01', null]],
      label: { ja: 'いつでも入れる(続けて2回で入館中の注意)', en: 'Always admitted (twice: already inside)' },
    },
  ],
  [
    2,
    {
      plans: [['master', '2025-01-10', null]],
      suspended: { profile: true },
      label: { ja: '利用停止中', en: 'Suspended' },
    },
  ],
  [3, { plans: [['master', '2026-10-01', null]], suspended: { identity: true } }],
  [
    4,
    {
      plans: [['master', '2031-04-01', null]],
      label: { ja: '契約がまだ始まっていない', en: 'Contract has not begun yet' },
    },
  ],
  [5, { plans: [['night', '2024-05-01', '2026-03-31']] }],
  [
    6,
    {
      plans: [['school', '2025-04-01', null]],
      label: { ja: 'ほかの店舗だけの会員', en: 'Member of the other store only' },
    },
  ],
  [
    7,
    { plans: [['drop-in', '2025-09-01', null]], label: { ja: '都度利用、回数券なし', en: 'Pays by ticket, has none' } },
  ],
  [
    8,
    {
      plans: [['drop-in', '2026-04-01', null]],
      tickets: [THREE_LEFT],
      label: { ja: '都度利用、回数券あと3回(退館時に料金)', en: 'Pays by ticket, 3 left (fee on leaving)' },
    },
  ],
  [
    9,
    {
      plans: [['drop-in', '2025-12-01', null]],
      tickets: [{ typeId: 'trial', issuedOn: '2026-01-05', remaining: 1, usedOn: [] }],
    },
  ],
  [
    10,
    {
      plans: [['night', '2025-06-01', null]],
      label: { ja: '平日17時からと土日祝だけ', en: 'Weekdays from 17:00, weekends and holidays' },
    },
  ],
  [
    11,
    {
      plans: [['daytime', '2026-02-01', null]],
      label: { ja: '平日10時から17時、祝日を除き月8回', en: 'Weekdays 10:00 to 17:00, not on holidays, 8 a month' },
    },
  ],
  [
    12,
    {
      plans: [['light', '2025-11-01', null]],
      usedDates: [1, 2, 3, 4],
      label: { ja: '今月の4回を使いきった(5日から)', en: "This month's 4 used up (from the 5th)" },
    },
  ],
  [
    13,
    {
      plans: [['light', '2025-11-01', null]],
      usedDates: [1, 2, 3, 4],
      tickets: [THREE_LEFT],
      label: {
        ja: '使いきったが回数券が3回ある(5日から)',
        en: 'Used up, but holds a ticket with 3 uses (from the 5th)',
      },
    },
  ],
  [14, { plans: [['light', '2026-01-01', null]], usedDates: [1, 2, 3] }],
  [
    15,
    {
      plans: [['light', '2025-11-01', null]],
      usedDates: [1, 2, 3, 4],
      // A course without gaps: whatever the day, there is a reservation.
      reservations: [{ programId: 'personal', start: '2026-04-01T06:00:00+09:00', end: '2031-03-31T23:00:00+09:00' }],
      label: { ja: '使いきったが予約がある(回数に数えない)', en: 'Used up, but has a reservation (not counted)' },
    },
  ],
  [16, { plans: [['daytime', '2026-04-01', null]], reservations: everySaturdayYoga() }],
  [
    17,
    {
      plans: [
        ['daytime', '2025-08-01', null],
        ['night', '2026-09-01', null],
      ],
    },
  ],
  [18, { plans: [] }],
  [19, { plans: [['master', '2019-07-01', null]], furtherCodes: ['K-000019'] }],
  [
    20,
    {
      plans: [['drop-in', '2026-10-01', null]],
      tickets: [
        { ...THREE_LEFT, remaining: 0, usedOn: [...THREE_LEFT.usedOn, '2026-10-24', '2026-11-03', '2026-11-14'] },
      ],
    },
  ],
]);

/** A code of nobody. */
export const UNKNOWN_CODE = { code: 'M9999', label: { ja: '登録されていないコード', en: 'A code that nobody has' } };
