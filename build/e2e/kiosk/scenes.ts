/** Everything that the member screens can show, as the controller would say it. Names of the made-up site only. */
import type { IssueOutput, PlaceCodeOutput, WaysMessage } from '../../../main/contract/member-ways.ts';
import type {
  DecisionMessage,
  PageMessage,
  RemedyMessage,
  StatusMessage,
  UnjudgedMessage,
} from '../../../main/contract/page.ts';

/** Friday 21 November 2025, 14:32 in Tokyo. */
export const NOW = Date.UTC(2025, 10, 21, 5, 32);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const STATUS: StatusMessage = {
  kind: 'status',
  version: '0.1.0',
  site: { name: 'みどり湯フィットネス 中野', timezone: 'Asia/Tokyo' },
  languages: ['ja', 'en'],
  helpPhone: '03-5555-0123',
  reach: false,
  ways: { provisional: null, carryOver: null },
  clock: 'synced',
  doubt: null,
  store: 'works',
  degraded: false,
  hub: null,
  doors: [
    {
      id: 'front',
      name: '正面玄関',
      state: 'locked',
      onDoubtfulClock: 'admit-open',
      onStoreFailure: 'refuse',
      alarms: [],
      camera: 'front-cam',
      wedge: 'front-keys',
      placeCode: [],
    },
  ],
  devices: [
    { id: 'front-lock', door: 'front', kind: 'lock', driver: 'sim', ok: true },
    { id: 'front-in', door: 'front', kind: 'reader', driver: 'sim', ok: true },
    { id: 'front-cam', door: 'front', kind: 'reader', driver: 'camera', ok: true },
  ],
  demo: null,
};

const NO_REMEDY: RemedyMessage = {
  opensAt: null,
  startsOn: null,
  limit: null,
  tickets: [],
  stores: [],
  doors: [],
  insideSince: null,
};
const NO_NAMES: DecisionMessage['names'] = { member: null, plan: null, band: null, ticket: null, program: null };

const ENTRY: DecisionMessage = {
  kind: 'decision',
  event: 41,
  at: NOW,
  doorId: 'front',
  readerId: 'front-in',
  direction: 'in',
  granted: true,
  reason: 'plan',
  alert: 'none',
  warnings: [],
  remaining: null,
  names: NO_NAMES,
  stay: null,
  overstayUntil: null,
  remedy: null,
};

type Names = Partial<DecisionMessage['names']>;

export function unjudged(why: UnjudgedMessage['why']): UnjudgedMessage {
  return { kind: 'unjudged', event: 41, at: NOW, doorId: 'front', readerId: 'front-in', why };
}

export function admitted(change: Partial<DecisionMessage> = {}, names: Names = {}): DecisionMessage {
  return { ...ENTRY, ...change, names: { ...NO_NAMES, ...names } };
}

export function refused(
  reason: DecisionMessage['reason'],
  remedy: Partial<RemedyMessage> = {},
  change: Partial<DecisionMessage> = {},
): DecisionMessage {
  return { ...ENTRY, granted: false, alert: 'error', reason, remedy: { ...NO_REMEDY, ...remedy }, ...change };
}

export function leaving(change: Partial<DecisionMessage> = {}, names: Names = {}): DecisionMessage {
  return admitted({ direction: 'out', reason: 'exit', readerId: 'front-out', ...change }, names);
}

export interface KioskScene {
  readonly name: string;
  readonly status?: Partial<StatusMessage>;
  /** Their event is 41; whoever plays the scene numbers them anew. */
  readonly messages: readonly PageMessage[];
  /** What is touched then: selectors, one after the other. */
  readonly touches?: readonly string[];
  /** What the controller answers; left out: as ever. */
  readonly answers?: { readonly placeCode?: PlaceCodeOutput; readonly issued?: IssueOutput };
  /** Milliseconds to let go by after that. */
  readonly after?: number;
  readonly screen: string;
  readonly reason?: string;
  /** What is to be seen then. */
  readonly shows?: string;
}

const ticket = { ticketId: 't1', name: '1回入館券', remaining: 3, after: 2 };
const [frontDoor] = STATUS.doors;
if (frontDoor === undefined) throw new Error('the made-up site has no door');
const door = (change: Partial<StatusMessage['doors'][number]>) => ({ doors: [{ ...frontDoor, ...change }] });
const devices = (ok: Readonly<Record<string, boolean>>) => ({
  devices: STATUS.devices.map((device) => ({ ...device, ok: ok[device.id] ?? device.ok })),
});
/** As long as a site's data may make them, or longer than anybody would. */
const LONG = 'とても長い名前のついたフィットネスクラブの特別会員プラン'.repeat(3);

const ADMITTED: readonly KioskScene[] = [
  { name: 'admitted', messages: [admitted()] },
  { name: 'admitted-limited', messages: [admitted({ remaining: 3 }, { member: '田中', band: 'デイタイム' })] },
  {
    name: 'admitted-several',
    messages: [admitted({}, { member: '田中' }), admitted({ remaining: 3 }, { band: 'デイタイム' })],
  },
  { name: 'admitted-last', messages: [admitted({ remaining: 0 }, { band: 'デイタイム' })] },
  { name: 'admitted-ticket', messages: [admitted({ reason: 'ticket', remaining: 2 }, { ticket: '1回入館券' })] },
  { name: 'admitted-booked', messages: [admitted({ reason: 'reservation' }, { program: 'ホットヨガ 60' })] },
  {
    name: 'admitted-warning',
    messages: [
      admitted({ remaining: 3, warnings: ['passback'], alert: 'warning' }, { member: '田中', band: 'デイタイム' }),
    ],
  },
  {
    name: 'admitted-long',
    messages: [admitted({ remaining: 3, warnings: ['passback'] }, { member: LONG, band: LONG })],
  },
].map((scene) => ({ ...scene, screen: 'admitted' }));

const REFUSED: readonly KioskScene[] = [
  refused('unknown-credential', {}, { readerId: 'front-cam' }),
  refused('suspended'),
  refused('no-contract'),
  refused('no-contract', { startsOn: NOW + 9 * DAY_MS }),
  refused('no-band'),
  refused('no-ticket'),
  refused('wrong-store', { stores: ['みどり湯フィットネス 高円寺', '荻窪駅前', '吉祥寺'] }),
  refused('door-not-allowed', { doors: ['南口', '地下駐車場の扉'] }),
  refused('wrong-weekday', { opensAt: NOW + 3 * DAY_MS }),
  refused('holiday', { opensAt: NOW + 18 * HOUR_MS + 28 * MINUTE_MS }),
  refused('outside-hours', { opensAt: NOW + 2 * HOUR_MS + 28 * MINUTE_MS }),
  refused('outside-hours'),
  refused('limit-reached', { limit: { used: 8, limit: 8, renewsOn: Date.UTC(2025, 11, 1, 3) }, tickets: [ticket] }),
  refused('outside-hours', {
    opensAt: NOW + 2 * HOUR_MS + 28 * MINUTE_MS,
    tickets: [{ ticketId: 't2', name: LONG, remaining: 1, after: 0 }],
  }),
  refused('limit-reached', { limit: { used: 31, limit: 31, renewsOn: Date.UTC(2025, 11, 1, 3) } }),
  refused('passback', { insideSince: NOW - 2 * HOUR_MS }),
].map((decision, index) => ({
  name: `refused-${decision.reason}-${index}`,
  status: { staffCall: true },
  messages: [decision],
  screen: 'refused',
  reason: decision.reason,
}));

const LEAVING: readonly KioskScene[] = [
  { name: 'leaving', messages: [leaving()] },
  { name: 'leaving-free', messages: [leaving({ stay: { minutes: 102, fee: 0 } }, { member: '田中' })] },
  { name: 'leaving-fee', messages: [leaving({ stay: { minutes: 102, fee: 1_200 } }, { member: '田中' })] },
  {
    name: 'leaving-overstay',
    messages: [
      leaving(
        { stay: { minutes: 502, fee: 123_400 }, warnings: ['suspended', 'overstay'], overstayUntil: NOW - HOUR_MS },
        { member: '田中' },
      ),
    ],
  },
  { name: 'leaving-no-entry', messages: [leaving({ warnings: ['no-entry'] })] },
  { name: 'leaving-unknown', messages: [leaving({ warnings: ['unknown-credential'] })] },
].map((scene) => ({ ...scene, screen: 'leaving' }));

const silent: PageMessage = { kind: 'outcome', of: 41, doorId: 'front', outcome: 'silent' };
const another = { ...frontDoor, id: 'south', name: '南口' };

const FAULTS: readonly KioskScene[] = [
  { name: 'fault-silent', messages: [admitted(), silent], screen: 'fault', reason: 'lock-silent' },
  { name: 'fault-forced', status: door({ alarms: ['forced'] }), messages: [], screen: 'fault', reason: 'door-forced' },
  { name: 'fault-held', status: door({ alarms: ['held'] }), messages: [], screen: 'fault', reason: 'door-held' },
  { name: 'fault-door', status: door({ state: 'fault' }), messages: [], screen: 'fault', reason: 'door-out' },
  {
    name: 'fault-other-door',
    status: { ...devices({ 'front-lock': false }), doors: [frontDoor, another] },
    messages: [],
    screen: 'fault',
    reason: 'door-out',
  },
  {
    name: 'fault-readers',
    status: devices({ 'front-in': false, 'front-cam': false }),
    messages: [],
    screen: 'fault',
    reason: 'readers-out',
  },
  { name: 'fault-starting', status: door({ state: 'starting' }), messages: [], screen: 'fault', reason: 'starting' },
  { name: 'fault-no-door', status: { doors: [] }, messages: [], screen: 'fault', reason: 'no-door' },
  { name: 'fault-closed', status: door({ state: 'closed' }), messages: [], screen: 'fault', reason: 'closed' },
  // After the other: a page that is black stays so while the door does.
  {
    name: 'fault-closed-black',
    status: door({ state: 'closed' }),
    messages: [],
    after: 600_000,
    screen: 'fault',
    reason: 'closed',
    shows: '.black .num',
  },
  {
    name: 'fault-lockdown',
    status: door({ state: 'lockdown' }),
    messages: [],
    screen: 'fault',
    reason: 'lockdown',
    shows: '.field.stop .mark.lock',
  },
  {
    name: 'fault-fire',
    status: door({ state: 'fire', alarms: ['fire'] }),
    messages: [],
    screen: 'fault',
    reason: 'fire',
    shows: '.field.stop .mark.way-out',
  },
];

const card = refused('outside-hours', { opensAt: NOW + 2 * HOUR_MS + 28 * MINUTE_MS });

const WAYS: WaysMessage = {
  provisional: { days: 30 },
  carryOver: { fields: ['familyKana', 'givenKana'], guidance: null, explanation: null },
};
const ALL_FIELDS: WaysMessage['carryOver'] = {
  fields: ['family', 'given', 'familyKana', 'givenKana', 'phone'],
  guidance: {
    ja: '2024年3月までにご入会の方は、こちらから会員証を新しいものへお引き継ぎいただけます。会員カードに書かれた8桁の番号と、ご入会のときのメールアドレスをご用意ください。お手続きは3分ほどです。',
    ...{ en: null, 'zh-Hans': null, ko: null },
  },
  explanation: {
    ja: '会員カードに書かれたとおりに入力してください。ハイフンはいりません。',
    en: 'Please enter everything as it is printed on the card.',
    ...{ 'zh-Hans': null, ko: null },
  },
};
/** A site that wants all of it. */
export const WITH_WAYS: Partial<StatusMessage> = { ways: WAYS, ...door({ placeCode: ['app', 'url'] }) };

const WAY = { card: '.ways .btn:nth-child(1)', carry: '.ways .btn:nth-child(2)', place: '.ways .btn:nth-child(3)' };
const MAIN = '.answers .main';
const fieldAt = (place: number) => `.fieldbox:nth-child(${place})`;
const letters = (text: string) => [...text].map((letter) => `[data-skbtn="${letter}"]`);
const modeAt = (place: number) => `.modes .key:nth-child(${place})`;
const MAIL = ['[data-skbtn="a"]', '[data-skbtn="@"]', '[data-skbtn="b"]', '[data-skbtn=".co.jp"]'];
const FILLED = [
  ...[WAY.carry, MAIN, ...MAIL, fieldAt(2), ...letters('00482291')],
  ...[fieldAt(3), ...letters('タナカ'), fieldAt(4), ...letters('ミサ')],
];

const APP_ONLY = { placeCode: { codes: { app: 'GL1:CODE', url: null }, leftMs: 20_000, everyMs: 20_000 } };

type VisitScene = Omit<KioskScene, 'messages' | 'screen'>;
const VISIT_SCENES: readonly VisitScene[] = [
  { name: 'place', touches: [WAY.place], shows: '.place .qr' },
  {
    name: 'place-hidden',
    touches: [WAY.place],
    answers: { placeCode: { codes: null, leftMs: 5_000, everyMs: 5_000 } },
    shows: '.place .lead',
  },
  {
    name: 'place-app',
    status: door({ placeCode: ['app'] }),
    touches: [WAY.place],
    answers: APP_ONLY,
    shows: '.place .qr',
  },
  { name: 'card', touches: [WAY.card], shows: '.member-card' },
  { name: 'card-issued', touches: [WAY.card, MAIN], shows: '.prov .qr' },
  { name: 'card-withdrawn', touches: [WAY.card, MAIN, '.answers .btn:nth-child(2)'], shows: '.ended' },
  {
    name: 'card-none',
    touches: [WAY.card, MAIN],
    answers: { issued: { card: null, why: 'none-left' } },
    shows: '.ended .phone',
  },
  { name: 'carry', touches: [WAY.carry], shows: '.ended .main' },
  {
    name: 'carry-guided',
    status: { ways: { ...WAYS, carryOver: ALL_FIELDS } },
    touches: [WAY.carry],
    shows: '.ended .main',
  },
  { name: 'carry-empty', touches: [WAY.carry, MAIN], shows: '.keyboard.abc' },
  { name: 'carry-filled', touches: FILLED, shows: '.fieldbox.on' },
  { name: 'carry-digits', touches: [WAY.carry, MAIN, fieldAt(2)], shows: '.keyboard.digits' },
  { name: 'carry-symbols', touches: [WAY.carry, MAIN, modeAt(4)], shows: '.keyboard.symbols' },
  {
    name: 'carry-look',
    status: { ways: { ...WAYS, carryOver: ALL_FIELDS } },
    touches: [WAY.carry, MAIN, ...MAIL.slice(0, 3), fieldAt(7), '.key.go'],
    shows: '.fieldbox.look',
  },
  { name: 'carry-idle', touches: [WAY.carry, MAIN, ...MAIL], after: 90_100, shows: '[role="alertdialog"]' },
  { name: 'carry-sent', touches: [...FILLED, '.key.go'], shows: '.ended' },
];
const VISITS = VISIT_SCENES.map(({ name, status, ...scene }) => ({
  ...scene,
  name: `visit-${name}`,
  status: { ...WITH_WAYS, ...status },
  messages: [],
  screen: 'waiting',
}));

export const SCENES: readonly KioskScene[] = [
  { name: 'waiting', messages: [], screen: 'waiting' },
  { name: 'waiting-held', status: door({ state: 'held-unlocked' }), messages: [], screen: 'waiting' },
  { name: 'waiting-four', status: { languages: ['ja', 'en', 'zh-Hans', 'ko'] }, messages: [], screen: 'waiting' },
  { name: 'waiting-card', messages: [card], after: 6_100, screen: 'waiting', shows: '.notecard' },
  { name: 'waiting-no-camera', status: door({ camera: null }), messages: [], screen: 'waiting' },
  { name: 'waiting-doubtful', status: { clock: 'doubtful' }, messages: [], screen: 'waiting', shows: '.band' },
  { name: 'waiting-store-failure', status: { store: 'fails' }, messages: [], screen: 'waiting', shows: '.band' },
  {
    name: 'waiting-offline',
    status: { hub: { state: 'away', dataAgeSeconds: 90_000, queue: 12, progress: null } },
    messages: [],
    screen: 'waiting',
    shows: '.band small',
  },
  { name: 'refused-clock', messages: [refused('clock-doubtful')], screen: 'refused', reason: 'clock-doubtful' },
  { name: 'refused-store', messages: [unjudged('store-failure')], screen: 'refused', reason: 'store-failure' },
  {
    name: 'refused-called',
    status: { staffCall: true },
    messages: [refused('suspended')],
    touches: ['.call-staff'],
    screen: 'refused',
    shows: '.called',
  },
  { name: 'refused-lock-away', messages: [unjudged('lock-away')], screen: 'refused', reason: 'lock-away' },
  { name: 'refused-interlock', messages: [unjudged('interlock')], screen: 'refused', reason: 'interlock' },
  { name: 'refused-closed', messages: [unjudged('closed')], screen: 'refused', reason: 'closed' },
  {
    name: 'waiting-long',
    status: { site: { name: LONG, timezone: 'Asia/Tokyo' }, ...door({ name: LONG }), clock: 'doubtful' },
    messages: [card],
    after: 6_100,
    screen: 'waiting',
  },
  { name: 'waiting-ways', status: WITH_WAYS, messages: [], screen: 'waiting', shows: '.ways' },
  {
    name: 'waiting-ways-card',
    status: { ...WITH_WAYS, clock: 'doubtful' },
    messages: [card],
    after: 6_100,
    screen: 'waiting',
    shows: '.notecard',
  },
  {
    name: 'waiting-ways-reach',
    status: { ...WITH_WAYS, reach: true, languages: ['ja', 'en', 'zh-Hans', 'ko'] },
    messages: [],
    screen: 'waiting',
  },
  ...ADMITTED,
  ...REFUSED,
  ...LEAVING,
  ...FAULTS,
  ...VISITS,
];
