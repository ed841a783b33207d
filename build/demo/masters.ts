/** The demo's gym: two stores by the harbour, six plans, one of each kind that the rules know. */
import type { Door, Place, Plan, Program, Site, Store, TicketType, Weekday } from '../../main/core/model.ts';
import { japaneseHolidays } from './holidays.ts';

export const SITE: Site = {
  id: 'minato-gym',
  name: 'みなとジム',
  timezone: 'Asia/Tokyo',
  dayStart: '04:00',
  maxStayHours: 24,
};

export const STORES: readonly Store[] = [
  {
    id: 'kaigan',
    name: '海岸通り店',
    bands: [
      { id: 'full', name: '終日', from: '00:00', to: '24:00' },
      { id: 'morning', name: 'モーニング', from: '06:00', to: '10:00' },
      { id: 'day', name: 'デイタイム', from: '10:00', to: '17:00' },
      { id: 'night', name: 'ナイト', from: '17:00', to: '23:00' },
      { id: 'late', name: '深夜', from: '22:00', to: '05:00' },
    ],
  },
  {
    id: 'ekimae',
    name: '駅前店',
    bands: [
      { id: 'full', name: '終日', from: '07:00', to: '23:00' },
      { id: 'day', name: 'デイタイム', from: '10:00', to: '16:00' },
      { id: 'night', name: 'ナイト', from: '17:00', to: '23:00' },
    ],
  },
];

export const HOLIDAYS: readonly string[] = [2026, 2027, 2028].flatMap(japaneseHolidays);

export const PROGRAMS: readonly Program[] = [
  { id: 'yoga', name: 'ヨガ' },
  { id: 'pilates', name: 'ピラティス' },
  { id: 'personal', name: 'パーソナルトレーニング' },
  { id: 'kids-swim', name: 'キッズスイミング' },
];

export const PLACES: readonly Place[] = [
  {
    id: 'kaigan-gym',
    storeId: 'kaigan',
    name: '海岸通り店 ジム',
    smaregiStoreId: '1',
    fee: { freeMinutes: 0, firstMinutes: 60, firstPrice: 660, unitMinutes: 30, unitPrice: 330, maxPrice: 2_200 },
  },
  {
    id: 'kaigan-sauna',
    storeId: 'kaigan',
    name: '海岸通り店 サウナ',
    smaregiStoreId: '1',
    fee: { freeMinutes: 10, firstMinutes: 90, firstPrice: 880, unitMinutes: 15, unitPrice: 220, maxPrice: null },
  },
  {
    id: 'ekimae-gym',
    storeId: 'ekimae',
    name: '駅前店 ジム',
    smaregiStoreId: '2',
    fee: { freeMinutes: 5, firstMinutes: 60, firstPrice: 550, unitMinutes: 30, unitPrice: 275, maxPrice: 1_650 },
  },
];

export const DOORS: readonly Door[] = [
  {
    id: 'front',
    placeId: 'kaigan-gym',
    name: '海岸通り店 正面玄関',
    policy: 'plan',
    admitsPlans: null,
    passback: 'warn',
  },
  {
    id: 'ekimae-front',
    placeId: 'ekimae-gym',
    name: '駅前店 入口',
    policy: 'device-and-plan',
    admitsPlans: ['master', 'light', 'night', 'drop-in', 'school'],
    passback: 'deny',
  },
];

const WORKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri'];

export const PLANS: readonly Plan[] = [
  {
    id: 'master',
    name: 'マスター会員',
    kind: 'standard',
    storeIds: null,
    stayFee: 'none',
    entry: { mode: 'open' },
    booking: { bands: [{ bandId: 'full', weekdays: null }] },
  },
  {
    id: 'daytime',
    name: '平日デイ会員(月8回)',
    kind: 'standard',
    storeIds: ['kaigan'],
    stayFee: 'none',
    entry: {
      mode: 'limits',
      bands: [{ bandId: 'day', weekdays: WORKDAYS, holiday: 'closed', monthlyLimit: 8 }],
      earlyMinutes: 15,
      lateMinutes: 15,
      freeWithReservation: ['yoga', 'pilates'],
    },
    booking: { bands: [{ bandId: 'day', weekdays: WORKDAYS }] },
  },
  {
    id: 'light',
    name: 'ライト会員(月4回)',
    kind: 'standard',
    storeIds: null,
    stayFee: 'none',
    entry: {
      mode: 'limits',
      bands: [{ bandId: 'full', weekdays: null, holiday: 'as-weekday', monthlyLimit: 4 }],
      earlyMinutes: 0,
      lateMinutes: 0,
      freeWithReservation: 'any',
    },
    booking: { bands: [{ bandId: 'full', weekdays: null }] },
  },
  {
    id: 'night',
    name: 'ナイト&ホリデー会員',
    kind: 'standard',
    storeIds: null,
    stayFee: 'none',
    entry: {
      mode: 'limits',
      bands: [
        { bandId: 'night', weekdays: WORKDAYS, holiday: 'as-weekday', monthlyLimit: null },
        { bandId: 'full', weekdays: ['sat', 'sun'], holiday: 'always', monthlyLimit: null },
        { bandId: 'late', weekdays: ['fri'], holiday: 'if-weekday', monthlyLimit: 2 },
      ],
      earlyMinutes: 10,
      lateMinutes: 30,
      freeWithReservation: null,
    },
    booking: null,
  },
  {
    id: 'drop-in',
    name: '都度利用会員',
    kind: 'standard',
    storeIds: null,
    stayFee: 'place',
    entry: { mode: 'ticket' },
    booking: null,
  },
  {
    id: 'school',
    name: 'キッズスイミングスクール',
    kind: 'school',
    storeIds: ['ekimae'],
    stayFee: 'none',
    entry: { mode: 'open' },
    booking: { bands: [{ bandId: 'day', weekdays: ['wed', 'sat'] }] },
  },
];

export const TICKET_TYPES: readonly TicketType[] = [
  {
    id: 'visit-10',
    name: '都度利用回数券',
    uses: 10,
    validDays: null,
    price: 11_000,
    present: 'qr',
    description: '1日1枚で、その日は何度でも入館できます。有効期限はありません。',
    image: null,
    entry: { storeIds: null, bandIds: null, weekdays: null, consume: 'day' },
  },
  {
    id: 'trial',
    name: '体験チケット',
    uses: 1,
    validDays: 30,
    price: 1_100,
    present: 'qr',
    description: '発行日から30日以内に1回使えます。',
    image: null,
    entry: { storeIds: null, bandIds: null, weekdays: null, consume: 'entry' },
  },
  {
    id: 'morning-5',
    name: '平日モーニング回数券',
    uses: 5,
    validDays: 180,
    price: 3_300,
    present: 'qr',
    description: '海岸通り店の平日6時から10時に使えます。',
    image: null,
    entry: { storeIds: ['kaigan'], bandIds: ['morning'], weekdays: WORKDAYS, consume: 'entry' },
  },
  {
    id: 'towel-11',
    name: 'レンタルタオル回数券',
    uses: 11,
    validDays: null,
    price: 2_200,
    present: 'button',
    description: 'フロントでお使いください。',
    image: null,
    entry: null,
  },
];
