/** What the server takes from its clients at most. */
export interface ApiLimits {
  /** Open TCP connections; further ones are dropped. */
  readonly connections: number;
  /** Open WebSockets; further ones get 503. */
  readonly clients: number;
  readonly sessions: number;
  readonly sessionIdleMs: number;
  readonly bodyBytes: number;
  readonly headerBytes: number;
  /** For the head of a request, and for the whole of it. */
  readonly requestMs: number;
  /** How often Node looks for requests that took too long. */
  readonly requestCheckMs: number;
  readonly messageBytes: number;
  readonly messageFragments: number;
  readonly messagesPerSecond: number;
  readonly messagesBurst: number;
  readonly callsPerMessage: number;
  readonly watchesPerClient: number;
  readonly scansPerSecond: number;
  readonly scansBurst: number;
  /** Calls of who is signed in, counted per session. */
  readonly staffCallsPerSecond: number;
  readonly staffCallsBurst: number;
  /** PINs and setup codes, right or wrong, counted per session; wrong ones are braked besides. */
  readonly signInsPerSecond: number;
  readonly signInsBurst: number;
  /** Who is signed in is signed out after this time without a call. */
  readonly signedInIdleMs: number;
  /** And after this time without a page. */
  readonly pageGoneMs: number;
  /** Messages to a client that wait for their turn; one more cuts the client off. */
  readonly queuedMessages: number;
  /** Bytes to a client that the network hasn't taken; more cuts the client off. */
  readonly unsentBytes: number;
  readonly pingMs: number;
  readonly logEveryMs: number;
}

export const API_LIMITS: ApiLimits = {
  connections: 64,
  clients: 16,
  sessions: 64,
  sessionIdleMs: 24 * 60 * 60 * 1_000,
  bodyBytes: 4_096,
  headerBytes: 8_192,
  requestMs: 5_000,
  requestCheckMs: 1_000,
  messageBytes: 8_192,
  messageFragments: 16,
  messagesPerSecond: 100,
  messagesBurst: 200,
  callsPerMessage: 8,
  watchesPerClient: 4,
  scansPerSecond: 20,
  scansBurst: 10,
  staffCallsPerSecond: 10,
  staffCallsBurst: 40,
  signInsPerSecond: 0.5,
  signInsBurst: 5,
  signedInIdleMs: 120_000,
  pageGoneMs: 5_000,
  queuedMessages: 256,
  unsentBytes: 262_144,
  pingMs: 10_000,
  logEveryMs: 10_000,
};
