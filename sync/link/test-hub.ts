/** For tests: a hub of a few maps that keeps to the protocol, and whose sessions a test can make say anything. */
import type { Clock } from '../../main/core/clock.ts';
import type { Change } from '../wire/entities.ts';
import type { CommandPayload, FromHub } from '../wire/from-hub.ts';
import { arrivalOf } from '../wire/merge.ts';
import { parseToHub } from '../wire/parse.ts';
import { commandText, headText, helloText, hubText, pairingText, revocationText } from '../wire/signed.ts';
import type { ToHub } from '../wire/to-hub.ts';
import { isSigned } from './proof.ts';
import { ADDRESS, type FarEnd, type HandLine, makeKey, rowKey, rowsOf, type TestKey } from './testing.ts';

type Said<T extends ToHub['type']> = Extract<ToHub, { readonly type: T }>;

export const CODE = 'PAIRME23';
const NONCE = 'n'.repeat(22);
const PAGE = 4;

export class ReferenceHub {
  readonly key: TestKey = makeKey();
  readonly clock: Clock;
  readonly units = new Map<string, string>();
  /** Bodies by unit and epoch. */
  readonly records = new Map<string, string[]>();
  readonly rows = new Map<string, { readonly change: Change; readonly revision: number }>();
  /** How often a number came with other bytes. */
  contradictions = 0;
  revision = 0;
  /** In which revision the rows of what is handed over will come; null: they are there. */
  takenWith: number | null = null;
  /** A delta of more rows than this is a snapshot instead. */
  most = 20;
  /** Whoever stands before it takes a snapshot. */
  horizon = 0;
  #copy: Pick<ReferenceHub, 'records' | 'rows'> = { records: new Map(), rows: new Map() };
  /** Sessions as they came. */
  sessions: HubSession[] = [];

  constructor(clock: Clock) {
    this.clock = clock;
  }

  accept(line: HandLine): HubSession {
    const session = new HubSession(this, line);
    this.sessions.push(session);
    session.say({ type: 'challenge', version: 1, nonce: NONCE });
    return session;
  }

  get session(): HubSession {
    const session = this.sessions.at(-1);
    if (session === undefined) throw new Error('nobody is connected');
    return session;
  }

  record(unit: string, epoch: number): string[] {
    const key = `${unit}/${epoch}`;
    const record = this.records.get(key) ?? [];
    this.records.set(key, record);
    return record;
  }

  /** In one cut. */
  change(changes: readonly Change[]): void {
    this.revision += 1;
    for (const change of changes) this.rows.set(rowKey(change), { change, revision: this.revision });
    for (const session of this.sessions) session.follow();
  }

  since(revision: number): Change[] {
    return [...this.rows.values()].filter((row) => row.revision > revision).map(({ change }) => change);
  }

  /** What is there, without what is gone. */
  standing(): ReadonlyMap<string, Change> {
    const standing = [...this.rows].filter(([, { change }]) => change.body !== null);
    return new Map(standing.map(([key, { change }]) => [key, change]));
  }

  /** Remembers how it is: `restoreOlder` goes back to there. */
  copy(): void {
    this.#copy = {
      records: new Map([...this.records].map(([key, record]) => [key, [...record]])),
      rows: new Map(this.rows),
    };
  }

  /** As a database that was put back. Its revisions go on above all that were seen, so that nobody can go on from one. */
  restoreOlder(): void {
    this.records.clear();
    this.rows.clear();
    for (const [key, record] of this.#copy.records) this.records.set(key, [...record]);
    this.revision += 1_000;
    for (const [key, { change }] of this.#copy.rows) this.rows.set(key, { change, revision: this.revision });
    this.horizon = this.revision;
    this.copy();
  }

  receive({ unit, epoch, from, bodies }: Said<'events'>): number {
    const record = this.record(unit, epoch);
    const made: Change[] = [];
    bodies.forEach((body, index) => {
      const seq = from + index;
      const arrival = arrivalOf(record.length, seq, record[seq - 1] ?? null, body);
      if (arrival === 'contradiction') this.contradictions += 1;
      if (arrival !== 'new') return;
      record.push(body);
      made.push(...rowsOf(unit, epoch, body));
    });
    if (made.length > 0) this.change(made);
    return record.length;
  }
}

export class HubSession implements FarEnd {
  readonly #hub: ReferenceHub;
  readonly #line: HandLine;
  readonly heard: ToHub[] = [];
  unit: string | null = null;
  /** Revision up to which it has been sent everything; null: it gets nothing. */
  #follows: number | null = null;

  constructor(hub: ReferenceHub, line: HandLine) {
    this.#hub = hub;
    this.#line = line;
  }

  say(message: FromHub): void {
    this.#line.toUnit.push(JSON.stringify(message));
  }

  /** Whatever a hostile hub would. */
  sayText(text: string): void {
    this.#line.toUnit.push(text);
  }

  closed(): void {
    this.#hub.sessions = this.#hub.sessions.filter((session) => session !== this);
  }

  said(text: string): void {
    const message = parseToHub(text);
    if (!message.ok) throw new Error(`the unit said what is no message: ${message.error.detail}`);
    this.heard.push(message.value);
    this.#answer(message.value);
  }

  welcome(hello: Said<'hello'>, more: Partial<Extract<FromHub, { type: 'welcome' }>> = {}): void {
    const hubTime = this.#hub.clock.wall();
    const seq = this.#hub.record(hello.unit, hello.epoch).length;
    const proof = this.#hub.key.sign(hubText(hello.nonce, hello.unit, hubTime));
    const { revision } = this.#hub;
    this.say({ type: 'welcome', hubTime, proof, acknowledged: seq === 0 ? null : seq, revision, ...more });
  }

  /** @param more what is signed instead of what is true */
  command(
    id: string,
    payload: CommandPayload,
    more: { readonly nonce?: string; readonly unit?: string; readonly at?: number } = {},
  ): void {
    const [command, at] = [JSON.stringify(payload), this.#hub.clock.wall()];
    const text = commandText(more.nonce ?? NONCE, more.unit ?? this.unit ?? '', id, command, more.at ?? at);
    this.say({ type: 'command', id, command, at, proof: this.#hub.key.sign(text) });
  }

  revoke(notice: 1 | 2, hubTime: number): void {
    const proof = this.#hub.key.sign(revocationText(this.unit ?? '', notice, hubTime));
    this.say({ type: 'revoked', notice, hubTime, proof });
  }

  /** Sends what has changed, where the unit follows. */
  follow(): void {
    const { revision, most } = this.#hub;
    if (this.#follows === null || this.#follows >= revision) return;
    const changes = this.#hub.since(this.#follows);
    if (changes.length > most || this.#follows < this.#hub.horizon) this.#snapshot(null);
    else {
      this.say({ type: 'delta', from: this.#follows, to: revision, changes, last: true });
      this.#follows = revision;
    }
  }

  #answer(message: ToHub): void {
    if (message.type === 'pair') this.#pair(message);
    else if (message.type === 'hello') this.#hello(message);
    else if (message.type === 'pull') this.#pull(message);
    else if (message.type === 'events') this.#events(message);
    else if (message.type === 'handover')
      this.say({ type: 'taken', ids: [message.id], revision: this.#hub.takenWith ?? this.#hub.revision });
    else if (message.type === 'ping') this.say({ type: 'pong', hubTime: this.#hub.clock.wall() });
  }

  #pair({ code, unit, key, nonce, proof }: Said<'pair'>): void {
    if (code !== CODE || !isSigned(key, pairingText(ADDRESS.host, NONCE, unit, key), proof)) {
      this.say({ type: 'goodbye', why: 'code', detail: 'it is unknown' });
      return;
    }
    this.#hub.units.set(unit, key);
    const hubTime = this.#hub.clock.wall();
    const { publicKey } = this.#hub.key;
    const own = this.#hub.key.sign(hubText(nonce, unit, hubTime));
    this.say({ type: 'paired', tenant: 't', hubKey: publicKey, sealKey: publicKey, hubTime, proof: own });
  }

  #hello(hello: Said<'hello'>): void {
    const { unit, epoch, proof } = hello;
    const key = this.#hub.units.get(unit);
    if (key === undefined || !isSigned(key, helloText(ADDRESS.host, NONCE, unit, epoch), proof))
      throw new Error('the unit did not prove itself');
    this.unit = unit;
    this.welcome(hello);
  }

  #pull({ since, resume }: Said<'pull'>): void {
    this.#follows = since;
    if (since > 0 && resume === null && since <= this.#hub.revision) this.follow();
    else this.#snapshot(resume !== null && this.#isKnown(resume.revision) ? resume : null);
  }

  #isKnown(revision: number): boolean {
    return revision <= this.#hub.revision && revision >= this.#hub.horizon;
  }

  #snapshot(resume: { readonly revision: number; readonly cursor: string } | null): void {
    const { rows, revision, records } = this.#hub;
    const keys = [...rows.keys()].sort();
    const since = resume?.revision ?? revision;
    this.say({ type: 'snapshot', revision: since, rows: keys.length, resumed: resume !== null });
    const rest = keys.filter((key) => key > (resume?.cursor ?? ''));
    for (let at = 0; at < rest.length; at += PAGE) {
      const page = rest.slice(at, at + PAGE);
      const changes = page.flatMap((key) => rows.get(key)?.change ?? []);
      this.say({ type: 'rows', changes, cursor: page.at(-1) ?? '' });
    }
    const more = this.#hub.since(since);
    if (more.length > 0) this.say({ type: 'rows', changes: more, cursor: keys.at(-1) ?? '' });
    const knows = [...records].map(([key, record]) => {
      const [unit = '', epoch] = key.split('/');
      return { unit, epoch: Number(epoch), seq: record.length };
    });
    this.say({ type: 'snapshot-end', revision, knows });
    this.#follows = revision;
  }

  #events(message: Said<'events'>): void {
    const { unit, epoch, from, bodies, hash, proof } = message;
    const key = this.#hub.units.get(unit) ?? '';
    if (!isSigned(key, headText(unit, epoch, from + bodies.length - 1, hash), proof))
      throw new Error('the unit did not vouch for its events');
    const seq = this.#hub.receive(message);
    if (seq > 0) this.say({ type: 'acknowledged', unit, epoch, seq });
  }
}
