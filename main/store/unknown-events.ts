/** What happened here and at peers and a hub's cut doesn't know: in the order in which it happened, as far as known. */
import type { Database, Statement } from 'better-sqlite3';
import { Effects, parseEventBody } from '../../sync/wire/effects.ts';
import type { EffectRows, ProjectedEvent } from './effect-rows.ts';
import { instantNumber } from './instants.ts';
import type { Whose } from './rows-source.ts';
import type { Piece } from './sliced.ts';

/** A unit's events up to `seq`, of one epoch. */
export interface Head {
  readonly unit: string;
  readonly epoch: number;
  readonly seq: number;
}

interface Waiting {
  readonly whose: Whose;
  readonly seq: number;
  /** Not before that of the unit's event before: its clock may have gone back, its record never does. */
  readonly at: number;
}

const ROWS = 200;

export class UnknownEvents {
  readonly #own: Statement<[number, number], { seq: number; body: string }>;
  readonly #peers: Statement<[string, number, number, number], { seq: number; body: string }>;
  readonly #ownBody: Statement<[number], { body: string }>;
  readonly #peerBody: Statement<[string, number, number], { body: string }>;
  readonly #heard: Statement<[], Head>;
  readonly #me: Whose;
  /** Up to where each unit's have been looked at. */
  readonly #done = new Map<string, number>();

  /** @param knows what the cut has; of other units only those in it or in `units` are looked at */
  constructor(db: Database, me: Whose, knows: readonly Head[], units: ReadonlySet<string>) {
    this.#me = me;
    const effects = "body ->> '$.detail.effects' IS NOT NULL";
    this.#own = db.prepare(`SELECT seq, body FROM event WHERE seq > ? AND ${effects} ORDER BY seq LIMIT ?`);
    this.#peers = db.prepare(`
      SELECT seq, body FROM peer_event WHERE unit = ? AND epoch = ? AND seq > ? AND ${effects} ORDER BY seq LIMIT ?`);
    this.#ownBody = db.prepare('SELECT body FROM event WHERE seq = ?');
    this.#peerBody = db.prepare('SELECT body FROM peer_event WHERE unit = ? AND epoch = ? AND seq = ?');
    this.#heard = db.prepare('SELECT unit, epoch, heard AS seq FROM peer ORDER BY unit, epoch');
    const told = new Set([...units, ...knows.map(({ unit }) => unit)]);
    for (const { unit, epoch } of this.#heard.all()) {
      // Units that the hub doesn't name are none of its tenant's any more.
      if (!told.has(unit)) this.#done.set(keyOf(unit, epoch), Number.MAX_SAFE_INTEGER);
    }
    for (const { unit, epoch, seq } of knows) this.#done.set(keyOf(unit, epoch), seq);
  }

  /** Those that were not looked at before. @param rows where they are applied */
  *apply(rows: EffectRows): Generator<Piece, void> {
    const waiting: Waiting[] = [];
    yield* this.#collect(this.#me, waiting);
    for (const { unit, epoch } of this.#heard.all()) {
      if (unit !== this.#me.unit || epoch !== this.#me.epoch)
        yield* this.#collect({ unit, epoch, own: false }, waiting);
    }
    waiting.sort((a, b) => a.at - b.at);
    for (const { whose, seq } of waiting) {
      const event = this.#read(whose, seq);
      if (event !== null) rows.apply(whose, event);
      yield 'more';
    }
  }

  *#collect(whose: Whose, waiting: Waiting[]): Generator<Piece, void> {
    const key = keyOf(whose.unit, whose.epoch);
    for (let at = 0; ; ) {
      const after = this.#done.get(key) ?? 0;
      const page = whose.own ? this.#own.all(after, ROWS) : this.#peers.all(whose.unit, whose.epoch, after, ROWS);
      for (const { seq, body } of page) {
        at = Math.max(at, eventOf(body)?.at ?? 0);
        waiting.push({ whose, seq, at });
      }
      const last = page.at(-1);
      if (last === undefined) return;
      this.#done.set(key, last.seq);
      yield 'more';
    }
  }

  #read(whose: Whose, seq: number): ProjectedEvent | null {
    const row = whose.own ? this.#ownBody.get(seq) : this.#peerBody.get(whose.unit, whose.epoch, seq);
    return row === undefined ? null : eventOf(row.body);
  }
}

/** null: it changes nothing, or isn't in the words of the protocol. */
export function eventOf(body: string): ProjectedEvent | null {
  const event = parseEventBody(body);
  if (!event.ok) return null;
  const { seq, at, of, detail } = event.value;
  const effects = Effects.safeParse(detail.effects);
  return effects.success ? { seq, at: instantNumber(at), of, effects: effects.data } : null;
}

function keyOf(unit: string, epoch: number): string {
  return `${epoch} ${unit}`;
}

/** Applies what is left at once. */
export function applyAll(events: UnknownEvents, rows: EffectRows): void {
  for (const _ of events.apply(rows)) void _;
}
