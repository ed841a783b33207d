/**
 * What units of one site say to each other on its network, while the hub may be away: JSON, one message a line, over
 * TLS 1.3. Each proves first that it has the key that the roster says; nothing else is listened to before.
 */
import * as z from 'zod';
import { WireFault } from './from-hub.ts';
import { WIRE } from './limits.ts';
import { Epoch, Hash, Seq, Signature, WireId } from './values.ts';

export const PEER = {
  version: 1,
  /** Browsed and announced by mDNS. */
  service: '_genkan-peer._tcp.local',
  /** What both ends of one connection know alone, and sign (RFC 5705). */
  exporter: 'EXPORTER-genkan-peer',
  /** Events and bytes of one message. */
  events: 200,
  bytes: 524_288,
  pingMs: 1_000,
  /** A unit that has said nothing for this long is not heard any more. */
  silenceMs: 3_500,
  /** From the connection to a hello with its proof. */
  greetingMs: 5_000,
  /** Messages within a second. */
  rate: 500,
} as const;

const Hello = z.strictObject({
  type: z.literal('hello'),
  version: z.literal(PEER.version),
  unit: WireId,
  /** Over `peerText`, by the unit's own key. */
  proof: Signature,
});

/**
 * Up to where each unit's events are here. Said at first and whenever more are: it acknowledges them. A head at 0: what was
 * said of that unit was not taken, since the roster lacked it or its key; now it has them, and it is to be said again.
 */
const Head = z.strictObject({ unit: WireId, epoch: Epoch, seq: z.int().min(0) });
const Have = z.strictObject({ type: z.literal('have'), heads: z.array(Head).max(WIRE.unitsOfSite) });

/** As `events` to a hub; `before`: the chain's hash before the first, null where the unit that says it has forgotten. */
const Events = z.strictObject({
  type: z.literal('events'),
  unit: WireId,
  epoch: Epoch,
  from: Seq,
  before: Hash.nullable(),
  bodies: z.array(z.string().min(2).max(WIRE.eventBytes)).min(1).max(PEER.events),
  hash: Hash,
  proof: Signature,
});

const Ping = z.strictObject({ type: z.literal('ping') });

const Goodbye = z.strictObject({ type: z.literal('goodbye'), why: WireFault, detail: z.string().max(500) });

export const PeerMessage = z.discriminatedUnion('type', [Hello, Have, Events, Ping, Goodbye]);
export type PeerMessage = z.infer<typeof PeerMessage>;
export type PeerEvents = z.infer<typeof Events>;
