/**
 * What the kiosk's page and the controller say to each other: tRPC over WebSocket on loopback, every input and every
 * message bounded and checked. Times are epoch milliseconds; the page writes them in `status.site.timezone`.
 */
import * as z from 'zod';
import { WaysMessage } from './member-ways.ts';
import { Id, Instant, ReaderText, Reason, Warning } from './values.ts';

const Names = z.strictObject({
  /** As `display.name` lets it be shown: null, an initial, the family name, or all of it. */
  member: z.string().max(200).nullable(),
  plan: z.string().max(200).nullable(),
  band: z.string().max(200).nullable(),
  ticket: z.string().max(200).nullable(),
  program: z.string().max(200).nullable(),
});

/** `Remedy` of `main/core/remedy.ts` with the names that the page needs to say it. */
export const RemedyMessage = z.strictObject({
  opensAt: Instant.nullable(),
  /** Noon, site time, of the day from which a contract holds. */
  startsOn: Instant.nullable(),
  limit: z.strictObject({ used: z.int(), limit: z.int(), renewsOn: Instant }).nullable(),
  /** On offer: `choose` spends one. `after`: uses left then. */
  tickets: z.array(z.strictObject({ ticketId: Id, name: z.string(), remaining: z.int(), after: z.int() })).max(8),
  stores: z.array(z.string()).max(3),
  doors: z.array(z.string()).max(8),
  insideSince: Instant.nullable(),
});
export type RemedyMessage = z.infer<typeof RemedyMessage>;

/** A scan was judged. `event` is its number in the record; below 0 while the record can't be written. */
export const DecisionMessage = z.strictObject({
  kind: z.literal('decision'),
  event: z.int(),
  at: Instant,
  doorId: Id,
  readerId: Id.nullable(),
  direction: z.enum(['in', 'out']),
  granted: z.boolean(),
  reason: Reason,
  alert: z.enum(['none', 'warning', 'error']),
  warnings: z.array(Warning).max(4),
  remaining: z.int().nullable(),
  names: Names,
  stay: z.strictObject({ minutes: z.int(), fee: z.int() }).nullable(),
  /** Leaving late: when it stopped being in time. */
  overstayUntil: Instant.nullable(),
  /** Only on a refusal. */
  remedy: RemedyMessage.nullable(),
});
export type DecisionMessage = z.infer<typeof DecisionMessage>;

/** An entry was turned away unjudged, and used nothing up: by the lock, the record, or an order for the door. */
export const UnjudgedMessage = z.strictObject({
  kind: z.literal('unjudged'),
  event: z.int(),
  at: Instant,
  doorId: Id,
  readerId: Id,
  why: z.enum(['lock-away', 'store-failure', 'interlock', 'closed', 'lockdown', 'fire']),
});
export type UnjudgedMessage = z.infer<typeof UnjudgedMessage>;

/** What the door then did for the event `of`: `silent` = commanded, but the relay or the contact did not follow. */
export const OutcomeMessage = z.strictObject({
  kind: z.literal('outcome'),
  of: z.int(),
  doorId: Id,
  outcome: z.enum(['opened', 'unused', 'silent', 'unknown']),
});
export type OutcomeMessage = z.infer<typeof OutcomeMessage>;

const DoorState = z.enum([
  'locked',
  'unlocking',
  'open',
  'closing',
  'held-unlocked',
  'lockdown',
  'closed',
  'fire',
  'fault',
  'starting',
]);
export const DOOR_ALARMS = ['forced', 'held', 'tamper', 'lock', 'fire'] as const;
/** Nothing at the door ends them: they stand until somebody takes them. `help`: a member calls for staff. */
export const UNTIL_TAKEN_ALARMS = ['give-backs', 'help'] as const;
const DoorAlarm = z.enum(DOOR_ALARMS);

const DeviceMessage = z.strictObject({
  id: z.string().max(100),
  door: Id,
  kind: z.enum(['lock', 'reader', 'contact', 'exitButton', 'fire', 'tamper', 'output']),
  driver: z.string().max(40),
  ok: z.boolean(),
});

/** The simulated door as the dock draws it; in the demo and in development only. */
const SimulatedDoor = z.strictObject({
  door: Id,
  energised: z.boolean(),
  leaf: z.enum(['shut', 'open', 'held']),
  plugged: z.boolean(),
});

/** A member of the demo's staff with the PIN that signs them in. */
export const DemoPin = z.strictObject({
  name: z.string().max(200),
  role: z.enum(['staff', 'manager', 'technician']),
  pin: z.string().max(8),
});

/** The whole picture; sent at once, then at every change. */
export const StatusMessage = z.strictObject({
  kind: z.literal('status'),
  version: z.string(),
  site: z.strictObject({ name: z.string(), timezone: z.string() }),
  languages: z
    .array(z.enum(['ja', 'en', 'zh-Hans', 'ko']))
    .min(1)
    .max(4),
  helpPhone: z.string().max(40).nullable(),
  /** What is touched stays low on the screen, always. */
  reach: z.boolean(),
  /** Whoever is refused may call staff: there are some. Left out: no. */
  staffCall: z.boolean().optional(),
  /** What members may do here besides holding up a code. */
  ways: WaysMessage,
  clock: z.enum(['synced', 'held', 'doubtful']),
  /** Why the clock is doubtful, for who is to confirm the time shown; null unless it is. */
  doubt: z.enum(['before-build', 'before-record', 'unconfirmed', 'jumped', 'long-unset']).nullable(),
  /** The record can be written. */
  store: z.enum(['works', 'fails']),
  degraded: z.boolean(),
  /** null: there is none. */
  hub: z
    .strictObject({
      state: z.enum(['unpaired', 'away', 'snapshot', 'live', 'revoked']),
      /** Since the last contact at which all was applied; null: there was none. */
      dataAgeSeconds: z.int().min(0).nullable(),
      /** Events that the hub doesn't have. */
      queue: z.int().min(0),
      /** Of a first sync; null: none is under way. */
      progress: z.strictObject({ rows: z.int().min(0), of: z.int().min(0) }).nullable(),
    })
    .nullable(),
  doors: z
    .array(
      z.strictObject({
        id: Id,
        name: z.string(),
        state: DoorState,
        /** What the door does about it: the configuration's. */
        onDoubtfulClock: z.enum(['admit-open', 'trust', 'refuse']),
        onStoreFailure: z.enum(['refuse', 'admit-known']),
        alarms: z.array(DoorAlarm).max(5),
        /** Reader ids through which the page itself may hand in codes. */
        camera: Id.nullable(),
        wedge: Id.nullable(),
        /** The kinds of the place's code that this door's kiosk shows. */
        placeCode: z.array(z.enum(['app', 'url'])).max(2),
      }),
    )
    .max(64),
  devices: z.array(DeviceMessage).max(512),
  /** Those that stand; the page sounds while one isn't taken. Left out: none. */
  alarms: z
    .array(
      z.strictObject({
        id: z.string(),
        doorId: Id,
        alarm: z.enum([...DOOR_ALARMS, ...UNTIL_TAKEN_ALARMS]),
        since: Instant,
        /** Somebody of the staff looks after it. */
        taken: z.boolean(),
      }),
    )
    .max(400)
    .optional(),
  /** null outside the demo. Member ids and what they show, so that a newcomer can present one. */
  demo: z
    .strictObject({
      doors: z.array(SimulatedDoor),
      readers: z.array(Id),
      /** Makes the first manager; null: there is one. Left out: not known. */
      setupCode: z.string().max(8).nullable().optional(),
      /** Whose PINs those of the demo's staff are. Left out: there are none. */
      pins: z.array(DemoPin).max(12).optional(),
      samples: z
        .array(z.strictObject({ code: z.string(), label: z.strictObject({ ja: z.string(), en: z.string() }) }))
        .max(24),
    })
    .nullable(),
});
export type StatusMessage = z.infer<typeof StatusMessage>;

export const PageMessage = z.discriminatedUnion('kind', [
  StatusMessage,
  DecisionMessage,
  UnjudgedMessage,
  OutcomeMessage,
]);
export type PageMessage = z.infer<typeof PageMessage>;

/** A code that the page's camera or key-wedge saw. */
export const ScanInput = z.strictObject({ reader: Id, text: ReaderText });
export type ScanInput = z.infer<typeof ScanInput>;

/** `taken: false`: no such page reader, or codes come faster than anybody can hold them up. */
export const ScanOutput = z.strictObject({ taken: z.boolean() });

/** Somebody at the door calls for staff. */
export const CallStaffInput = z.strictObject({ door: Id });
export type CallStaffInput = z.infer<typeof CallStaffInput>;

/** `called: false`: there is no such door, or nobody to call. */
export const CallStaffOutput = z.strictObject({ called: z.boolean() });

/** The member wants to spend a ticket that the refusal `event` offered. */
export const ChooseInput = z.strictObject({ event: z.int(), ticketId: Id });
export type ChooseInput = z.infer<typeof ChooseInput>;

/** `taken: false`: it isn't on offer any more; nothing was spent. The decision comes as a message. */
export const ChooseOutput = z.strictObject({ taken: z.boolean() });

/** `POST /demo/scan` and `POST /demo/door`, for simulated devices alone. */
export const DemoScanInput = z.strictObject({ reader: Id, code: ReaderText });
export const DemoDoorInput = z.strictObject({ id: Id, do: z.enum(['open', 'force', 'hold', 'unplug', 'replug']) });
export type DemoDoorInput = z.infer<typeof DemoDoorInput>;
