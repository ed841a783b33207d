/**
 * `genkan-settings/1`: what a unit needs beside the site bundle, in a document of the same discipline: unknown and
 * missing keys are errors, lists may be left out and are then empty, it is taken whole or not at all.
 */
import * as z from 'zod';
import type { MasterData } from '../core/model.ts';
import { err, ok, type Result } from '../core/result.ts';
import { parseInstant } from '../core/time/instant.ts';
import {
  DateText,
  EndOfBand,
  IdText,
  InstantText,
  listOf,
  objectOf,
  oneOf,
  TimeOfDay,
  textOf,
  Weekdays,
} from './fields.ts';
import { type DocumentError, documentErrors, pathText } from './issues.ts';
import { CarryOverSettings, ProvisionalSettings } from './member-ways.ts';

const KEY = 'an Ed25519 public key: 32 bytes in base64url';
const PASS_ID = 'the id of a pass: 1 to 16 bytes in hex';
const PIN_HASH = 'an argon2id hash, beginning with $argon2id$';

const PassKey = objectOf({
  /** Named in each pass that it signed. */
  kid: IdText,
  publicKey: z.string(KEY).regex(/^[A-Za-z0-9_-]{43}$/, KEY),
  from: InstantText,
  to: InstantText.nullable(),
}).refine(({ from, to }) => to === null || (parseInstant(to) ?? 0) > (parseInstant(from) ?? 0), {
  path: ['to'],
  error: 'a time after from, or null',
});

export const StaffForm = objectOf({
  id: IdText,
  name: textOf(200),
  role: oneOf(['staff', 'manager', 'technician']),
  pinHash: z.string(PIN_HASH).max(300, PIN_HASH).startsWith('$argon2id$', PIN_HASH),
});

/** Hours of a door, by local time; those after midnight belong to the day on which they began. */
const ScheduleBand = objectOf({
  do: oneOf(['held-unlocked', 'always-locked']),
  weekdays: Weekdays.default(null),
  from: TimeOfDay,
  to: EndOfBand,
  /** As for a plan's bands. `closed`: not on a holiday. */
  holiday: oneOf(['closed', 'as-weekday', 'always', 'if-weekday']).default('closed'),
});

export const SettingsForm = objectOf({
  format: z.literal('genkan-settings/1', 'genkan-settings/1'),
  /** Whose passes are taken; null: no passes here. */
  tenant: IdText.nullable(),
  passKeys: listOf(PassKey),
  /** Ids of single passes that are taken no more. */
  revokedPasses: listOf(z.string(PASS_ID).regex(/^(?:[0-9a-f]{2}){1,16}$/i, PASS_ID)),
  /** Plans whose members' printed or static codes don't open: they need a pass. */
  staticCodesOff: listOf(IdText),
  staff: listOf(StaffForm),
  /** Days on which a door lets nobody in. */
  closedDays: listOf(objectOf({ doorId: IdText, dates: listOf(DateText) })),
  /** When a door is held unlocked, or lets nobody in; a closed day goes before, and always-locked before held-unlocked. */
  doorSchedules: listOf(objectOf({ doorId: IdText, bands: listOf(ScheduleBand) })),
  /** Members of before may carry their membership over at the kiosk; null: not here. */
  carryOver: CarryOverSettings.nullable().default(null),
  /** Newcomers may take a provisional card at the kiosk; null: not here. */
  provisionalCards: ProvisionalSettings.nullable().default(null),
  /** Whether the hub makes tickets and cards that units have issued its own as they come (also where this is left out). */
  handovers: oneOf(['at-once', 'by-hand']).optional(),
});
export type Settings = z.infer<typeof SettingsForm>;

/** @param site the site that the settings are for, since they refer to its plans and doors */
export function parseSettings(json: unknown, site: MasterData): Result<Settings, readonly DocumentError[]> {
  const form = SettingsForm.safeParse(json);
  if (!form.success) return err(documentErrors(form.error));
  const settings = form.data;
  const plans = new Set(site.plans.map(({ id }) => id));
  const doors = new Set(site.doors.map(({ id }) => id));
  const scheduled = settings.doorSchedules.map(({ doorId }) => doorId);
  const closed = settings.closedDays.map(({ doorId }) => doorId);
  const provisionalPlans = settings.provisionalCards === null ? [] : [settings.provisionalCards.planId];
  const errors = [
    ...repeated(settings.passKeys.map(({ kid }) => kid)).map((at) =>
      finding(['passKeys', at, 'kid'], 'a kid that stands only once'),
    ),
    ...repeated(settings.staff.map(({ id }) => id)).map((at) =>
      finding(['staff', at, 'id'], 'an id that stands only once'),
    ),
    ...repeated(closed).map((at) => finding(['closedDays', at, 'doorId'], 'a door that stands only once')),
    ...missing(settings.staticCodesOff, plans).map((at) => finding(['staticCodesOff', at], 'the id of a plan')),
    ...repeated(scheduled).map((at) => finding(['doorSchedules', at, 'doorId'], 'a door that stands only once')),
    ...missing(scheduled, doors).map((at) => finding(['doorSchedules', at, 'doorId'], 'the id of a door')),
    ...missing(closed, doors).map((at) => finding(['closedDays', at, 'doorId'], 'the id of a door')),
    ...missing(provisionalPlans, plans).map(() => finding(['provisionalCards', 'planId'], 'the id of a plan')),
  ];
  return errors.length > 0 ? err(errors) : ok(settings);
}

function finding(path: readonly PropertyKey[], expected: string): DocumentError {
  return { path: pathText(path), expected };
}

function repeated(keys: readonly string[]): number[] {
  return keys.flatMap((key, index) => (keys.indexOf(key) < index ? [index] : []));
}

function missing(ids: readonly string[], known: ReadonlySet<string>): number[] {
  return ids.flatMap((id, index) => (known.has(id) ? [] : [index]));
}
