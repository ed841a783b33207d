/** A refused member reads what would help, with the time or place in it; where nothing is known, the staff help. */
import { describe, expect, test } from 'vitest';
import { admitted, leaving, NOW, refused, STATUS, unjudged } from '../../build/e2e/kiosk/scenes.ts';
import type { DecisionMessage } from '../../main/contract/page.ts';
import { createFormats } from '../locale/format.ts';
import { createTexts, LANGUAGES, type Language, partsOf, plain } from '../locale/texts.ts';
import type { Snapshot } from './kiosk.ts';
import {
  bandWords,
  grantWords,
  offerWords,
  refusalWords,
  type Speaker,
  stayWords,
  unjudgedWords,
  warningWords,
} from './words.ts';

const HOUR = 3_600_000;
const speak = createTexts();
const formats = createFormats('Asia/Tokyo');
const speaker = (language: Language): Speaker => ({ language, t: speak(language), formats });
const ja = speaker('ja');
const remedy = (decision: DecisionMessage, language: Language = 'ja'): string =>
  plain(refusalWords(speaker(language), decision).remedy);

describe('a refusal', () => {
  test.each([
    ['today', 2.5 * HOUR, '本日17:02からお入りいただけます。', 'You can enter from 17:02 today.'],
    ['tomorrow', 18 * HOUR, '明日8:32からお入りいただけます。', 'You can enter from 8:32 tomorrow.'],
    ['later', 72 * HOUR, '次は11月24日(月) 14:32からお入りいただけます。', 'Next: Mon 24 Nov from 14:32.'],
  ])('tells when the door opens %s', (_when, later, japanese, english) => {
    const decision = refused('outside-hours', { opensAt: NOW + later });
    expect([remedy(decision), remedy(decision, 'en')]).toEqual([japanese, english]);
  });

  test('puts the time first for the eye', () => {
    const { remedy: words } = refusalWords(ja, refused('holiday', { opensAt: NOW + 18 * HOUR }));
    expect(partsOf(words).filter((part) => part.strong)).toEqual([{ text: '8:32', strong: true }]);
  });

  test.each([
    [
      refused('limit-reached', { limit: { used: 8, limit: 8, renewsOn: Date.UTC(2025, 11, 1, 3) } }),
      '12月1日(月)から、また8回お入りいただけます。',
    ],
    [refused('no-contract', { startsOn: Date.UTC(2025, 11, 1, 3) }), '12月1日(月)からご利用いただけます。'],
    [refused('no-contract'), '受付でお手続きいただけます。'],
    [refused('wrong-store', { stores: ['中野', '荻窪'] }), '中野、荻窪でご利用いただけます。'],
    [refused('door-not-allowed', { doors: ['南口'] }), '南口からお入りください。'],
    [refused('passback', { insideSince: NOW - 2 * HOUR }), '12:32の入館です。出口でかざしてからお入りください。'],
  ])('says what would help', (decision, words) => {
    expect(remedy(decision)).toBe(words);
  });

  test.each([
    refused('limit-reached'),
    refused('wrong-store'),
    refused('door-not-allowed'),
    refused('passback'),
    refused('outside-hours'),
    { ...refused('holiday'), remedy: null },
  ])('sends to the staff where nothing is known', (decision) => {
    for (const language of LANGUAGES) {
      const words = remedy(decision, language);
      expect(words).toBe(speak(language)('screens.common.ask'));
      expect(words).not.toMatch(/[{}]/);
    }
  });

  test('for a reason that refuses nobody says that the staff will help, and no code', () => {
    const said = refusalWords(ja, refused('record-only'));
    expect(plain(said.title)).toBe(speak('ja')('reasons.suspended.title'));
  });

  test('names at most three doors', () => {
    expect(remedy(refused('door-not-allowed', { doors: ['A', 'B', 'C', 'D'] }))).toBe('A、B、Cからお入りください。');
  });
});

describe('a grant', () => {
  const said = (decision: DecisionMessage): string | null => {
    const words = grantWords(ja, decision);
    return words === null ? null : plain(words);
  };

  test.each([
    [admitted({ remaining: 3 }, { band: 'デイタイム' }), 'デイタイム 今月あと3回'],
    [admitted({ remaining: 0 }, { band: 'デイタイム' }), 'デイタイム 今月はこれで最後です'],
    [admitted({ remaining: 3 }), '今月あと3回'],
    [admitted({}, { band: 'デイタイム', plan: 'デイ会員' }), 'デイタイム'],
    [admitted({}, { plan: 'フル会員' }), 'フル会員'],
    [admitted({ reason: 'ticket', remaining: 2 }, { ticket: '回数券' }), '回数券 残り2回'],
    [admitted({ reason: 'redeemed', remaining: 0 }, { ticket: '回数券' }), '回数券 これで最後です'],
    [admitted({ reason: 'reservation' }, { program: 'ヨガ' }), 'ヨガのご予約で入館です'],
    [admitted({ reason: 'schedule' }), 'ご利用時間内です'],
    [admitted({ reason: 'record-only' }), '入館を記録しました'],
    [admitted({ reason: 'override' }), 'スタッフが確認しました'],
  ])('says what is left', (decision, words) => {
    expect(said(decision)).toBe(words);
  });

  test.each([admitted(), admitted({ reason: 'reservation' }), admitted({ reason: 'ticket' }), leaving()])(
    'says nothing where there is nothing to say',
    (decision) => {
      expect(said(decision)).toBeNull();
    },
  );
});

describe('leaving', () => {
  test.each([
    [{ minutes: 0, fee: 0 }, 'ご滞在 0分', '料金はかかりません', false],
    [{ minutes: 59, fee: 500 }, 'ご滞在 59分', 'ご利用料金 ¥500', true],
    [{ minutes: 102, fee: 1_200 }, 'ご滞在 1時間42分', 'ご利用料金 ¥1,200', true],
  ])('tells stay and fee', (stay, staysFor, costs, due) => {
    const words = stayWords(ja, stay)!;
    expect([plain(words.stay), plain(words.fee), words.due]).toEqual([staysFor, costs, due]);
  });

  test('tells nothing where no entry is known', () => {
    expect(stayWords(ja, null)).toBeNull();
  });

  test('names the time that was overstayed, and leaves the warning out where it isn’t known', () => {
    const late = leaving({ warnings: ['suspended', 'overstay'], overstayUntil: NOW - HOUR });
    expect(warningWords(ja, late).map(({ title }) => plain(title).replaceAll('\u200b', ''))).toEqual([
      'そのままお出になれます',
      'ご利用は13:32まででした',
    ]);
    expect(warningWords(ja, { ...late, overstayUntil: null })).toHaveLength(1);
  });
});

test('a ticket is offered with what is left of it now and then; used today, it stays as it is', () => {
  const offer = { ticketId: 't', name: '回数券', remaining: 3, after: 2 };
  expect(offerWords(ja, offer)).toBe('回数券 残り3回 → 2回');
  expect(offerWords(ja, { ...offer, after: 3 })).toBe('回数券 残り3回 → 3回');
});

describe('what holds for everybody at the door', () => {
  const [front] = STATUS.doors;
  const at = (
    door: Partial<NonNullable<typeof front>>,
    status: Partial<typeof STATUS> = {},
    language: Language = 'en',
    offline: Snapshot['offline'] = null,
  ) =>
    bandWords(speaker(language), {
      ...{ status: { ...STATUS, ...status }, offline, wall: NOW },
      door: front === undefined ? null : { ...front, ...door },
    });

  test('nothing, mostly', () => {
    expect(at({})).toBeNull();
  });

  test.each([
    ['admit-open', 'Plans without set hours can come in.'],
    ['trust', 'You can come in as usual.'],
    ['refuse', 'Please wait a little, or call the staff.'],
  ] as const)('a doubtful clock, where the door says %s', (onDoubtfulClock, remedy) => {
    expect(at({ onDoubtfulClock }, { clock: 'doubtful' })).toMatchObject({ title: 'Checking the time', remedy });
  });

  test.each([
    ['refuse', 'Entry is paused', 'The exit opens. Please call the staff.'],
    ['admit-known', 'Checking the records', 'Hold up your code as usual.'],
  ] as const)('a failing store, graver than the clock, where the door says %s', (onStoreFailure, title, remedy) => {
    const all = at({ onStoreFailure }, { store: 'fails', clock: 'doubtful' }, 'en', { syncedAt: NOW - HOUR });
    expect(all).toMatchObject({ icon: 'card', title, remedy, since: null });
  });

  test.each([
    ['today: by the time', NOW - HOUR, '最終同期 13:32'],
    ['before today: by day and time', NOW - 25 * HOUR, '最終同期 11月20日(木) 13:32'],
    ['never', null, null],
  ])('a hub that is away, in contact last %s', (_when, syncedAt, since) => {
    expect(at({}, {}, 'ja', { syncedAt })).toMatchObject({ icon: 'unsynced', since });
    expect(at({}, {}, 'en', { syncedAt })?.remedy).toBe('You can come and go as usual.');
    expect(at({}, { clock: 'doubtful' }, 'en', { syncedAt })).toMatchObject({ icon: 'clock', since: null });
  });

  test('in each language', () => {
    for (const language of LANGUAGES) {
      expect(at({}, {}, language, { syncedAt: NOW - 25 * HOUR })?.since).toMatch(/20.* 13:32/);
      expect(at({}, { store: 'fails' }, language)?.remedy).toMatch(/\S/);
      for (const why of ['lock-away', 'store-failure'] as const)
        expect(unjudgedWords(speaker(language), unjudged(why))).toEqual({
          title: expect.stringMatching(/\S/),
          remedy: expect.not.stringContaining('{'),
        });
    }
  });
});
