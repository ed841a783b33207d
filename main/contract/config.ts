/** The configuration file, `genkan.config.json`: every key checked, every mistake named by its path. */
import * as z from 'zod';
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
