/** The site that the figures are measured on: 100,000 members, 1,000,000 usage rows, 200,000 tickets. */
import type { LimitBand, Plan, SiteBundle } from '../../main/core/model.ts';
import { formatDay } from '../../main/core/time/day.ts';

export const SIZE = { members: 100_000, usagePerMember: 10, ticketsPerMember: 2 } as const;

/** A Wednesday, 12:00 in Tokyo. */
export const BENCH_TIME = Date.UTC(2026, 10, 18, 3);

const BANDS = [
  { id: 'full', name: 'フルタイム', from: '00:00', to: '24:00' },
  { id: 'day', name: 'デイタイム', from: '10:00', to: '17:00' },
  { id: 'morning', name: 'モーニング', from: '06:00', to: '10:00' },
  { id: 'night', name: 'ナイト', from: '20:00', to: '02:00' },
];

const band = (bandId: string, monthlyLimit: number | null): LimitBand => ({
  bandId,
  weekdays: null,
  holiday: 'as-weekday',
  monthlyLimit,
});

const limits = (bands: readonly LimitBand[]): Plan['entry'] => ({
  mode: 'limits',
  bands,
  earlyMinutes: 15,
  lateMinutes: 15,
  freeWithReservation: 'any',
});

/** Every mode, from the cheapest to judge to the dearest. */
const ENTRIES: readonly Plan['entry'][] = [
  limits([band('full', 31)]),
  limits([band('day', 12), band('morning', 8), band('night', null)]),
  { mode: 'open' },
  { mode: 'ticket' },
  limits([band('night', 8)]),
];

export const codeOf = (member: number) => `C${String(member).padStart(7, '0')}`;

export function benchSite(members: number = SIZE.members): SiteBundle {
  const ids = Array.from({ length: members }, (_, index) => index);
  const today = Math.floor(BENCH_TIME / 86_400_000);
  return {
    format: 'genkan-site/1',
    site: { id: 'bench', name: 'Bench', timezone: 'Asia/Tokyo', dayStart: '04:00', maxStayHours: 24 },
    stores: [{ id: 'st', name: 'Store', bands: BANDS }],
    holidays: ['2026-11-03', '2026-11-23'],
    programs: [{ id: 'yoga', name: 'Yoga' }],
    places: [{ id: 'pl', storeId: 'st', name: 'Place', smaregiStoreId: null, fee: null }],
    doors: [{ id: 'front', placeId: 'pl', name: 'Front', policy: 'plan', admitsPlans: null, passback: 'off' }],
    plans: ENTRIES.map((entry, index) => ({
      id: `p${index}`,
      name: `Plan ${index}`,
      kind: 'standard',
      storeIds: null,
      stayFee: 'none',
      entry,
      booking: null,
    })),
    members: ids.map((n) => ({
      id: `m${n}`,
      name: '山田 太郎',
      kana: 'ヤマダ タロウ',
      codes: [codeOf(n)],
      suspended: { profile: false, identity: false },
      contracts: [{ id: `c${n}`, planId: `p${n % ENTRIES.length}`, from: '2020-01-01', to: null }],
    })),
    ticketTypes: [
      {
        ...{
          id: 'tt',
          name: 'Ticket',
          uses: 10,
          validDays: 90,
          price: 5_000,
          present: 'qr',
          description: null,
          image: null,
        },
        entry: { storeIds: null, bandIds: null, weekdays: null, consume: 'entry' },
      },
    ],
    tickets: ids.flatMap((n) =>
      Array.from({ length: SIZE.ticketsPerMember }, (_, k) => ({
        ...{ id: `k${n}-${k}`, typeId: 'tt', memberId: `m${n}`, issuedOn: '2026-11-01', remaining: 5 + k },
      })),
    ),
    reservations: ids
      .filter((n) => n % 10 === 0)
      .map((n) => ({
        ...{ id: `r${n}`, memberId: `m${n}`, storeId: 'st', programId: 'yoga', status: 'booked' },
        start: '2026-11-18T05:00:00Z',
        end: '2026-11-18T06:00:00Z',
      })),
    usage: ids.flatMap((n) =>
      Array.from({ length: SIZE.usagePerMember }, (_, k) => ({
        ...{ memberId: `m${n}`, contractId: `c${n}`, bandId: BANDS[k % BANDS.length]?.id ?? 'full' },
        date: formatDay(today - 1 - 3 * k - (n % 3)),
      })),
    ),
    ticketUses: [],
    stays: [],
  };
}
