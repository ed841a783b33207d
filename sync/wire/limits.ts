/** Bounds of the protocol. Whoever sends more is cut off with a reason. */
export const WIRE = {
  version: 1,
  /** Offered and chosen as the WebSocket's subprotocol. */
  subprotocol: 'genkan.1',
  /** Bytes of one message, either way. */
  messageBytes: 1_048_576,
  /** Nesting of one message. */
  depth: 16,
  /** Changes in one message. */
  changes: 500,
  /** Events in one message. */
  events: 500,
  /** Bytes of one event's body. */
  eventBytes: 65_536,
  /** Sites of a tenant, and units of a site. */
  sites: 1_000,
  unitsOfSite: 64,
  /** Characters of what a unit hands over, as JSON. */
  handover: 16_384,
  /** Ids of a code, nonce or key in base64url. */
  token: 128,
  /** A side that has said nothing for this long is gone; each sends `ping` at half of it. */
  silenceMs: 30_000,
  /** From the connection to `hello` or `pair`. */
  greetingMs: 10_000,
  /** A command that may be older is not run: whoever gave it has given up on it, and nobody looks at the door any more. */
  commandMs: 15_000,
} as const;
