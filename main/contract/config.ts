/** The configuration file, `genkan.config.json`: every key checked, every mistake named by its path. */
import * as z from 'zod';
import { err, ok, type Result } from '../core/result.ts';
import { type DocumentError, documentErrors, pathText } from './issues.ts';
import { Id } from './values.ts';

const Milliseconds = z.int().min(1);

const SimLock = z.strictObject({ driver: z.literal('sim') });
const SerialRelay = z.strictObject({
  driver: z.literal('serial-relay'),
  protocol: z.literal('lcus').default('lcus'),
  path: z.string().min(1).max(4_096),
  baudRate: z.int().min(300).max(921_600).default(9_600),
  channel: z.int().min(1).max(8).default(1),
  query: z.boolean().default(false),
});
const LockConfig = z.discriminatedUnion('driver', [SimLock, SerialRelay]);

const readerBase = { id: Id, direction: z.enum(['in', 'out', 'toggle']).default('in') };
const ReaderConfig = z.discriminatedUnion('driver', [
  z.strictObject({ ...readerBase, driver: z.literal('sim') }),
  z.strictObject({ ...readerBase, driver: z.literal('camera') }),
  z.strictObject({ ...readerBase, driver: z.literal('wedge') }),
  z.strictObject({
    ...readerBase,
    driver: z.literal('serial'),
    path: z.string().min(1).max(4_096),
    baudRate: z.int().min(300).max(921_600).default(9_600),
    /** Silence that ends a code; null: only CR or LF does. */
    endSilenceMs: z.int().min(10).max(5_000).nullable().default(null),
  }),
]);
export type ReaderConfig = z.infer<typeof ReaderConfig>;

const InputConfig = z
  .strictObject({ driver: z.literal('sim') })
  .nullable()
  .default(null);

const DoorConfig = z.strictObject({
  id: Id,
  failMode: z.enum(['secure', 'safe']).default('secure'),
  pulseMs: Milliseconds.max(10_000).default(3_000),
  maxPulseMs: Milliseconds.max(10_000).default(10_000),
  scanTtlMs: Milliseconds.max(60_000).default(2_000),
  repeatMs: z.int().min(0).max(60_000).default(3_000),
  heldAfterMs: Milliseconds.max(86_400_000).default(30_000),
  onStoreFailure: z.enum(['refuse', 'admit-known']).default('refuse'),
  onDoubtfulClock: z.enum(['admit-open', 'trust', 'refuse']).default('admit-open'),
  interlockWith: Id.nullable().default(null),
  lock: LockConfig,
  readers: z.array(ReaderConfig).max(16),
  inputs: z
    .strictObject({
      contact: InputConfig,
      exitButton: z.null().default(null),
      fire: z.null().default(null),
      tamper: z.null().default(null),
    })
    .prefault({}),
});
export type DoorConfig = z.infer<typeof DoorConfig>;

export const Config = z.strictObject({
  dataDir: z.string().min(1).max(4_096),
  listen: z
    .strictObject({
      host: z.enum(['127.0.0.1', '::1']).default('127.0.0.1'),
      port: z.int().min(0).max(65_535).default(8_377),
    })
    .prefault({}),
  site: z.string().min(1).max(4_096).nullable().default(null),
  lan: z.null().default(null),
  hub: z.null().default(null),
  display: z
    .strictObject({
      name: z.enum(['none', 'initial', 'family', 'full']).default('none'),
      languages: z
        .array(z.enum(['ja', 'en', 'zh-Hans', 'ko']))
        .min(1)
        .max(4)
        .default(['ja', 'en']),
      helpPhone: z.string().max(40).nullable().default(null),
    })
    .prefault({}),
  doors: z.array(DoorConfig).min(1).max(64),
});
export type Config = z.infer<typeof Config>;

/** Reads a configuration from parsed JSON; the errors, at most 100, in the order of the document. */
export function parseConfig(json: unknown): Result<Config, readonly DocumentError[]> {
  const form = Config.safeParse(json);
  if (!form.success) return err(documentErrors(form.error));
  const errors = crossErrors(form.data);
  return errors.length > 0 ? err(errors) : ok(form.data);
}

function crossErrors({ doors }: Config): DocumentError[] {
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
  return errors;
}

/** Doors of the configuration that the site doesn't have. */
export function unknownDoors({ doors }: Config, siteDoors: ReadonlySet<string>): DocumentError[] {
  return doors.flatMap(({ id }, index) =>
    siteDoors.has(id) ? [] : [{ path: pathText(['doors', index, 'id']), expected: 'the id of a door of the site' }],
  );
}
