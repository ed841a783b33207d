/**
 * Events of other units of the site, as they signed them: applied here once, and kept until the hub is known to have
 * them, so that whoever reaches it first can bring them there.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { Effects } from '../../sync/wire/effects.ts';
import { EffectRows } from './effect-rows.ts';
import type { Limits, OutgoingEvents } from './outbox.ts';
import { eventOf, type Head } from './unknown-events.ts';

export interface HeardEvent {
  readonly seq: number;
  readonly body: string;
  readonly effects: Effects | undefined;
}

/** Of one unit: a month of a busy door. The oldest go first; the unit itself has them. */
const MOST_KEPT = 50_000;

export class Peers {
  readonly #db: Database;
  readonly #rows: EffectRows;
  readonly #heads: Statement<[], Head>;
  readonly #head: Statement<[string, number], { heard: number; known: number }>;
  readonly #keep: Statement<[string, number, number, string]>;
  readonly #vouch: Statement<[string, string, string, number, number]>;
  readonly #heard: Statement<[string, number, number]>;
  readonly #undone: Statement<[string, number, number, string, number]>;
  readonly #bound: Statement<[string, number, number]>;
  readonly #next: Statement<[string], { unit: string }>;
  readonly #latest: Statement<[string, number], { epoch: number }>;

  constructor(db: Database) {
    this.#db = db;
    this.#rows = new EffectRows(db, '', () => null);
    this.#heads = db.prepare('SELECT unit, epoch, max(heard, known) AS seq FROM peer ORDER BY unit, epoch');
    this.#head = db.prepare('SELECT heard, known FROM peer WHERE unit = ? AND epoch = ?');
    this.#keep = db.prepare(
      'INSERT INTO peer_event (unit, epoch, seq, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#vouch = db.prepare('UPDATE peer_event SET hash = ?, proof = ? WHERE unit = ? AND epoch = ? AND seq = ?');
    this.#heard = db.prepare(`
      INSERT INTO peer (unit, epoch, heard) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET heard = max(heard, excluded.heard)`);
    this.#undone = db.prepare(
      'INSERT INTO peer_undone (unit, epoch, seq, kind, undo_seq) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#bound = db.prepare('DELETE FROM peer_event WHERE unit = ? AND epoch = ? AND seq <= ?');
    this.#next = db.prepare('SELECT unit FROM peer_event WHERE unit > ? ORDER BY unit LIMIT 1');
    this.#latest = db.prepare('SELECT epoch FROM peer_event WHERE unit = ? AND seq > ? ORDER BY epoch, seq LIMIT 1');
  }

  heardOf(): readonly Head[] {
    return this.#heads.all();
  }

  /** Only inside a transaction. What was heard before, or is at the hub, is not applied again. */
  hear(
    unit: string,
    epoch: number,
    events: readonly HeardEvent[],
    vouched: { readonly hash: string; readonly proof: string },
  ): void {
    const last = events.at(-1);
    if (last === undefined) return;
    const { heard, known } = this.#head.get(unit, epoch) ?? { heard: 0, known: 0 };
    const whose = { unit, epoch, own: false };
    this.#db.prepare('UPDATE retention SET forgetting = 1').run();
    for (const { seq, body, effects } of events) {
      if (seq > known) this.#keep.run(unit, epoch, seq, body);
      if (seq <= Math.max(heard, known) || effects === undefined) continue;
      const event = eventOf(body);
      if (event === null) continue;
      this.#rows.apply(whose, event);
      if (event.of === null) continue;
      for (const { kind } of effects.undo ?? []) this.#undone.run(unit, epoch, event.of, kind, seq);
    }
    this.#db.prepare('UPDATE retention SET forgetting = 0').run();
    this.#vouch.run(vouched.hash, vouched.proof, unit, epoch, last.seq);
    this.#heard.run(unit, epoch, last.seq);
    this.#bound.run(unit, epoch, last.seq - MOST_KEPT);
  }

  /** The hub has a unit's events up to `seq`, durably: nobody needs to bring them there any more. */
  acknowledged(unit: string, epoch: number, seq: number): void {
    this.#bound.run(unit, epoch, seq);
  }

  /** The next unit behind `after` of which events are kept. */
  relayable(after: string): string | null {
    return this.#next.get(after)?.unit ?? null;
  }

  /** From behind `after` on without a gap, up to where the unit has signed; null: nothing of it waits. */
  relayed(unit: string, after: number, limits: Limits): (OutgoingEvents & { readonly proof: string }) | null {
    const epoch = this.#latest.get(unit, after)?.epoch;
    return epoch === undefined ? null : this.relayedOf(unit, epoch, after, limits);
  }

  /** Where what is kept of a unit begins, in each of its epochs in order. */
  kept(unit: string): readonly { readonly epoch: number; readonly after: number }[] {
    return this.#db
      .prepare<[string], { epoch: number; after: number }>(
        'SELECT epoch, min(seq) - 1 AS after FROM peer_event WHERE unit = ? GROUP BY epoch ORDER BY epoch',
      )
      .all(unit);
  }

  /** As `relayed`, of one epoch. */
  relayedOf(
    unit: string,
    epoch: number,
    after: number,
    limits: Limits,
  ): (OutgoingEvents & { readonly proof: string }) | null {
    const rows = this.#db
      .prepare<
        [string, number, number, number],
        { seq: number; body: string; hash: string | null; proof: string | null }
      >('SELECT seq, body, hash, proof FROM peer_event WHERE unit = ? AND epoch = ? AND seq > ? ORDER BY seq LIMIT ?')
      .all(unit, epoch, after, limits.events);
    const [first] = rows;
    let bytes = 0;
    let end: { readonly count: number; readonly hash: string; readonly proof: string } | null = null;
    for (const [index, { seq, body, hash, proof }] of rows.entries()) {
      bytes += Buffer.byteLength(body);
      if (first === undefined || seq !== first.seq + index || (bytes > limits.bytes && index > 0)) break;
      if (hash !== null && proof !== null) end = { count: index + 1, hash, proof };
    }
    if (first === undefined || end === null) return null;
    const bodies = rows.slice(0, end.count).map(({ body }) => body);
    return { epoch, from: first.seq, bodies, hash: end.hash, proof: end.proof };
  }
}
