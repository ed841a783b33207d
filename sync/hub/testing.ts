/** A hub for tests: its units' server over the real store, with time that the test moves and sockets that it flushes. */
import {
  createCipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import type { Clock } from '../../main/core/clock.ts';
import { Identity, nonce } from '../conformance/unit.ts';
import { CARRIED, type SealedEvents } from '../wire/carried.ts';
import type { FromHub } from '../wire/from-hub.ts';
import { parseFromHub } from '../wire/parse.ts';
import { helloText } from '../wire/signed.ts';
import { digest, HubKeys, makeKeys } from './keys.ts';
import type { HubLog } from './log.ts';
import type { HubStore } from './ports.ts';
import { openHubStore } from './store/store.ts';
import { HUB_LIMITS, type HubLimits } from './units/limits.ts';
import type { HubParts, Sendable, UnitSocket } from './units/ports.ts';
import { UnitServer } from './units/server.ts';
import type { Session } from './units/session.ts';

export const HOST = 'hub.test:8378';
export const silent: HubLog = { info: () => undefined, warn: () => undefined };

export interface TestHub extends HubParts {
  readonly units: UnitServer;
  close(): Promise<void>;
}

/** One process of a hub over `store`, or over a database of its own. */
export async function testHub(
  clock: Clock,
  limits: Partial<HubLimits> = {},
  over: HubStore | null = null,
): Promise<TestHub> {
  const store = over ?? (await openHubStore({ file: ':memory:' }, clock));
  const keys = new HubKeys(await store.keys(makeKeys));
  const parts: HubParts = { store, keys, clock, log: silent, limits: { ...HUB_LIMITS, ...limits } };
  const units = new UnitServer(parts);
  await units.start();
  const close = async () => {
    await units.stop();
    if (over === null) await store.close();
  };
  return { ...parts, units, close };
}

/** One half of a pair. What the hub sends reaches the unit when it is flushed; `flow` flushes at once. */
export class TestSocket implements UnitSocket {
  readonly said: FromHub[] = [];
  /** As they were sent. */
  readonly texts: string[] = [];
  /** What went out in one write, where it was several. */
  readonly writes: string[][] = [];
  flow = true;
  /** Bytes that have gone out of what is held. */
  dripped = 0;
  isPaused = false;
  isEnded = false;
  isCut = false;
  readonly #held: { readonly message: Sendable; readonly sent: (() => void) | null }[] = [];

  get unsent(): number {
    return this.#held.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0) - this.dripped;
  }

  send(messages: readonly Sendable[], sent: (() => void) | null): number {
    if (messages.length > 1) this.writes.push(messages.map(String));
    for (const [at, message] of messages.entries())
      this.#held.push({ message, sent: at === messages.length - 1 ? sent : null });
    if (this.flow) this.flush(Number.POSITIVE_INFINITY);
    return messages.reduce((sum, message) => sum + Buffer.byteLength(message), 0);
  }

  /** Lets so many messages through. */
  flush(count: number): void {
    for (const { message, sent } of this.#held.splice(0, count)) {
      const text = String(message);
      const parsed = parseFromHub(text);
      if (!parsed.ok) throw new Error(`the hub said what is not of the protocol: ${parsed.error.detail}`);
      this.said.push(parsed.value);
      this.texts.push(text);
      sent?.();
    }
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  end(): void {
    this.isEnded = true;
  }

  cut(): void {
    this.isCut = true;
  }
}

/** A unit on such a socket. */
export class TestUnit {
  readonly identity: Identity;
  readonly #hub: TestHub;
  socket = new TestSocket();
  session: Session | null = null;

  constructor(hub: TestHub, identity: Identity) {
    this.#hub = hub;
    this.identity = identity;
  }

  /** A new connection that has said nothing. @param hub the process that it reaches */
  call(address = '192.0.2.1', hub: TestHub = this.#hub): void {
    this.socket = new TestSocket();
    this.session = hub.units.accept(this.socket, { host: HOST, address });
  }

  say(message: unknown): void {
    this.session?.receive(JSON.stringify(message));
  }

  hello(): unknown {
    const [challenge] = this.socket.said;
    const { unit, epoch } = this.identity;
    const text = helloText(HOST, challenge?.type === 'challenge' ? challenge.nonce : '', unit, epoch);
    return { type: 'hello', version: 1, unit, epoch, nonce: nonce(), proof: this.identity.sign(text) };
  }

  /** Everything of a type that the hub has said on this connection. */
  all<T extends FromHub['type']>(type: T): Extract<FromHub, { type: T }>[] {
    return this.socket.said.filter((message): message is Extract<FromHub, { type: T }> => message.type === type);
  }

  get goodbye(): string | null {
    return this.all('goodbye')[0]?.why ?? null;
  }
}

/** A unit that is paired with the tenant, as if a code had been typed. */
export async function pairedUnit(
  hub: TestHub,
  name: string,
  { tenant = 'gym', site = 'tokyo' } = {},
): Promise<TestUnit> {
  const { store, clock } = hub;
  await store.createTenant(tenant, tenant, 0);
  const codeDigest = digest(`code of ${name}`);
  await store.createPairing({ codeDigest, tenant, site, name, by: 'test', expiresAt: clock.wall() + 60_000 });
  const identity = new Identity(name);
  const paired = await store.redeemPairing(codeDigest, name, name, identity.key, clock.wall());
  if (!paired.ok) throw new Error(`not paired: ${paired.error}`);
  return new TestUnit(hub, identity);
}

/** As a unit seals what is carried to the hub by hand. */
export function seal(sealKey: string, unit: string, inside: unknown): SealedEvents {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const hub = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: sealKey }, format: 'jwk' });
  const ephemeral = publicKey.export({ format: 'jwk' }).x ?? '';
  const salt = Buffer.concat([Buffer.from(ephemeral, 'base64url'), Buffer.from(sealKey, 'base64url')]);
  const shared = diffieHellman({ privateKey, publicKey: hub });
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(hkdfSync('sha256', shared, salt, CARRIED.info, 32)), iv);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(inside)), cipher.final(), cipher.getAuthTag()]);
  const [text, start] = [sealed.toString('base64url'), iv.toString('base64url')];
  return { format: 'genkan-events/1', unit, ephemeral, iv: start, sealed: text };
}
