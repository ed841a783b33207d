/**
 * What technicians see and do through the kiosk's page: parts found, named and tested, a configuration written, a site
 * loaded, a report made. Times are epoch milliseconds. What a reader read never comes here: its length and a mask do.
 */
import * as z from 'zod';
import { Id, Instant } from './values.ts';

/** What a device does at a door. */
export const PART_ROLES = [
  'lock',
  'reader',
  'contact',
  'exitButton',
  'fire',
  'tamper',
  'buzzer',
  'admitted',
  'refused',
] as const;
export const PartRole = z.enum(PART_ROLES);
export type PartRole = z.infer<typeof PartRole>;

/** Why a part doesn't serve, as drivers have it, or why something found can't be used yet. The page has the words. */
export const PART_TODOS = [
  'absent',
  'unplugged',
  'busy',
  'not-a-device',
  'no-answer',
  'flooding',
  'failed',
  'permission',
  'no-stable-name',
] as const;
export const PartTodo = z.enum(PART_TODOS);
export type PartTodo = z.infer<typeof PartTodo>;

const Text = z.string().max(1_000);
const DeviceKey = z.string().regex(/^[A-Za-z]{1,40}$/);
/** A device as the configuration has it, unchecked: the whole configuration is checked with it. */
export const DeviceDraft = z
  .record(DeviceKey, z.union([z.string().max(4_096), z.number(), z.boolean(), z.null()]))
  .refine((device) => Object.keys(device).length <= 20);
export type DeviceDraft = z.infer<typeof DeviceDraft>;

export const ConfigChange = z.discriminatedUnion('do', [
  /** `reader`: the id of the reader to replace or to add; null for other roles. A lock may bring a door of the site in. */
  z.strictObject({ do: z.literal('set'), door: Id, role: PartRole, reader: Id.nullable(), device: DeviceDraft }),
  z.strictObject({ do: z.literal('remove'), door: Id, role: PartRole, reader: Id.nullable() }),
  z.strictObject({ do: z.literal('rename-door'), door: Id, to: Id }),
  z.strictObject({ do: z.literal('remove-door'), door: Id }),
]);
export type ConfigChange = z.infer<typeof ConfigChange>;
export const ConfigChanges = z.array(ConfigChange).max(100);

/** What came from a reader: `mask` shows at most a quarter of a long code, nothing of a short one. */
export const Echo = z.strictObject({ at: Instant, length: z.int(), mask: z.string().max(80), times: z.int() });
export type Echo = z.infer<typeof Echo>;

export const SetupPart = z.strictObject({
  id: z.string().max(2_100),
  door: Id,
  role: PartRole,
  /** A reader's id. */
  reader: Id.nullable(),
  driver: z.string().max(40),
  /** Where it is: a path, a chip and line, USB ids. */
  where: Text,
  ok: z.boolean(),
  detail: Text,
  todo: PartTodo.nullable(),
  /** An input's level: true is active. null: not known, or no input. */
  level: z.boolean().nullable(),
  changes: z.int(),
  changedAt: Instant.nullable(),
  echo: Echo.nullable(),
});
export type SetupPart = z.infer<typeof SetupPart>;

export const PULSE_STEPS = ['recorded', 'energised', 'opened', 'rested', 'closed'] as const;
/** A pulse that was asked for: what was seen, with the time since it was asked. */
export const Pulse = z.strictObject({
  door: Id,
  at: Instant,
  steps: z.array(z.strictObject({ step: z.enum(PULSE_STEPS), ms: z.int() })).max(10),
  state: z.enum(['running', 'done', 'failed']),
});
export type Pulse = z.infer<typeof Pulse>;

export const TestResult = z.strictObject({
  at: Instant,
  /** The part's id, or `clock`, `hub`, `site`. */
  part: z.string().max(2_100),
  test: z.enum(['echo', 'level', 'pulse', 'camera', 'clock', 'site', 'hub', 'config', 'swap']),
  ok: z.boolean(),
  /** Figures: `3002 ms`, `87 %`. Nothing of a person. */
  detail: z.string().max(200),
  staffId: Id,
});
export type TestResult = z.infer<typeof TestResult>;

export const SetupView = z.strictObject({
  at: Instant,
  unitId: z.string().max(100),
  epoch: z.int(),
  doors: z
    .array(z.strictObject({ id: Id, name: Text, configured: z.boolean(), inSite: z.boolean(), pulseMs: z.int() }))
    .max(1_000),
  parts: z.array(SetupPart).max(1_000),
  pulse: Pulse.nullable(),
  tests: z.array(TestResult).max(200),
  /** Readers listen for a pairing code until then; null: they don't. */
  pairingUntil: Instant.nullable(),
  /** How pairing stands. */
  pairing: z.enum(['none', 'waiting', 'asking', 'paired', 'refused', 'not-here']),
  /** The configuration in use: the first 12 digits of its SHA-256. */
  configDigest: z.string().max(64),
  /** The configuration before this one did not go away: the new one would not start. null: nothing of the kind. */
  wentBack: z.array(Text).max(20).nullable(),
});
export type SetupView = z.infer<typeof SetupView>;

export const FOUND_KINDS = [
  'serial',
  'scanner',
  'keyboard',
  'relay-board',
  'gpio',
  'camera',
  'page-keys',
  'sim',
] as const;
/** A device of the machine, configured or not. */
export const Found = z.strictObject({
  id: z.string().max(4_200),
  kind: z.enum(FOUND_KINDS),
  title: Text,
  where: Text,
  todo: PartTodo.nullable(),
  /** The configured parts that it serves. */
  usedBy: z.array(z.string().max(2_100)).max(100),
  /** What it can be, each with what would be written. */
  offers: z.array(z.strictObject({ role: PartRole, device: DeviceDraft })).max(PART_ROLES.length),
  /** A GPIO chip's free lines. */
  lines: z.array(z.strictObject({ offset: z.int(), name: z.string().max(100) })).max(128),
});
export type Found = z.infer<typeof Found>;

const Lines = z.array(Text).max(100);
/** Why it was not done. `refused`: `lines` say what is wrong. */
export const SETUP_FAULTS = [
  'refused',
  'no-door',
  'lock',
  'fire',
  'busy',
  'store',
  'no-file',
  'no-hub',
  'no-fonts',
  'no-space',
  /** A file wants its passphrase. */
  'sealed',
  'wrong-passphrase',
  /** Too many wrong ones: `lines` has how long to wait. */
  'wait',
] as const;
export const SetupFault = z.enum(SETUP_FAULTS);
export type SetupFault = z.infer<typeof SetupFault>;

export function setupAnswer<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion('ok', [
    z.strictObject({ ok: z.literal(true), value }),
    z.strictObject({ ok: z.literal(false), fault: SetupFault, lines: Lines }),
  ]);
}
export const SetupDone = setupAnswer(z.null());

export const FindOutput = setupAnswer(z.array(Found).max(500));
export const ChangesInput = z.strictObject({ changes: ConfigChanges });
/** The whole configuration as it would be written. */
export const TryOutput = setupAnswer(z.strictObject({ text: z.string().max(262_144) }));
export const PulseInput = z.strictObject({ door: Id });
export const NoteInput = TestResult.pick({ part: true, test: true, ok: true, detail: true });
/** `text`: what the page's camera saw, or what was typed, `https://hub.example#CODE`; null: listen on all readers. */
export const PairInput = z.strictObject({ text: z.string().max(512).nullable() });

export const MEDIA_KINDS = ['site', 'settings', 'signed', 'config', 'unit', 'other'] as const;
export const MediaFile = z.strictObject({
  path: z.string().max(4_096),
  name: Text,
  /** Where it is mounted. */
  medium: Text,
  /** Of what is inside, where it is sealed. */
  kind: z.enum(MEDIA_KINDS),
  sealed: z.boolean(),
  bytes: z.int(),
  modifiedAt: Instant,
});
export type MediaFile = z.infer<typeof MediaFile>;
export const MediaOutput = setupAnswer(
  z.strictObject({
    media: z.array(z.strictObject({ path: Text, writable: z.boolean() })).max(20),
    files: z.array(MediaFile).max(200),
  }),
);
export const Path = z.string().min(1).max(4_096);
/** Of sealed files; null: nobody was asked for one yet. */
const Passphrase = z.string().max(512).nullable().default(null);
/** `changes`: how this unit's doors become those of the file. */
export const ImportInput = z.strictObject({ path: Path, changes: ConfigChanges, passphrase: Passphrase });
/** `doors`: those of the file; `unknown`: configured ones that it doesn't have. Nothing was changed where there are any. */
export const ImportOutput = setupAnswer(
  z.strictObject({
    line: Text,
    doors: z.array(z.strictObject({ id: Id, name: Text })).max(1_000),
    unknown: z.array(Id).max(64),
  }),
);
/** `config` null: this unit's own. `unit` null: nobody knows the old unit's last state. */
export const SwapInput = z.strictObject({
  site: Path,
  settings: Path.nullable(),
  config: Path.nullable(),
  unit: Path.nullable(),
  passphrase: Passphrase,
});
export const SwapOutput = setupAnswer(z.strictObject({ lines: Lines }));
/** Writes what a new unit needs to take this one's place. */
export const SwapStickInput = z.strictObject({ medium: Path });
/** `code` opens what is of members in it: shown once, kept nowhere. */
export const SwapStickOutput = setupAnswer(z.strictObject({ lines: Lines, code: z.string().max(40) }));

export const ClockView = z.strictObject({
  wall: Instant,
  timezone: z.string().max(100),
  trust: z.enum(['synced', 'held', 'doubtful']),
  doubt: z.enum(['before-build', 'before-record', 'unconfirmed', 'jumped', 'long-unset']).nullable(),
  ntp: z.boolean(),
  /** A clock that runs on without power. */
  battery: z.boolean(),
  trustedAt: Instant,
  builtAt: Instant,
});
export type ClockView = z.infer<typeof ClockView>;
export const ClockOutput = setupAnswer(ClockView);

export const REPORT_LANGUAGES = ['ja', 'en', 'zh-Hans', 'ko'] as const;
export const ReportInput = z.strictObject({ language: z.enum(REPORT_LANGUAGES), medium: Path.nullable() });
/** `copied`: also on the medium; null: none was asked for, or it could not be written. */
export const ReportOutput = setupAnswer(z.strictObject({ names: z.array(Text).max(4), copied: Text.nullable() }));
export const ReportName = z.string().regex(/^[A-Za-z0-9._-]{1,120}\.(?:pdf|json)$/);
export const ReportsOutput = setupAnswer(
  z.array(z.strictObject({ name: ReportName, bytes: z.int(), at: Instant })).max(100),
);
export const ReadReportInput = z.strictObject({ name: ReportName, offset: z.int().min(0) });
/** 48 kB at a time, base64. `next` null: that was the end. */
export const ReadReportOutput = setupAnswer(z.strictObject({ data: z.string().max(70_000), next: z.int().nullable() }));
