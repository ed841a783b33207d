/** The configuration file, `genkan.config.json`: every key checked, every mistake named by its path. */
import * as z from 'zod';
import { err, ok, type Result } from '../core/result.ts';
import { deviceErrors, InputsConfig, LockConfig, OutputsConfig, ReaderConfig } from './devices.ts';
import { Flag, IdText, intOf, objectOf, oneOf, textOf } from './fields.ts';
import { type DocumentError, documentErrors, pathText } from './issues.ts';
import { LanConfig, lanErrors } from './lan.ts';
import { PlaceCodeConfig } from './member-ways.ts';

const FileName = textOf(4_096).min(1, 'a path that is not empty');
/** Whoever the unit was paired with may have another address by now; its key proves that it is the same hub. */
const HubConfig = objectOf({
  url: textOf(2_000).min(1, 'an address such as https://hub.example'),
  /** SHA-256 of the only certificate's public key (SPKI) that is taken, base64; null: the system's roots decide. */
  pin: textOf(44).nullable().default(null),
});

const READERS = 'a list of at most 16 readers';
const DoorConfig = objectOf({
  id: IdText,
  failMode: oneOf(['secure', 'safe']).default('secure'),
  pulseMs: intOf(1, 10_000).default(3_000),
  /** A hold is renewed at half of it. */
  maxPulseMs: intOf(100, 10_000).default(10_000),
  scanTtlMs: intOf(1, 60_000).default(2_000),
  repeatMs: intOf(0, 60_000).default(3_000),
  heldAfterMs: intOf(1, 86_400_000).default(30_000),
  onStoreFailure: oneOf(['refuse', 'admit-known']).default('refuse'),
  onDoubtfulClock: oneOf(['admit-open', 'trust', 'refuse']).default('admit-open'),
  /** The other door of a pair that is never open at once; one of the two names it, or each the other. */
  interlockWith: IdText.nullable().default(null),
  /** The place's code on the kiosk, for checking in by phone. */
  placeCode: PlaceCodeConfig.nullable().default(null),
  lock: LockConfig,
  readers: z.array(ReaderConfig, READERS).max(16, READERS),
  inputs: InputsConfig.prefault({}),
  outputs: OutputsConfig.prefault({}),
});

export type { ReaderConfig } from './devices.ts';
export type DoorConfig = z.infer<typeof DoorConfig>;

const DOORS = 'a list of 1 to 64 doors';
const LANGUAGES = 'a list of 1 to 4 of ja, en, zh-Hans, ko';
export const Config = objectOf({
  dataDir: FileName,
  listen: objectOf({
    host: oneOf(['127.0.0.1', '::1']).default('127.0.0.1'),
    port: intOf(0, 65_535).default(8_377),
  }).prefault({}),
  site: FileName.nullable().default(null),
  /** Taken in where the unit has none yet and no hub. */
  settings: FileName.nullable().default(null),
  lan: LanConfig.nullable().default(null),
  hub: HubConfig.nullable().default(null),
  display: objectOf({
    name: oneOf(['none', 'initial', 'family', 'full']).default('none'),
    languages: z
      .array(oneOf(['ja', 'en', 'zh-Hans', 'ko']), LANGUAGES)
      .min(1, LANGUAGES)
      .max(4, LANGUAGES)
      .default(['ja', 'en']),
    helpPhone: textOf(40).nullable().default(null),
    /** What is touched stays low on the screen, always. */
    reach: Flag.default(false),
  }).prefault({}),
  doors: z.array(DoorConfig, DOORS).min(1, DOORS).max(64, DOORS),
});
export type Config = z.infer<typeof Config>;

/** Reads a configuration from parsed JSON; the errors, at most 100, in the order of the document. */
export function parseConfig(json: unknown): Result<Config, readonly DocumentError[]> {
  const form = Config.safeParse(json);
  if (!form.success) return err(documentErrors(form.error));
  const errors = crossErrors(form.data);
  return errors.length > 0 ? err(errors) : ok(form.data);
}

function crossErrors({ doors, lan }: Config): DocumentError[] {
  const errors: DocumentError[] = [];
  const doorIds = new Set<string>();
  const readerIds = new Set<string>();
  for (const [index, door] of doors.entries()) {
    const path = ['doors', index];
    if (doorIds.has(door.id))
      errors.push({ path: pathText([...path, 'id']), expected: 'a door id that stands only once' });
    doorIds.add(door.id);
    if (door.pulseMs > door.maxPulseMs) {
      errors.push({
        path: pathText([...path, 'pulseMs']),
        expected: `at most maxPulseMs, which is ${door.maxPulseMs}`,
      });
    }
    for (const [place, { id }] of door.readers.entries()) {
      const expected = 'a reader id that stands only once in the file';
      if (readerIds.has(id)) errors.push({ path: pathText([...path, 'readers', place, 'id']), expected });
      readerIds.add(id);
    }
  }
  return [...errors, ...deviceErrors(doors), ...interlockErrors(doors), ...lanErrors(lan, readerIds)];
}

/** Pairs only: a door that is named by a second one would bar both. */
function interlockErrors(doors: readonly DoorConfig[]): DocumentError[] {
  return doors.flatMap(({ id, interlockWith }, index) => {
    if (interlockWith === null) return [];
    const partner = doors.find((door) => door.id === interlockWith && door.id !== id);
    const others = doors.filter((door) => door.id !== id && door.interlockWith === interlockWith);
    const isPair = partner !== undefined && others.length === 0 && (partner.interlockWith ?? id) === id;
    const expected = 'the id of another door of this file that is in no other pair';
    return isPair ? [] : [{ path: pathText(['doors', index, 'interlockWith']), expected }];
  });
}

/** Doors of the configuration that the site doesn't have. */
export function unknownDoors({ doors, lan }: Config, siteDoors: ReadonlySet<string>): DocumentError[] {
  const named = [
    ...doors.map(({ id }, index) => ({ id, path: ['doors', index, 'id'] })),
    ...(lan?.terminals ?? []).map(({ doorId }, index) => ({ id: doorId, path: ['lan', 'terminals', index, 'doorId'] })),
  ];
  return named.flatMap(({ id, path }) =>
    siteDoors.has(id) ? [] : [{ path: pathText(path), expected: 'the id of a door of the site' }],
  );
}
