/**
 * Sends whatever can be thought of to the terminals' endpoint: valid requests, changed by seeded mutation, over real
 * sockets to the real server, judge and store. Used by the test (10,000) and by the soak (1,000,000).
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SystemClock } from '../../../device/clock/system.ts';
import { Journal } from '../../controller/journal.ts';
import { SiteCache } from '../../controller/site-cache.ts';
import { TerminalDesk } from '../../controller/terminals.ts';
import { KEY_BYTES, Keys } from '../../store/keys.ts';
import { Store } from '../../store/store.ts';
import { GYM } from '../../store/testing.ts';
import type { ApiEvent } from '../ports.ts';
import { LAN_LIMITS } from './limits.ts';
import { PASSAGES, type RunningLanServer, startLanServer } from './server.ts';
import { makeCertificate, makeToken } from './testing.ts';

export interface FuzzReport {
  readonly inputs: number;
  /** Inputs of which the body was read and judged as JSON at least. */
  readonly pastFraming: number;
  /** Answers by status; 0: the connection ended without one. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly recorded: number;
  /** Of the heap, from the first round's end to the last one's. */
  readonly grownBytes: number;
  readonly findings: readonly string[];
}

/** A store in memory grows with what is recorded: each round begins with a new one. */
const ROUND = 1_000;
const SIDE_BY_SIDE = 4;
const MOST_FINDINGS = 10;

export async function fuzzTerminals({ inputs, seed }: { inputs: number; seed: number }): Promise<FuzzReport> {
  const random = randomOf(seed);
  const statuses: Record<number, number> = {};
  const findings: string[] = [];
  const heaps: number[] = [];
  let [pastFraming, recorded] = [0, 0];
  for (let done = 0, round = 0; done < inputs; done += ROUND, round += 1) {
    // A handshake for each damaged request costs most of the time: one round in ten has them.
    const unit = await FuzzUnit.start(round % 10 === 1);
    const count = Math.min(ROUND, inputs - done);
    let sent = 0;
    const client = async () => {
      const line = new Line(unit);
      while (sent < count) {
        sent += 1;
        const input = makeInput(random, unit.token);
        const { status, isJudged } = await line.send(input);
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (isJudged) pastFraming += 1;
        if (status >= 500 && findings.length < MOST_FINDINGS)
          findings.push(`${status} for ${JSON.stringify(input.bytes.toString('latin1'))}`);
      }
      line.close();
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, client));
    recorded += await unit.end(findings);
    heaps.push(heapNow());
  }
  const grownBytes = (heaps.at(-1) ?? 0) - (heaps[0] ?? 0);
  return { inputs, pastFraming, statuses, recorded, grownBytes, findings };
}

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

function heapNow(): number {
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed;
}

class FuzzUnit {
  readonly running: RunningLanServer;
  readonly token: string;
  readonly ca: string | null;
  readonly #store: Store;
  readonly #log: readonly ApiEvent[];

  private constructor(running: RunningLanServer, token: string, ca: string | null, store: Store, log: ApiEvent[]) {
    this.running = running;
    this.token = token;
    this.ca = ca;
    this.#store = store;
    this.#log = log;
  }

  static async start(isTls: boolean): Promise<FuzzUnit> {
    const clock = new SystemClock();
    const opened = Store.open(':memory:', new Keys(randomBytes(KEY_BYTES)));
    if (!opened.ok) throw new Error(opened.error.detail);
    const store = opened.value;
    store.transact((writer) => writer.importSite(GYM, clock.wall()));
    const trust = () => 'synced' as const;
    const journal = new Journal(
      { store, clock, probe: () => undefined, reserve: null, broken: null, recorded: () => undefined },
      trust,
      () => undefined,
    );
    const passages = new TerminalDesk({ clock, journal, site: new SiteCache(store), trust });
    const { token, digest } = makeToken();
    const log: ApiEvent[] = [];
    const certificate = isTls ? makeCertificate() : null;
    const terminal = { id: 't', doorId: 'front', direction: 'in', tokenDigest: digest, from: ['127.0.0.1'] } as const;
    const boundless = { slowMs: 0, slowestMs: 0, waitingAnswers: 1e3, logEveryMs: 0 };
    const rates = { reportsPerSecond: 1e9, reportsBurst: 1e9, handshakesPerSecond: 1e9, handshakesBurst: 1e9 };
    const perSource = { handshakesPerSecondPerSource: 1e9, handshakesBurstPerSource: 1e9, connectionsPerSource: 64 };
    const started = await startLanServer(
      {
        ...{ host: '127.0.0.1', port: 0, tls: certificate, terminals: [{ ...terminal, from: [...terminal.from] }] },
        ...{ passages, clock, log: (event: ApiEvent) => log.push(event) },
      },
      { ...LAN_LIMITS, ...boundless, ...rates, ...perSource },
    );
    certificate?.remove();
    if (!started.ok) throw new Error(started.error.detail);
    return new FuzzUnit(started.value, token, certificate?.cert ?? null, store, log);
  }

  /** @returns how many passages are on record */
  async end(findings: string[]): Promise<number> {
    await this.running.close();
    const store = this.#store;
    const events = [...store.record.since(0)].map((body): { type: string } => JSON.parse(body));
    if (events.some(({ type }) => type !== 'scan')) findings.push('an event that is no passage');
    if (store.record.withoutOutcome().length > 0) findings.push('a door was commanded');
    if (!store.record.verify().ok) findings.push('the record is broken');
    const told = JSON.stringify(this.#log);
    if (this.#log.some(({ code }) => code === 'request-failed' || code === 'server-failed')) findings.push(told);
    if (told.includes(this.token) || told.includes('CODE-')) findings.push('a token or a code is in the log');
    store.close();
    return events.length;
  }
}

/** One terminal's connection, made anew whenever it ends. */
class Line {
  readonly #unit: FuzzUnit;
  #socket: Socket | null = null;

  constructor(unit: FuzzUnit) {
    this.#unit = unit;
  }

  /** Resolves with the first answer, or when the server has ended the connection. */
  send({ bytes, isFramed }: Input): Promise<{ readonly status: number; readonly isJudged: boolean }> {
    return new Promise((resolve) => {
      const socket = this.#open();
      let text = '';
      const done = () => {
        socket.removeAllListeners();
        // Late trouble of a connection that has been given up.
        socket.on('error', () => undefined);
        if (socket.destroyed || !isFramed || /^connection: close/im.test(text)) this.close();
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
        const isJudged = status === 200 || (status === 400 && text.includes('"ok":false')) || status === 503;
        resolve({ status, isJudged });
      };
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        if (isFramed && isWhole(text)) done();
      });
      socket.on('error', () => socket.destroy());
      socket.on('close', done);
      // A damaged request may announce more than it has: its end is told.
      if (isFramed) socket.write(bytes);
      else socket.end(bytes);
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #open(): Socket {
    const { running, ca } = this.#unit;
    const where = { host: '127.0.0.1', port: running.port };
    this.#socket ??= ca === null ? connect(where) : connectTls({ ...where, ca });
    return this.#socket;
  }
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n');
  const length = /^content-length: (\d+)/im.exec(answer)?.[1];
  return end >= 0 && length !== undefined && answer.length >= end + 4 + Number(length);
}

interface Input {
  readonly bytes: Buffer;
  /** Head and length are right, so that an answer comes on a connection that may go on. */
  readonly isFramed: boolean;
}

type Random = (below: number) => number;

/** Mulberry32: small, seeded, good enough to choose. */
function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const VALID: readonly Readonly<Record<string, unknown>>[] = [
  { id: 'T1-1', at: '2026-11-18T12:00:00+09:00', direction: 'in', memberId: 'ann' },
  { id: 'T1-2', at: '2026-11-18T12:00:00.123Z', code: 'CODE-bob' },
  { id: 'T1-3', at: '2026-10-31T23:59:59+09:00', direction: 'out', code: 'CARD-cho' },
];

const ODD: readonly unknown[] = [
  ...[null, -1, 1e308, 0, true, '', '\u0000', '__proto__', 'constructor', '\ud800', 'x'.repeat(600), 'a b', "'; --"],
  ...['in', 'out', 'ann', 'CODE-ann', 'GP1:NWGSLK/-4%', '9999-12-30T23:59:59Z', '1970-01-02T00:00:00Z'],
  ...['2026-02-30T00:00:00Z', '2026-11-18T24:00:00Z', [], {}, [[[[]]]], { toString: 1 }, '会員'],
];

const KEYS = ['', 'id', 'at', 'code', 'memberId', 'direction', '__proto__', 'constructor', 'toString', 'event'];

function mutated(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random(5) === 0) return ODD[random(ODD.length)];
  if (Array.isArray(value)) return value.map((item) => mutated(item, random));
  const entries = Object.entries(value);
  const chosen = random(entries.length + 1);
  if (chosen === entries.length) return { ...value, [KEYS[random(KEYS.length)] ?? '']: ODD[random(ODD.length)] };
  if (random(5) === 0) return Object.fromEntries(entries.filter((_, index) => index !== chosen));
  return Object.fromEntries(entries.map(([key, item], at) => [key, at === chosen ? mutated(item, random) : item]));
}

/** Changes, takes or doubles a few bytes, of any value. */
function damaged(bytes: Buffer, random: Random): Buffer {
  const list = [...bytes];
  for (let changes = 1 + random(4); changes > 0 && list.length > 0; changes -= 1) {
    const at = random(list.length);
    const how = random(4);
    if (how === 0) list[at] = random(256);
    else if (how === 1) list.splice(at, 1 + random(8));
    else if (how === 2) list.splice(at, 0, ...list.slice(at, at + random(20)));
    else list.splice(at, 0, 13, 10);
  }
  return Buffer.from(list);
}

function makeInput(random: Random, token: string): Input {
  const passage = { ...VALID[random(VALID.length)], id: `T-${random(1_000)}` };
  const isMutated = random(10) < 7;
  const text = Buffer.from(JSON.stringify(isMutated ? mutated(passage, random) : passage) ?? '');
  const body = random(6) === 0 ? damaged(text, random) : text;
  const request = requestOf(random, token, body);
  if (random(6) > 0) return { bytes: request, isFramed: true };
  const bytes = random(4) === 0 ? request.subarray(0, random(request.length)) : damaged(request, random);
  return { bytes, isFramed: false };
}

function requestOf(random: Random, token: string, body: Buffer): Buffer {
  const head = [`POST ${PASSAGES} HTTP/1.1`, 'Host: unit', `Authorization: Bearer ${token}`];
  if (random(8) > 0) {
    return Buffer.concat([Buffer.from([...head, `Content-Length: ${body.length}`, '', ''].join('\r\n')), body]);
  }
  const chunks = [`${body.length.toString(16)}\r\n`, body, '\r\n0\r\n\r\n'];
  const lines = [...head, 'Transfer-Encoding: chunked', '', ''].join('\r\n');
  return Buffer.concat([
    Buffer.from(lines),
    ...(body.length === 0 ? ['0\r\n\r\n'] : chunks).map((part) => Buffer.from(part)),
  ]);
}
