/** The club of the simulated week: members of all kinds of plans, doors of all kinds, and a calendar. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Config, parseConfig } from '../../main/contract/config.ts';
import { parseSettings, type Settings } from '../../main/contract/settings.ts';
import { parseSite } from '../../main/contract/site.ts';
import type { SiteBundle } from '../../main/core/model.ts';

export interface Person {
  readonly id: string;
  readonly code: string;
  /** Shows a pass on the phone; the code alone is none. */
  readonly hasPass: boolean;
}

export interface Club {
  readonly site: SiteBundle;
  readonly settings: Settings;
  readonly config: Config;
  readonly people: readonly Person[];
  readonly passKey: { readonly kid: string; readonly privateKey: KeyObject };
}

/** As in the configuration. */
export const PULSE_MS = 3_000;
export const MAX_PULSE_MS = 10_000;
export const SCAN_TTL_MS = 2_000;
export const REPEAT_MS = 3_000;
export const HELD_AFTER_MS = 20_000;
export const TENANT = 'club';
export const STAFF_ID = 'sue';
export const MANAGER_ID = 'mia';

/** One in eight of each; one more kind has no contract at all. */
const KINDS = ['open', 'day', 'night', 'ticket', 'dayTicket', 'phone', 'late', 'none'] as const;
const MEMBERS = 320;

const ALL_DAY = { bandId: 'all', weekdays: null, holiday: 'as-weekday', monthlyLimit: null };

function limits(band: object, more: object = {}): object {
  const one = { ...ALL_DAY, ...band };
  return { mode: 'limits', bands: [one], earlyMinutes: 15, lateMinutes: 15, freeWithReservation: null, ...more };
}

function planOf(id: string, entry: object): object {
  return { id, name: id, kind: 'standard', storeIds: null, stayFee: 'none', entry, booking: null };
}

function ticketType(id: string, consume: 'day' | 'entry'): object {
  const entry = { storeIds: null, bandIds: null, weekdays: null, consume };
  const text = { description: null, image: null };
  return { id, name: id, uses: 5, validDays: 90, price: 0, present: 'qr', ...text, entry };
}

function member(index: number): object {
  const kind = KINDS[index % KINDS.length] ?? 'none';
  const id = `m${index}`;
  const planId = kind === 'dayTicket' ? 'day' : kind;
  const from = kind === 'late' ? '2027-01-01' : '2020-01-01';
  return {
    id,
    name: `Member ${index}`,
    kana: null,
    codes: [`C-${index}`],
    suspended: { profile: index % 41 === 40, identity: false },
    contracts: kind === 'none' ? [] : [{ id: `c${index}`, planId: kind === 'late' ? 'open' : planId, from, to: null }],
  };
}

function ticketsOf(index: number): object[] {
  const kind = KINDS[index % KINDS.length];
  const ticket = (typeId: string) => ({ id: `k${index}${typeId}`, typeId, memberId: `m${index}` });
  const issued = { issuedOn: '2026-10-20', remaining: 4 };
  if (kind === 'ticket') return [{ ...ticket(index % 16 === 3 ? 'perDay' : 'perEntry'), ...issued }];
  return kind === 'dayTicket' ? [{ ...ticket('perEntry'), ...issued }] : [];
}

const DOORS = ['front', 'lobby-a', 'lobby-b', 'pool', 'gate'];

function siteOf(): unknown {
  const indexes = Array.from({ length: MEMBERS }, (_, index) => index);
  const door = (id: string) => ({ id, placeId: id === 'pool' ? 'pool' : 'gym', name: id, policy: 'plan' });
  return {
    format: 'genkan-site/1',
    site: { id: 's', name: 'Club', timezone: 'Asia/Tokyo', dayStart: '04:00', maxStayHours: 12 },
    stores: [
      {
        id: 'st',
        name: 'Store',
        bands: [
          { id: 'all', name: 'All', from: '00:00', to: '24:00' },
          { id: 'day', name: 'Day', from: '08:00', to: '18:00' },
          { id: 'night', name: 'Night', from: '18:00', to: '02:00' },
        ],
      },
    ],
    holidays: ['2026-11-03'],
    programs: [{ id: 'yoga', name: 'Yoga' }],
    places: ['gym', 'pool'].map((id) => ({ id, storeId: 'st', name: id, smaregiStoreId: null, fee: null })),
    doors: DOORS.map((id) => ({ ...door(id), admitsPlans: null, passback: id === 'pool' ? 'warn' : 'off' })),
    plans: [
      planOf('open', { mode: 'open' }),
      planOf('day', limits({ bandId: 'day', monthlyLimit: 3 }, { freeWithReservation: 'any' })),
      planOf('night', limits({ bandId: 'night', monthlyLimit: 5 })),
      planOf('ticket', { mode: 'ticket' }),
      planOf('phone', { mode: 'open' }),
    ],
    members: indexes.map(member),
    ticketTypes: [ticketType('perDay', 'day'), ticketType('perEntry', 'entry')],
    tickets: indexes.flatMap(ticketsOf),
    reservations: [1, 9, 17].map((index) => ({
      ...{ id: `r${index}`, memberId: `m${index}`, storeId: 'st', programId: 'yoga', status: 'booked' },
      ...{ start: '2026-11-02T03:00:00Z', end: '2026-11-02T05:00:00Z' },
    })),
    usage: [],
    ticketUses: [],
    stays: [],
  };
}

function configOf(): Config {
  const sim = { driver: 'sim' };
  const times = { pulseMs: PULSE_MS, maxPulseMs: MAX_PULSE_MS, scanTtlMs: SCAN_TTL_MS, repeatMs: REPEAT_MS };
  const reader = (id: string, direction: string, driver = 'sim') => ({ id, driver, direction });
  const bothWays = (id: string) => [reader(`${id}-in`, 'in'), reader(`${id}-out`, 'out')];
  const door = (id: string, more: object) => ({ id, lock: sim, heldAfterMs: HELD_AFTER_MS, ...times, ...more });
  const parsed = parseConfig({
    dataDir: 'data',
    doors: [
      door('front', {
        onStoreFailure: 'admit-known',
        readers: [...bothWays('front'), reader('front-cam', 'in', 'camera')],
        inputs: { contact: sim, exitButton: sim, fire: sim, tamper: sim },
        outputs: { buzzer: sim, admitted: sim, refused: sim },
      }),
      door('lobby-a', { interlockWith: 'lobby-b', readers: bothWays('lobby-a'), inputs: { contact: sim } }),
      door('lobby-b', { readers: bothWays('lobby-b'), inputs: { contact: sim, exitButton: sim } }),
      door('pool', { onDoubtfulClock: 'trust', readers: [reader('pool-both', 'toggle')] }),
      door('gate', {
        onDoubtfulClock: 'refuse',
        readers: bothWays('gate'),
        inputs: { contact: sim, exitButton: sim, tamper: sim },
        outputs: { buzzer: sim },
      }),
    ],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

function settingsOf(publicKey: KeyObject): unknown {
  const staff = (id: string, role: string) => ({ id, name: id, role, pinHash: '$argon2id$x' });
  const band = (order: string, from: string, to: string) => ({ do: order, from, to, holiday: 'as-weekday' });
  return {
    format: 'genkan-settings/1',
    tenant: TENANT,
    passKeys: [{ kid: 'k1', publicKey: publicKey.export({ format: 'jwk' }).x, from: '2026-01-01T00:00:00Z', to: null }],
    revokedPasses: [],
    staticCodesOff: ['phone'],
    staff: [staff(STAFF_ID, 'staff'), staff(MANAGER_ID, 'manager'), staff('tom', 'technician')],
    closedDays: [{ doorId: 'pool', dates: ['2026-11-05'] }],
    doorSchedules: [
      { doorId: 'gate', bands: [band('held-unlocked', '10:00', '11:30'), band('always-locked', '01:00', '05:00')] },
      { doorId: 'lobby-a', bands: [band('held-unlocked', '17:00', '17:20')] },
    ],
  };
}

/** The same at every call, but for the key that signs passes. */
export function makeClub(): Club {
  const site = parseSite(siteOf());
  if (!site.ok) throw new Error(JSON.stringify(site.error));
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const settings = parseSettings(settingsOf(publicKey), site.value);
  if (!settings.ok) throw new Error(JSON.stringify(settings.error));
  const people = site.value.members.map(({ id, codes, contracts }) => ({
    id,
    code: codes[0] ?? '',
    hasPass: contracts.some(({ planId }) => planId === 'phone'),
  }));
  return { site: site.value, settings: settings.value, config: configOf(), people, passKey: { kid: 'k1', privateKey } };
}
