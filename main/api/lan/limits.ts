/** What the LAN server takes at most. A terminal that floods slows neither the door nor another terminal. */
export interface LanLimits {
  readonly connections: number;
  readonly connectionsPerSource: number;
  readonly bodyBytes: number;
  readonly headerBytes: number;
  readonly handshakeMs: number;
  /** For the head of a request, and for the whole of it. */
  readonly requestMs: number;
  readonly requestCheckMs: number;
  readonly idleMs: number;
  /** Each passage is a durable write on the disk that the doors wait for too. */
  readonly reportsPerSecond: number;
  readonly reportsBurst: number;
  readonly handshakesPerSecond: number;
  readonly handshakesBurst: number;
  readonly handshakesPerSecondPerSource: number;
  readonly handshakesBurstPerSource: number;
  /** Addresses that are remembered; of more the one heard longest ago is forgotten. */
  readonly sources: number;
  /** How long the answer to an unknown token waits: doubled each time, up to the second. */
  readonly slowMs: number;
  readonly slowestMs: number;
  /** After so long without one, an address begins anew. */
  readonly calmMs: number;
  /** Answers that wait; beyond that the connection ends without one. */
  readonly waitingAnswers: number;
  readonly logEveryMs: number;
}

export const LAN_LIMITS: LanLimits = {
  connections: 64,
  connectionsPerSource: 8,
  bodyBytes: 4_096,
  headerBytes: 8_192,
  handshakeMs: 5_000,
  requestMs: 5_000,
  requestCheckMs: 1_000,
  idleMs: 30_000,
  reportsPerSecond: 5,
  reportsBurst: 20,
  handshakesPerSecond: 10,
  handshakesBurst: 60,
  handshakesPerSecondPerSource: 5,
  handshakesBurstPerSource: 20,
  sources: 256,
  slowMs: 250,
  slowestMs: 5_000,
  calmMs: 60_000,
  waitingAnswers: 16,
  logEveryMs: 10_000,
};
