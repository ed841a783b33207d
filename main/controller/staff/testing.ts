/** For tests: a whole unit with staff before it, and what the page's server asks of it. */
import { argon2Sync } from 'node:crypto';
import type { Person, StaffSource } from '../../api/staff-port.ts';
import { SimStaffSource } from '../../api/test-staff.ts';
import type { Settings } from '../../contract/settings.ts';
import { LogTail } from '../log.ts';
import { NO_HUB } from '../status.ts';
import { type Misfortune, NO_SETTINGS, TEST_SITE, TestAppliance } from '../testing.ts';
import { makeStaffSource } from './staff-source.ts';

export const PIN = '482915';
export const HOUR_MS = 3_600_000;

/** As others wrote it, of the least cost: a test has no PIN to guard. */
export function cheapHash(pin: string): string {
  const nonce = Buffer.from('salt of the test');
  const key = argon2Sync('argon2id', { message: pin, nonce, tagLength: 32, memory: 8, passes: 1, parallelism: 1 });
  const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=8,t=1,p=1$${text(nonce)}$${text(key)}`;
}

/** Everybody's PIN is `PIN`. */
export const STAFF: Settings['staff'] = (
  [
    ['sue', 'Sue Sakai', 'staff'],
    ['mia', 'Mia Mori', 'manager'],
    ['tom', 'Tom Toda', 'technician'],
  ] as const
).map(([id, name, role]) => ({ id, name, role, pinHash: cheapHash(PIN) }));

export const SUE: Person = { staffId: 'sue', name: 'Sue Sakai', role: 'staff' };
export const MIA: Person = { staffId: 'mia', name: 'Mia Mori', role: 'manager' };
export const TOM: Person = { staffId: 'tom', name: 'Tom Toda', role: 'technician' };

export interface StaffedUnit {
  readonly unit: TestAppliance;
  readonly staff: StaffSource;
  readonly log: LogTail;
}

interface Setting {
  /** null: none have been imported. */
  readonly team?: Settings['staff'] | null;
  readonly site?: typeof TEST_SITE;
  readonly door?: Readonly<Record<string, unknown>>;
  /** Whose store goes on. */
  readonly before?: StaffedUnit;
  readonly more?: Misfortune;
}

export async function startStaffed(setting: Setting = {}): Promise<StaffedUnit> {
  const { team = STAFF, site = TEST_SITE, door = {}, before, more = {} } = setting;
  const unit = new TestAppliance(site, door, 'none', before?.unit.store, more);
  if (before === undefined && team !== null) {
    const taken = unit.store.transact((writer) => writer.importSettings({ ...NO_SETTINGS, staff: team }));
    if (!taken.ok) throw new Error(taken.error.detail);
    unit.unit.site.reload();
  }
  await unit.start();
  const log = new LogTail();
  const { clock, store } = unit;
  const desk = makeStaffSource({ unit: unit.unit, hub: NO_HUB, store, clock, version: 'test', logTail: log });
  return { unit, log, staff: { ...desk, setup: new SimStaffSource().setup } };
}

let acts = 0;
/** A fresh act's id. */
export function act(): string {
  acts += 1;
  return `act-${String(acts).padStart(8, '0')}`;
}

/** Details of the events of a type. */
export function details({ unit }: StaffedUnit, type = 'staff'): readonly Readonly<Record<string, unknown>>[] {
  return unit.events(type).map(({ detail }) => detail);
}
