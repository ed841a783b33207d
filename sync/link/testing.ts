/** For tests: lines flushed by hand, a replica that is a few maps, and a hub that keeps to the protocol or doesn't. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { ok, type Result } from '../../main/core/result.ts';
import { parseEventBody } from '../wire/effects.ts';
import type { Change } from '../wire/entities.ts';
import type { Dialer, HubAddress, Line, LineSink, OutgoingEvents, Replica, RowsReader, Work } from './ports.ts';

export const ADDRESS: HubAddress = { url: 'wss://hub.test/v1/unit', host: 'hub.test', pin: null };

/** All is read where it is taken. */
export const NO_READER: RowsReader = { read: () => null, rest: () => undefined };

export interface TestKey {
  readonly publicKey: string;
  sign(text: string): string;
}

export function makeKey(): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    publicKey: rawKey(publicKey),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
  };
}

function rawKey(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64url');
}

/** What stands at the other end of a line. */
export interface FarEnd {
  said(text: string): void;
  closed(): void;
}

/** One connection. Nothing arrives before it is flushed. */
export class HandLine implements Line {
  readonly toHub: string[] = [];
  readonly toUnit: string[] = [];
  readonly #sink: LineSink;
  #far: FarEnd | null = null;
  /** The unit's end. */
  isOpen = true;
  /** The hub's end: it may not have noticed yet. */
  isOpenThere = true;
  /** Why the unit ended it. */
  ended: string | null = null;
  isListening = true;
  /** The hub ends it once what it has said has arrived. */
  hangsUp = false;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  join(far: FarEnd): void {
    this.#far = far;
    this.#sink.opened();
  }

  send(text: string): void {
    if (this.isOpen) this.toHub.push(text);
  }

  listen(on: boolean): void {
    this.isListening = on;
  }

  close(why: string): void {
    if (!this.isOpen) return;
    this.ended = why;
    this.isOpen = false;
    this.hubNotices();
  }

  /** The hub finds its end closed; what still was on its way to it is gone. */
  hubNotices(): void {
    if (!this.isOpenThere) return;
    this.isOpenThere = false;
    this.#far?.closed();
  }

  /** The hub's process ends, or the hub hangs up; the unit notices as well. */
  hubLeaves(): void {
    this.hubNotices();
    this.cutHere();
  }

  /** Of what is on its way to the hub, so many at most. */
  flushUp(most = Number.POSITIVE_INFINITY): void {
    for (let left = most; left > 0 && this.isOpenThere && this.toHub.length > 0; left -= 1)
      this.#far?.said(this.toHub.shift() ?? '');
  }

  flushDown(most = Number.POSITIVE_INFINITY): void {
    // The end comes behind what was said, and isn't there with the last of it.
    const isEnd = this.hangsUp && this.toUnit.length === 0;
    for (let left = most; left > 0 && this.isOpen && this.toUnit.length > 0; left -= 1)
      this.#sink.said(Buffer.from(this.toUnit.shift() ?? ''));
    if (isEnd) this.hubLeaves();
  }

  /** The network: what was on its way is gone. */
  cut(): void {
    this.hubNotices();
    this.cutHere();
  }

  /** The unit alone notices: what it has said may still arrive, even after it has called again. */
  cutHere(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#sink.closed('the connection ended (1006)');
  }
}

/** Leads to a hub that may be away. */
export class HandNetwork implements Dialer {
  readonly lines: HandLine[] = [];
  answer: ((line: HandLine) => FarEnd) | null = null;

  dial(_: HubAddress, sink: LineSink): HandLine {
    const line = new HandLine(sink);
    this.lines.push(line);
    queueMicrotask(() => {
      if (this.answer === null) line.cut();
      else if (line.isOpen) line.join(this.answer(line));
    });
    return line;
  }

  get line(): HandLine {
    const line = this.lines.at(-1);
    if (line === undefined) throw new Error('nobody has called');
    return line;
  }
}

export const rowKey = ({ kind, id }: Change): string => `${kind} ${id}`;

/** As much of a unit's store as the link can tell apart. Survives a link that ends in the middle of anything. */
export class MapReplica implements Replica {
  readonly rows = new Map<string, Change>();
  readonly bodies: string[] = [];
  readonly key = makeKey();
  revokedAt: number | null = null;
  epoch = 1;
  acked = 0;
  revision = 0;
  wiped = false;
  /** What `applyDelta` and `finishSnapshot` say to the data. */
  trouble: readonly string[] = [];
  handed: { readonly id: string; readonly kind: string; readonly body: string }[] = [];
  /** Thrown by whatever writes. */
  broken: Error | null = null;
  readonly #unit: string;
  #paired: ReturnType<Replica['pairing']> = null;
  #staged: { revision: number; cursor: string; rows: Map<string, Change> } | null = null;

  constructor(unit: string) {
    this.#unit = unit;
  }

  /** @param counts whether it used something up */
  record(counts: boolean, at = '2026-11-26T03:00:00.000Z'): void {
    const seq = this.bodies.length + 1;
    const consumed = { kind: 'band', contractId: `c${seq % 5}`, bandId: 'b', date: '2026-11-26' } as const;
    const detail = counts ? { effects: { memberId: 'm', consumed } } : {};
    const body = JSON.stringify({ seq, at, type: 'scan', doorId: 'front', of: null, detail });
    this.bodies.push(body);
    for (const row of rowsOf(this.#unit, this.epoch, body)) this.rows.set(rowKey(row), row);
  }

  unit() {
    return { unit: this.#unit, epoch: this.epoch };
  }

  head() {
    const seq = this.bodies.length;
    return seq === 0 ? null : { seq, hash: this.#hash(seq) };
  }

  before() {
    return null;
  }

  pairing() {
    return this.#paired;
  }

  pair(pairing: NonNullable<ReturnType<Replica['pairing']>>): void {
    this.#paired = pairing;
  }

  publicKey() {
    return this.key.publicKey;
  }

  sign(text: string) {
    return this.key.sign(text);
  }

  acknowledged() {
    return this.acked;
  }

  outgoing(after: number, limits: { readonly events: number; readonly bytes: number }): OutgoingEvents | null {
    const bodies = this.bodies.slice(after, after + Math.min(limits.events, 7));
    if (bodies.length === 0) return null;
    return { epoch: this.epoch, from: after + 1, bodies, hash: this.#hash(after + bodies.length) };
  }

  acknowledge(epoch: number, seq: number): void {
    this.#write();
    if (epoch === this.epoch) this.acked = Math.max(this.acked, seq);
  }

  handovers(limit: number) {
    return this.handed.slice(0, limit);
  }

  taken(ids: readonly string[]): void {
    this.#write();
    this.handed = this.handed.filter(({ id }) => !ids.includes(id));
  }

  hubRevision() {
    return this.revision;
  }

  staged() {
    const staged = this.#staged;
    return staged === null ? null : { revision: staged.revision, cursor: staged.cursor, rows: staged.rows.size };
  }

  beginSnapshot(revision: number): void {
    this.#write();
    this.#staged = { revision, cursor: '', rows: new Map() };
  }

  stage(changes: readonly Change[], cursor: string): Work {
    let at = 0;
    return {
      step: () => {
        this.#write();
        const change = changes[at];
        if (change !== undefined) this.#staged?.rows.set(rowKey(change), change);
        at += 1;
        if (at < changes.length) return false;
        if (this.#staged !== null) this.#staged.cursor = cursor;
        return true;
      },
    };
  }

  finishSnapshot(
    revision: number,
    knows: readonly { readonly unit: string; readonly epoch: number; readonly seq: number }[],
  ) {
    return {
      step: () => {
        this.#write();
        const staged = this.#staged;
        this.#staged = null;
        if (this.trouble.length > 0 || staged === null) return true;
        const known = (row: Change) => {
          if (!('origin' in row) || row.origin === null) return true;
          const { unit, epoch, seq } = row.origin;
          return knows.some(
            (one) => one.unit === unit && (one.epoch > epoch || (one.epoch === epoch && seq <= one.seq)),
          );
        };
        for (const [key, row] of this.rows) if (known(row)) this.rows.delete(key);
        this.#put([...staged.rows.values()]);
        this.revision = revision;
        return true;
      },
      trouble: () => this.trouble,
    };
  }

  tidy(): Work {
    return { step: () => true };
  }

  applyDelta(to: number, changes: readonly Change[]): Result<void, readonly string[]> {
    this.#write();
    if (this.trouble.length > 0) return { ok: false, error: this.trouble };
    this.#put(changes);
    this.revision = to;
    return ok(undefined);
  }

  roster() {
    return null;
  }

  heardOf() {
    return [];
  }

  hear(): void {
    throw new Error('no peers here');
  }

  begins() {
    return null;
  }

  relayable() {
    return null;
  }

  relayed() {
    return null;
  }

  peerAcknowledged(): void {
    throw new Error('no peers here');
  }

  digest(): string {
    return JSON.stringify([...this.rows].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  readonly revocation = {
    firstAt: () => this.revokedAt,
    note: (hubTime: number) => {
      this.revokedAt ??= hubTime;
      return this.revokedAt;
    },
    forget: () => {
      this.revokedAt = null;
    },
  };

  wipeMembers(): ReturnType<Replica['wipeMembers']> {
    return {
      left: () => [],
      step: () => {
        this.rows.clear();
        this.wiped = true;
        return true;
      },
    };
  }

  #write(): void {
    if (this.broken !== null) throw this.broken;
  }

  #put(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.body === null) this.rows.delete(rowKey(change));
      else this.rows.set(rowKey(change), change);
    }
  }

  #hash(seq: number): string {
    return chainHash(this.#unit, this.epoch, this.bodies.slice(0, seq));
  }
}

export function chainHash(unit: string, epoch: number, bodies: readonly string[]): string {
  const genesis = createHash('sha256').update(`genkan ${unit} ${epoch}`).digest();
  const next = (before: Buffer, body: string) => createHash('sha256').update(before).update(body).digest();
  return bodies.reduce<Buffer>(next, genesis).toString('base64url');
}

/** The rows that an event makes. */
export function rowsOf(unit: string, epoch: number, text: string): Change[] {
  const body = parseEventBody(text);
  if (!body.ok) return [];
  const { seq, detail } = body.value;
  const consumed = detail.effects?.consumed;
  const memberId = detail.effects?.memberId;
  if (consumed?.kind !== 'band' || memberId == null) return [];
  const { contractId, bandId, date } = consumed;
  const origin = { unit, epoch, seq };
  return [{ kind: 'usage', id: `${unit}/${epoch}/${seq}`, origin, body: { memberId, contractId, bandId, date } }];
}
