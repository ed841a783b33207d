/** The demo's documents, as they stand in `resources/demo/`. */
import { argon2Sync } from 'node:crypto';
import type { SiteBundle } from '../../main/core/model.ts';
import { CASES, UNKNOWN_CODE } from './cases.ts';
import { DOORS, HOLIDAYS, PLACES, PLANS, PROGRAMS, SITE, STORES, TICKET_TYPES } from './masters.ts';
import { codeOf, makePeople } from './members.ts';

export function makeSite(): SiteBundle {
  return {
    format: 'genkan-site/1',
    site: SITE,
    stores: STORES,
    holidays: HOLIDAYS,
    programs: PROGRAMS,
    places: PLACES,
    doors: DOORS,
    plans: PLANS,
    ticketTypes: TICKET_TYPES,
    ...makePeople(),
  };
}

/** Members and their codes worth presenting, with what they show. The simulator's dock offers them. */
export function makeSamples() {
  const samples = [...CASES].flatMap(([number, { label }]) =>
    label === undefined ? [] : [{ code: codeOf(number), label }],
  );
  return [...samples, UNKNOWN_CODE];
}

interface DemoPin {
  readonly name: string;
  readonly role: 'manager' | 'staff' | 'technician';
  readonly pin: string;
}

const PINS: readonly DemoPin[] = [
  { name: '高橋 店長', role: 'manager', pin: '258036' },
  { name: '中村', role: 'staff', pin: '147025' },
  { name: '保守 工藤', role: 'technician', pin: '369014' },
];

/** The demo's staff with their PINs, which the simulator's dock shows. */
export function makePins(): readonly DemoPin[] {
  return PINS;
}

/** What the members' ways need, and a team whose PINs everybody may know. */
export function makeSettings() {
  return {
    format: 'genkan-settings/1',
    tenant: null,
    carryOver: {
      fields: ['familyKana', 'givenKana', 'phone'],
      guidance: {
        ja: '2026年3月までにご入会の方は、こちらから会員証をお引き継ぎいただけます。',
        en: 'Members who joined before April 2026 can carry their membership over here.',
      },
      explanation: {
        ja: '会員カードに書かれたとおりに入力してください。',
        en: 'Please enter it as it is on your card.',
      },
    },
    provisionalCards: { planId: 'light', days: 30, stock: 20 },
    staff: PINS.map(({ name, role, pin }) => ({ id: `demo-${role}`, name, role, pinHash: demoHash(role, pin) })),
  };
}

/** As a unit makes it, but always the same: what is known to everybody needs no chance. */
function demoHash(id: string, pin: string): string {
  const nonce = Buffer.from(id.padEnd(16, '.').slice(0, 16));
  const hash = argon2Sync('argon2id', {
    message: pin,
    nonce,
    memory: 19_456,
    passes: 2,
    parallelism: 1,
    tagLength: 32,
  });
  const text = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=19456,t=2,p=1$${text(nonce)}$${text(hash)}`;
}

export function makeConfig() {
  return {
    dataDir: '../../.demo',
    listen: { host: '127.0.0.1', port: 8377 },
    site: 'site.json',
    settings: 'settings.json',
    display: { name: 'none', languages: ['ja', 'en', 'zh-Hans', 'ko'], helpPhone: '03-0000-0000' },
    doors: [
      {
        id: 'front',
        placeCode: { kinds: ['app', 'url'], url: 'https://minato-gym.example/in?c={code}' },
        lock: { driver: 'sim' },
        readers: [
          { id: 'front-in', driver: 'sim', direction: 'in' },
          { id: 'front-cam', driver: 'camera', direction: 'in' },
          { id: 'front-out', driver: 'sim', direction: 'out' },
        ],
        inputs: { contact: { driver: 'sim' } },
      },
    ],
  };
}

/** JSON with an item of each list a line, so that a change shows as the lines that it touches. */
export function documentText(document: object): string {
  const entries = Object.entries(document).map(([key, value]) => `${JSON.stringify(key)}: ${valueText(value)}`);
  return `{\n ${entries.join(',\n ')}\n}\n`;
}

export function valueText(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0 || typeof value[0] !== 'object') return JSON.stringify(value);
  return `[\n  ${value.map((item) => JSON.stringify(item)).join(',\n  ')}\n ]`;
}
