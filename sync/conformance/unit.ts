/** A unit as the protocol has it, in a few lines: what the suite and the hub's own tests call a hub with. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { WebSocket } from 'ws';
import type { Clock } from '../../main/core/clock.ts';
import type { FromHub } from '../wire/from-hub.ts';
import { WIRE } from '../wire/limits.ts';
import { parseFromHub } from '../wire/parse.ts';
import { headText, helloText, pairingText } from '../wire/signed.ts';

export type Said<T extends FromHub['type']> = Extract<FromHub, { type: T }>;

/** Who a unit is, and what it has recorded in this epoch. */
export class Identity {
  readonly unit: string;
  readonly key: string;
  readonly #private: KeyObject;
  readonly #hashes: Buffer[] = [];
  epoch = 1;

  constructor(unit: string = `conformance-${randomBytes(6).toString('hex')}`) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.unit = unit;
    this.key = publicKey.export({ format: 'jwk' }).x ?? '';
    this.#private = privateKey;
  }

  sign(text: string): string {
    return sign(null, Buffer.from(text), this.#private).toString('base64url');
  }

  beginEpoch(epoch: number): void {
    this.epoch = epoch;
    this.#hashes.length = 0;
  }

  /** The chain's hash at an event of this epoch, base64url. */
  hashAt(seq: number): string {
    return (this.#hashes[seq - 1] ?? genesis(this.unit, this.epoch)).toString('base64url');
  }

  /** Records events, and signs the message that brings them. `from` may lie before the last one: those are said anew. */
  events(from: number, bodies: readonly string[]): Record<string, unknown> & { readonly proof: string } {
    this.#hashes.length = Math.min(this.#hashes.length, from - 1);
    let before = this.#hashes.at(-1) ?? genesis(this.unit, this.epoch);
    for (const body of bodies) {
      before = createHash('sha256').update(before).update(body).digest();
      this.#hashes.push(before);
    }
    const hash = before.toString('base64url');
    const proof = this.sign(headText(this.unit, this.epoch, from + bodies.length - 1, hash));
    return { type: 'events', unit: this.unit, epoch: this.epoch, from, bodies, hash, proof };
  }
}

function genesis(unit: string, epoch: number): Buffer {
  return createHash('sha256').update(`genkan ${unit} ${epoch}`).digest();
}

/** An event that has changed nothing. */
export function plainEvent(seq: number, detail: Readonly<Record<string, unknown>> = {}): string {
  const at = new Date(Date.UTC(2026, 10, 26, 3) + seq * 1_000).toISOString().replace('.000Z', 'Z');
  return JSON.stringify({ seq, at, type: 'system', doorId: null, of: null, detail: { kind: 'test', ...detail } });
}

export function nonce(): string {
  return randomBytes(16).toString('base64url');
}

export interface CallOptions {
  readonly clock: Clock;
  readonly waitMs: number;
  /** A certificate of the hub's that no root has signed, PEM. */
  readonly ca: string | null;
  readonly subprotocol: string | null;
}

/** One connection. What comes is checked against the schemas, and waits until somebody asks for it. */
export class Call {
  readonly #socket: WebSocket;
  readonly #options: CallOptions;
  readonly host: string;
  readonly inbox: FromHub[] = [];
  /** What came and is no message of the protocol, by its path. */
  readonly strange: string[] = [];
  /** WebSocket's code; null: it is open. */
  closed: number | null = null;
  #wake: (() => void)[] = [];

  constructor(url: string, options: CallOptions) {
    this.#options = options;
    this.host = new URL(url).host;
    const { ca, subprotocol } = options;
    this.#socket = new WebSocket(url, subprotocol === null ? [] : [subprotocol], {
      perMessageDeflate: false,
      maxPayload: 2 * WIRE.messageBytes,
      ...(ca === null ? {} : { ca }),
    });
    this.#socket.on('message', (data: Buffer, isBinary) => this.#take(data, isBinary));
    this.#socket.on('close', (code) => this.#close(code));
    this.#socket.on('error', () => this.#close(1006));
  }

  get subprotocol(): string {
    return this.#socket.protocol;
  }

  send(message: unknown): void {
    this.sendText(JSON.stringify(message));
  }

  sendText(text: string | Buffer): void {
    if (this.closed === null) this.#socket.send(text, { binary: typeof text !== 'string' }, () => undefined);
  }

  /** Reads no more, as a unit does that hangs. */
  pause(): void {
    this.#socket.pause();
  }

  end(): void {
    this.#socket.terminate();
  }

  /** The next message of a type; those before it are passed over. Rejects with what it waited for. */
  async next<T extends FromHub['type']>(type: T): Promise<Said<T>> {
    const found = await this.until(() => this.#find(type), type);
    return found;
  }

  /** What a goodbye says, or `closed` where the connection ends without one. */
  async ending(): Promise<string> {
    return this.until(() => this.#find('goodbye')?.why ?? (this.closed === null ? undefined : 'closed'), 'the end');
  }

  /** Nothing else than the given comes until a ping is answered. */
  async isQuiet(): Promise<boolean> {
    const before = this.inbox.length;
    this.send({ type: 'ping', at: this.#options.clock.wall(), queued: 0 });
    await this.next('pong');
    return this.inbox.length === before;
  }

  /** Looks again with each message. */
  async until<T>(look: () => T | undefined, what: string): Promise<T> {
    const deadline = this.#options.clock.mono() + this.#options.waitMs;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      const leftMs = deadline - this.#options.clock.mono();
      if (leftMs <= 0 || this.closed !== null)
        throw new Error(`waited for ${what}, but ${this.closed === null ? 'it did not come' : 'the hub hung up'}`);
      await this.#change(leftMs);
    }
  }

  #find<T extends FromHub['type']>(type: T): Said<T> | undefined {
    const at = this.inbox.findIndex((message) => message.type === type);
    const found = this.inbox[at];
    if (found === undefined || !isOf(found, type)) return undefined;
    this.inbox.splice(0, at + 1);
    return found;
  }

  #change(leftMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.after('a message', leftMs, resolve);
      this.#wake.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  #take(data: Buffer, isBinary: boolean): void {
    const parsed = parseFromHub(data.toString('utf8'));
    if (isBinary) this.strange.push('a binary message');
    else if (parsed.ok) this.inbox.push(parsed.value);
    else this.strange.push(parsed.error.detail);
    this.#stir();
  }

  #close(code: number): void {
    this.closed ??= code;
    this.#stir();
  }

  #stir(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const one of wake) one();
  }
}

function isOf<T extends FromHub['type']>(message: FromHub, type: T): message is Said<T> {
  return message.type === type;
}

/** Says who wants to pair. @returns the message, so that tests can spoil it */
export async function pairMessage(call: Call, identity: Identity, code: string) {
  const challenge = await call.next('challenge');
  const proof = identity.sign(pairingText(call.host, challenge.nonce, identity.unit, identity.key));
  const { unit, key } = identity;
  return { type: 'pair', version: WIRE.version, code, unit, name: unit, key, nonce: nonce(), proof };
}

/** Says hello. @returns the message, so that tests can spoil it */
export async function helloMessage(call: Call, identity: Identity) {
  const challenge = await call.next('challenge');
  const { unit, epoch } = identity;
  const proof = identity.sign(helloText(call.host, challenge.nonce, unit, epoch));
  return { type: 'hello', version: WIRE.version, unit, epoch, nonce: nonce(), proof };
}

/** Greets as the unit, and waits for the welcome. */
export async function enter(call: Call, identity: Identity): Promise<Said<'welcome'>> {
  call.send(await helloMessage(call, identity));
  return call.next('welcome');
}

/** Takes all that there is. @returns every row, and where the unit stands then */
export async function snapshot(call: Call): Promise<{ rows: Said<'rows'>['changes']; revision: number }> {
  call.send({ type: 'pull', since: 0, resume: null });
  await call.next('snapshot');
  const rows: Said<'rows'>['changes'] = [];
  for (;;) {
    const message = await call.until(
      () => call.inbox.findIndex(({ type }) => type === 'rows' || type === 'snapshot-end') + 1 || undefined,
      'rows or snapshot-end',
    );
    const found = call.inbox[message - 1];
    call.inbox.splice(0, message);
    if (found?.type === 'rows') rows.push(...found.changes);
    if (found?.type === 'snapshot-end') return { rows, revision: found.revision };
  }
}
