/** A door of the load generator: it greets, follows what changes, and sends one event after the other. */
import { WebSocket } from 'ws';
import type { Clock } from '../../../main/core/clock.ts';
import { formatInstant } from '../../../main/core/time/instant.ts';
import { type Identity, nonce } from '../../../sync/conformance/unit.ts';
import { WIRE } from '../../../sync/wire/limits.ts';
import { parseFromHub } from '../../../sync/wire/parse.ts';
import { helloText } from '../../../sync/wire/signed.ts';
import { BENCH_TIME } from '../data.ts';

const ACKNOWLEDGED = '{"type":"acknowledged"';
const PING = JSON.stringify({ type: 'ping', at: BENCH_TIME, queued: 0 });

interface Sent {
  readonly seq: number;
  readonly at: number;
}

export class Door {
  readonly identity: Identity;
  readonly #clock: Clock;
  readonly #number: number;
  #socket: WebSocket | null = null;
  #seq = 0;
  #ready: string[] = [];
  #sent: Sent[] = [];
  #ackMs: number[] = [];
  /** When it last heard something other than an acknowledgement; null: not since it was asked to watch. */
  heard: number | null = null;

  /** @param number which of its tenant's members it admits */
  constructor(clock: Clock, identity: Identity, number: number) {
    this.#clock = clock;
    this.identity = identity;
    this.#number = number;
  }

  /** Resolves once it follows what changes. */
  connect(url: string, ca: string | null): Promise<void> {
    const tls = ca === null ? {} : { ca, minVersion: 'TLSv1.2' as const };
    const socket = new WebSocket(url, [WIRE.subprotocol], { perMessageDeflate: false, ...tls });
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      socket.on('message', (data: Buffer) => this.#take(data, url, resolve));
      socket.on('error', reject);
      socket.on('close', (code) => reject(new Error(`a door was cut off (${code})`)));
    });
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Makes so many events beforehand: signing them is the doors' work and not to be measured here. */
  prepare(count: number): void {
    this.#ackMs = [];
    this.#sent = [];
    this.#ready = Array.from({ length: count }, () => {
      this.#seq += 1;
      return JSON.stringify(this.identity.events(this.#seq, [this.#body(this.#seq)]));
    });
  }

  sendEvent(): void {
    const text = this.#ready.shift();
    if (text === undefined) return;
    this.#sent.push({ seq: this.#seq - this.#ready.length, at: this.#clock.mono() });
    this.#socket?.send(text);
  }

  sendPing(): void {
    this.#socket?.send(PING);
  }

  get isAnswered(): boolean {
    return this.#sent.length === 0;
  }

  /** Milliseconds to each acknowledgement; those that never came as long as they were waited for. */
  finish(): { readonly ackMs: readonly number[]; readonly lost: number } {
    const now = this.#clock.mono();
    return { ackMs: [...this.#ackMs, ...this.#sent.map(({ at }) => now - at)], lost: this.#sent.length };
  }

  #take(data: Buffer, url: string, entered: () => void): void {
    if (data.toString('latin1', 0, ACKNOWLEDGED.length) !== ACKNOWLEDGED) this.heard = this.#clock.mono();
    // What a real door is busy with is no part of the measurement: it only looks at what it waits for.
    else this.#acknowledged(Number(/"seq":(\d+)/.exec(data.toString('latin1'))?.[1]));
    const start = data.toString('latin1', 0, 22);
    if (start.startsWith('{"type":"challenge"')) this.#greet(String(data), url);
    else if (start.startsWith('{"type":"welcome"')) this.#follow(String(data), entered);
  }

  #acknowledged(seq: number): void {
    const now = this.#clock.mono();
    for (let [first] = this.#sent; first !== undefined && first.seq <= seq; [first] = this.#sent) {
      this.#sent.shift();
      this.#ackMs.push(now - first.at);
    }
  }

  #greet(text: string, url: string): void {
    const challenge = parseFromHub(text);
    if (!challenge.ok || challenge.value.type !== 'challenge') return;
    const { unit, epoch } = this.identity;
    const proof = this.identity.sign(helloText(new URL(url).host, challenge.value.nonce, unit, epoch));
    this.#socket?.send(JSON.stringify({ type: 'hello', version: WIRE.version, unit, epoch, nonce: nonce(), proof }));
  }

  #follow(text: string, entered: () => void): void {
    const welcome = parseFromHub(text);
    if (!welcome.ok || welcome.value.type !== 'welcome') return;
    this.#socket?.send(JSON.stringify({ type: 'pull', since: welcome.value.revision, resume: null }));
    entered();
  }

  /** As a unit records a visit: the scan with what it has used up, then what became of the door. */
  #body(seq: number): string {
    const at = formatInstant(BENCH_TIME + seq * 1_000);
    const common = { seq, at, doorId: 'front', readerId: 'front-in', direction: 'in', clock: 'synced' };
    if (seq % 2 === 0)
      return JSON.stringify({ ...common, type: 'outcome', result: null, of: seq - 1, detail: { outcome: 'passed' } });
    // Every fifth has a plan that admits all day.
    const member = (((this.#number * 31 + seq) % MEMBERS_OF_TENANT) * 5) % MEMBERS_OF_TENANT;
    const memberId = `m${member}`;
    const consumed = { kind: 'band', contractId: `c${member}`, bandId: 'full', date: at.slice(0, 10) };
    const effects = { memberId, consumed, enter: { placeId: 'pl', enteredAt: at, via: null } };
    const used = { contractId: `c${member}`, bandId: 'full', consumed: [] };
    const result = { granted: true, reason: 'plan', memberId, ...used };
    return JSON.stringify({ ...common, type: 'scan', result, of: null, detail: { effects } });
  }
}

/** Of each tenant of the fleet. */
export const MEMBERS_OF_TENANT = 1_000;
