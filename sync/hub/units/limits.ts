import { WIRE } from '../../wire/limits.ts';

/** What one unit, and all of them together, may ask of a hub process. */
export const HUB_LIMITS = {
  /** Connections of one process. */
  connections: 20_000,
  /** Connections from one address, and those of them that haven't said who they are. */
  perAddress: 256,
  strangersPerAddress: 64,
  /** Tries to pair from one address in a minute. */
  pairingsPerMinute: 20,
  /** Messages a second, in the long run and at once. */
  messagesPerSecond: 200,
  messagesAtOnce: 2_000,
  /** Bytes a second, in the long run and at once: a month of events goes up in one go. */
  bytesPerSecond: 8 * 1_048_576,
  bytesAtOnce: 96 * 1_048_576,
  /** Messages and bytes that wait for their turn; above, no more is read from the connection. */
  waitingMessages: 32,
  waitingBytes: 2 * WIRE.messageBytes,
  /** Bytes sent and not gone out yet, above which no more rows are sent to a connection. */
  unsentBytes: 1_048_576,
  /** Somebody who takes nothing of what waits for this long is too slow. */
  stuckMs: 20_000,
  /** Somebody who doesn't take one message of rows within this time is too slow: half a kB a second would do. */
  partMs: 120_000,
  /** Snapshots on their way at the same time. */
  snapshots: 16,
  /** Rows of a page of a snapshot. */
  pageRows: WIRE.changes,
  /** More changes than this are a snapshot. */
  deltaRows: 5_000,
  /** Characters of changes in one message: a unit parses each in one go, and somebody may stand at its door. */
  partLength: 64_000,
  /**
   * The same in a message of a delta, and of what goes out in one write: a connection over TLS keeps a buffer for as long
   * as it stands, of 16 kB up to here, and above as large as its largest write.
   */
  deltaLength: 15_000,
  togetherLength: 16_000,
  /** The time between two rounds of deltas of a tenant, at least and at most. */
  roundMs: { least: 50, most: 1_000 },
  /** Deltas a second, in the long run and at once. Above, what events have changed goes out as rarely as may be. */
  deltasPerSecond: 2_000,
  deltasAtOnce: 4_000,
  /** Pings a second that are answered at once; above, with the next message or after this long. */
  pongsPerSecond: 500,
  pongsAtOnce: 500,
  soonMs: 2_000,
  /** What events have changed waits so long for a message to go with where there is much of it. */
  deltaSoonMs: 1_000,
  /** Gathering of events before a commit: how long at most, until how many bytes, and how many batches and bytes at most. */
  gatherMs: 25,
  gatheredBytes: 262_144,
  gatherBatches: 2_000,
  gatherBytes: 16 * 1_048_576,
  /** Judging: tenants and events of one turn, which takes some 10 ms. */
  judgeTenants: 16,
  judgeEvents: 64,
  /** While events wait to be made durable it rests so many times as long as a turn took; behind for so long, once. */
  judgeRests: 9,
  /** A turn that was held up is no reason to rest for long. */
  judgeRestMs: 1_000,
  judgeLateMs: 10_000,
  /** How often it is looked whether another process has left something. */
  judgeLookMs: 5_000,
  /** Whoever gave a command waits this long for what the unit says. */
  commandMs: 10_000,
  openEveryMs: 5_000,
  /** Between the two notices of a revoked unit. */
  noticeMs: 86_400_000,
  /** How often it is looked who was revoked and is here all the same. */
  revokedLookMs: 10_000,
  /** How often it is looked who is silent, slow or late. */
  sweepMs: 1_000,
  /** How often it is written down when units were heard, and of how many at once: events wait meanwhile. */
  seenMs: 5_000,
  seenUnits: 1_000,
  /** `refresh` of one connection: at once, and a second. */
  refreshes: { atOnce: 20, perSecond: 2 },
} as const;

/** So that tests needn't wait a minute. */
export type HubLimits = { readonly [K in keyof typeof HUB_LIMITS]: Widened<(typeof HUB_LIMITS)[K]> };
type Widened<T> = T extends number ? number : { readonly [K in keyof T]: number };
