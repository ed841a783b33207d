// A bundle is taken whole or not at all, and whoever made it learns where it is wrong.
import { describe, expect, test } from 'vitest';
import { parseSite } from './site.ts';

const GOOD = {
  format: 'genkan-site/1',
  site: { id: 's', name: 'Site', timezone: 'Asia/Tokyo', dayStart: '04:00', maxStayHours: 24 },
  stores: [{ id: 'st', name: 'Store', bands: [{ id: 'day', name: 'Day', from: '10:00', to: '24:00' }] }],
  holidays: ['2026-11-03'],
  programs: [{ id: 'yoga', name: 'Yoga' }],
  places: [
    {
      id: 'pl',
      storeId: 'st',
      name: 'Place',
      smaregiStoreId: '1',
      fee: { freeMinutes: 0, firstMinutes: 60, firstPrice: 500, unitMinutes: 30, unitPrice: 200, maxPrice: null },
    },
  ],
  doors: [{ id: 'front', placeId: 'pl', name: 'Front', policy: 'plan', admitsPlans: ['p'], passback: 'off' }],
  plans: [
    {
      id: 'p',
      name: 'Plan',
      kind: 'standard',
      storeIds: ['st'],
      stayFee: 'place',
      booking: { bands: [{ bandId: 'day', weekdays: null }] },
      entry: {
        mode: 'limits',
        bands: [{ bandId: 'day', weekdays: ['mon'], holiday: 'closed', monthlyLimit: 8 }],
        earlyMinutes: 10,
        lateMinutes: 10,
        freeWithReservation: ['yoga'],
      },
    },
  ],
  members: [
    {
      id: 'm',
      name: '',
      kana: null,
      codes: ['C'],
      suspended: { profile: false, identity: false },
      contracts: [{ id: 'c', planId: 'p', from: '2026-01-01', to: '2026-12-31' }],
    },
    { id: 'n', name: 'N', kana: 'エヌ', codes: [], suspended: { profile: true, identity: true }, contracts: [] },
  ],
  ticketTypes: [
    {
      id: 'tt',
      name: 'T',
      uses: 10,
      validDays: 90,
      price: 5_000,
      present: 'qr',
      description: null,
      image: null,
      entry: { storeIds: ['st'], bandIds: ['day'], weekdays: ['sun'], consume: 'day' },
    },
  ],
  tickets: [{ id: 'k', typeId: 'tt', memberId: 'm', issuedOn: '2026-11-01', remaining: 3 }],
  reservations: [
    {
      id: 'r',
      memberId: 'm',
      storeId: 'st',
      programId: 'yoga',
      start: '2026-11-02T12:00:00+09:00',
      end: '2026-11-02T13:00:00+09:00',
      status: 'booked',
    },
  ],
  usage: [{ memberId: 'm', contractId: 'c', bandId: 'day', date: '2026-11-01' }],
  ticketUses: [{ ticketId: 'k', date: '2026-11-01', uses: 1 }],
  stays: [
    {
      memberId: 'm',
      placeId: 'pl',
      enteredAt: '2026-11-02T12:00:00Z',
      via: { contractId: 'c', until: '2026-11-02T13:00:00Z' },
    },
  ],
};

const DELETED = Symbol('deleted');

/** The good bundle with one value replaced (or left out) at a path such as `plans[0].entry.mode`. */
function changed(path: string, value: unknown): unknown {
  const bundle: unknown = structuredClone(GOOD);
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  const last = keys.pop() ?? '';
  let target = bundle;
  for (const key of keys) target = Reflect.get(target as object, key);
  if (value === DELETED) Reflect.deleteProperty(target as object, last);
  else Reflect.set(target as object, last, value);
  return bundle;
}

/** Where `parseSite` finds the first mistake; null where it finds none. */
function firstPath(bundle: unknown): string | null {
  const parsed = parseSite(bundle);
  return parsed.ok ? null : (parsed.error[0]?.path ?? 'an error without a path');
}

test('the good one is good', () => {
  const parsed = parseSite(GOOD);
  expect(parsed).toStrictEqual({ ok: true, value: GOOD });
});

describe('what may be left out or empty', () => {
  test.each([
    ...[
      'stores',
      'holidays',
      'programs',
      'places',
      'doors',
      'plans',
      'members',
      'ticketTypes',
      'tickets',
      'reservations',
      'usage',
      'ticketUses',
      'stays',
    ],
  ])('%s, with all that refers to it', (list) => {
    expect(firstPath({ format: GOOD.format, site: GOOD.site, [list]: [] })).toBeNull();
  });
  test('defaults', () => {
    const parsed = parseSite({ format: GOOD.format, site: { id: 's', name: '', timezone: 'UTC' } });
    expect(parsed).toMatchObject({ ok: true, value: { site: { dayStart: '00:00', maxStayHours: 24 }, members: [] } });
  });
  test.each<[string, unknown]>([
    ['members[1].codes', DELETED],
    ['members[1].contracts', DELETED],
    ['plans[0].booking', null],
    ['plans[0].storeIds', null],
    ['plans[0].storeIds', []],
    ['plans[0].entry.freeWithReservation', null],
    ['plans[0].entry.freeWithReservation', 'any'],
    ['plans[0].entry.freeWithReservation', []],
    ['plans[0].entry.bands', DELETED],
    ['plans[0].booking.bands', DELETED],
    ['plans[0].entry.bands[0].weekdays', ['mon', 'mon']],
    ['plans[0].entry', { mode: 'open' }],
    ['plans[0].kind', 'standard'],
    ['doors[0].admitsPlans', ['p', 'p']],
    ['holidays', ['2026-11-03', '2026-11-03']],
    ['ticketTypes[0].entry', null],
    ['ticketTypes[0].validDays', 36_500],
    ['members[0].contracts[0].to', '2026-01-01'],
    ['stays[0].via', null],
    ['stays[0].via.until', null],
    ['site.timezone', 'UTC'],
    ['stores[0].bands[0].from', '00:00'],
    ['reservations[0].start', '2026-11-02T12:59:59.999+09:00'],
  ])('%s', (path, value) => expect(firstPath(changed(path, value))).toBeNull());
});

const ID = [1, '', ' x', 'x ', 'x\u3000', '\ud800', null, DELETED];
const INT = [-1, 1.5, '1', 1_000_001, Number.NaN, DELETED];
const DATE = ['2026-02-30', '2026-1-01', 20_261_101, '1969-12-31', DELETED];
const TIME = [
  '2026-11-02T12:00:00',
  '2026-11-02t12:00:00Z',
  '1970-01-01T12:00:00Z',
  '9999-12-31T00:00:00Z',
  0,
  DELETED,
];

/** Path, and values that are wrong there; the path of the error is the same. */
const WRONG: readonly (readonly [string, readonly unknown[]])[] = [
  ['format', ['genkan-site/2', null, DELETED]],
  ['site', [null, [], DELETED]],
  ['site.id', ID],
  ['site.name', [1, null, DELETED]],
  ['site.timezone', ['Asia/Nowhere', '+09:00', '-0900', '\u22120900', '', null, DELETED]],
  ['site.dayStart', ['24:00', '4:00', '04:60', null]],
  ['site.maxStayHours', [0, -1, 1.5, 1_000_001, null]],
  ['stores', [null, {}]],
  ['stores[0]', [null, 'st']],
  ['stores[0].id', ID],
  ['stores[0].bands', [null, {}]],
  ['stores[0].bands[0].from', ['24:00', '25:00', '1000', DELETED]],
  ['stores[0].bands[0].to', ['24:01', '10:00', 24, DELETED]],
  ['holidays[0]', ['2026-02-29', 'today', null]],
  ['programs[0].name', [null, DELETED]],
  ['places[0].storeId', [...ID, 'nowhere']],
  ['places[0].smaregiStoreId', [1, DELETED]],
  ['places[0].fee', [0, DELETED]],
  ['places[0].fee.freeMinutes', INT],
  ['places[0].fee.firstMinutes', INT],
  ['places[0].fee.firstPrice', INT],
  ['places[0].fee.unitMinutes', [0, ...INT]],
  ['places[0].fee.unitPrice', INT],
  ['places[0].fee.maxPrice', INT],
  ['doors[0].id', ID],
  ['doors[0].placeId', [...ID, 'nowhere']],
  ['doors[0].policy', ['any', null, DELETED]],
  ['doors[0].admitsPlans', ['p', DELETED]],
  ['doors[0].admitsPlans[0]', ['nowhere', 1]],
  ['doors[0].passback', ['on', DELETED]],
  ['plans[0].kind', ['gym', DELETED]],
  ['plans[0].storeIds', ['st', DELETED]],
  ['plans[0].storeIds[0]', ['nowhere', null]],
  ['plans[0].stayFee', ['free', DELETED]],
  ['plans[0].entry', [null, 'open', [], DELETED]],
  ['plans[0].entry.mode', ['closed', null, DELETED]],
  ['plans[0].entry.bands', [null, {}]],
  ['plans[0].entry.bands[0].bandId', [...ID, 'nowhere']],
  ['plans[0].entry.bands[0].weekdays', ['mon', DELETED]],
  ['plans[0].entry.bands[0].weekdays[0]', ['Monday', 1]],
  ['plans[0].entry.bands[0].holiday', ['open', DELETED]],
  ['plans[0].entry.bands[0].monthlyLimit', INT],
  ['plans[0].entry.earlyMinutes', [1_441, -1, 0.5, DELETED]],
  ['plans[0].entry.lateMinutes', [1_441, -1, 0.5, DELETED]],
  ['plans[0].entry.freeWithReservation', ['all', 1, {}, DELETED]],
  ['plans[0].entry.freeWithReservation[0]', ['nowhere', 1, ' yoga']],
  ['plans[0].booking', ['none', DELETED]],
  ['plans[0].booking.bands[0].bandId', [...ID, 'nowhere']],
  ['plans[0].booking.bands[0].weekdays', [{}, DELETED]],
  ['members[0].id', ID],
  ['members[0].kana', [1, DELETED]],
  ['members[0].codes', [null, 'C']],
  ['members[0].codes[0]', ['', ' C', 'C\n', 'C\u3000', '\ud800', 'x'.repeat(513), 7]],
  ['members[0].suspended', [false, DELETED]],
  ['members[0].suspended.profile', [0, 'no', DELETED]],
  ['members[0].suspended.identity', [null, DELETED]],
  ['members[0].contracts[0].id', ID],
  ['members[0].contracts[0].planId', [...ID, 'nowhere']],
  ['members[0].contracts[0].from', DATE],
  ['members[0].contracts[0].to', ['2025-12-31', '2026-02-30', DELETED]],
  ['ticketTypes[0].uses', [0, ...INT]],
  ['ticketTypes[0].validDays', [36_501, -1, DELETED]],
  ['ticketTypes[0].price', INT],
  ['ticketTypes[0].present', ['card', DELETED]],
  ['ticketTypes[0].description', [1, DELETED]],
  ['ticketTypes[0].image', [1, DELETED]],
  ['ticketTypes[0].entry', [true, DELETED]],
  ['ticketTypes[0].entry.storeIds[0]', ['nowhere']],
  ['ticketTypes[0].entry.bandIds[0]', ['nowhere']],
  ['ticketTypes[0].entry.weekdays', [DELETED, 'sun']],
  ['ticketTypes[0].entry.consume', ['use', DELETED]],
  ['tickets[0].typeId', [...ID, 'nowhere']],
  ['tickets[0].memberId', [...ID, 'nobody']],
  ['tickets[0].issuedOn', DATE],
  ['tickets[0].remaining', INT],
  ['reservations[0].memberId', ['nobody']],
  ['reservations[0].storeId', ['nowhere']],
  ['reservations[0].programId', ['nothing']],
  ['reservations[0].start', TIME],
  ['reservations[0].end', [...TIME, '2026-11-02T12:00:00+09:00']],
  ['reservations[0].status', ['open', DELETED]],
  ['usage[0].memberId', ['nobody']],
  ['usage[0].contractId', ['none']],
  ['usage[0].bandId', ['nowhere']],
  ['usage[0].date', DATE],
  ['ticketUses[0].ticketId', ['none']],
  ['ticketUses[0].date', DATE],
  ['ticketUses[0].uses', [0, ...INT]],
  ['stays[0].memberId', ['nobody']],
  ['stays[0].placeId', ['nowhere']],
  ['stays[0].enteredAt', TIME],
  ['stays[0].via', [1, DELETED]],
  ['stays[0].via.contractId', ['none', DELETED]],
  ['stays[0].via.until', [0, 'soon', DELETED]],
];

test.each(WRONG.flatMap(([path, values]) => values.map((value) => [path, value] as const)))(
  '%s: %o is wrong there',
  (path, value) => {
    // A reservation that starts after it ends is found at its end.
    expect(firstPath(changed(path, value))).toBe(path);
  },
);

describe('what must stand only once', () => {
  test.each([
    ['stores[1]', GOOD.stores[0], 'stores[1].id'],
    ['stores[0].bands[1]', { ...GOOD.stores[0]?.bands[0], from: '11:00' }, 'stores[0].bands[1].id'],
    ['programs[1]', GOOD.programs[0], 'programs[1].id'],
    ['places[1]', GOOD.places[0], 'places[1].id'],
    ['doors[1]', GOOD.doors[0], 'doors[1].id'],
    ['plans[1]', GOOD.plans[0], 'plans[1].id'],
    ['members[2]', { ...GOOD.members[1] }, 'members[2].id'],
    ['members[1].codes', ['C'], 'members[1].codes[0]'],
    ['members[0].codes', ['C', 'D', 'C'], 'members[0].codes[2]'],
    ['members[1].contracts', GOOD.members[0]?.contracts, 'members[1].contracts[0].id'],
    ['ticketTypes[1]', GOOD.ticketTypes[0], 'ticketTypes[1].id'],
    ['tickets[1]', GOOD.tickets[0], 'tickets[1].id'],
    ['reservations[1]', GOOD.reservations[0], 'reservations[1].id'],
    ['plans[0].entry.bands[1]', GOOD.plans[0]?.entry.bands[0], 'plans[0].entry.bands[1].bandId'],
    ['plans[0].booking.bands[1]', GOOD.plans[0]?.booking.bands[0], 'plans[0].booking.bands[1].bandId'],
  ])('%s', (path, value, found) => expect(firstPath(changed(path, value))).toBe(found));

  test('the same band in two stores is one band with two hours', () => {
    expect(firstPath(changed('stores[1]', { id: 'other', name: '', bands: GOOD.stores[0]?.bands }))).toBeNull();
  });
});

describe('what belongs to somebody else', () => {
  test.each([
    ['usage[0].memberId', 'n', 'usage[0].contractId'],
    ['stays[0].memberId', 'n', 'stays[0].via.contractId'],
  ])('%s', (path, value, found) => expect(firstPath(changed(path, value))).toBe(found));
  test('a school plan has no limits', () => {
    expect(firstPath(changed('plans[0].kind', 'school'))).toBe('plans[0].entry.mode');
  });
});

describe('unknown keys', () => {
  test.each([
    'colour',
    'site.colour',
    'stores[0].colour',
    'plans[0].entry.colour',
    'plans[0].entry.bands[0].colour',
    'places[0].fee.colour',
    'stays[0].via.colour',
  ])('%s', (path) => expect(firstPath(changed(path, 1))).toBe(path));
  test('__proto__ too', () => {
    const bundle: unknown = JSON.parse(JSON.stringify(GOOD).replace('{"format"', '{"__proto__":{"x":1},"format"'));
    expect(firstPath(bundle)).toBe('__proto__');
  });
});

test.each([null, [], 'text', 7, undefined])('%o is no bundle', (json) => expect(firstPath(json)).toBe('$'));

test('the form is checked before the references', () => {
  const bundle = { ...(changed('doors[0].placeId', 'nowhere') as object), colour: 'red' };
  const parsed = parseSite(bundle);
  expect(parsed).toMatchObject({ ok: false, error: [{ path: 'colour' }] });
});

test('a thousand mistakes are told as a hundred', () => {
  const holidays = Array.from({ length: 1_000 }, () => 'never');
  const parsed = parseSite({ ...GOOD, holidays });
  expect(parsed.ok ? 0 : parsed.error.length).toBe(100);
  const members = Array.from({ length: 1_000 }, () => GOOD.members[1]);
  const twice = parseSite({ ...GOOD, members: [...GOOD.members, ...members] });
  expect(twice.ok ? 0 : twice.error.length).toBe(100);
});

test('every error says what was expected, and never what was there', () => {
  for (const [path, values] of WRONG) {
    for (const value of values) {
      const parsed = parseSite(changed(path, value));
      if (parsed.ok) throw new Error(`${path} was taken`);
      for (const { expected } of parsed.error) {
        expect(expected).not.toMatch(/invalid input|received/i);
        expect(expected.length).toBeGreaterThan(3);
      }
    }
  }
});
