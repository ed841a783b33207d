/**
 * The record's way up, on one connection: from what the hub says to have, in parts small enough that a scan doesn't
 * notice, a few of them on their way. Nothing counts as sent before the hub has said that it is durable.
 */
import type { Clock, Timer } from '../../main/core/clock.ts';
import { headText } from '../wire/signed.ts';
import type { ToHub } from '../wire/to-hub.ts';
import type { OutgoingEvents, Replica } from './ports.ts';
import { Relay } from './relay.ts';

/** One part: reading, signing and sending it takes about a millisecond. */
const PART = { events: 200, bytes: 131_072 };
const MOST_ON_THEIR_WAY = 8;
/** A new event waits so long for what comes with it: its command and its outcome. */
const GATHER_MS = 10;
const BUSY_MS = 10;
/** A door in use all day holds the record back no longer. */
const LONGEST_REST_MS = 250;
/** Where the hub has taken less than was sent, and says no more. */
const ANSWER_MS = 10_000;
/** What the hub has is written down here at most so often: it costs a commit. */
const NOTE_MS = 250;
const MOST_HANDOVERS = 20;
/** The hub takes nothing of what it asks for: so often, and the connection is given up. */
const MOST_REWINDS = 5;

export interface UplinkParts {
  readonly clock: Clock;
  readonly replica: Replica;
  readonly send: (message: ToHub) => void;
  readonly quiet: () => boolean;
  /** What the store threw. */
  readonly failed: (error: unknown) => void;
  /** The hub doesn't keep to the protocol. */
  readonly distrust: (detail: string) => void;
}

interface Part {
  readonly from: number;
  readonly to: number;
}

export class Uplink {
  readonly #parts: UplinkParts;
  readonly #unit: string;
  readonly #epoch: number;
  readonly #relay: Relay;
  readonly #onTheirWay: Part[] = [];
  /** On this connection, and still here. */
  readonly #handedOver = new Set<string>();
  #taken: { readonly ids: readonly string[]; readonly revision: number }[] = [];
  /** Up to where the hub has it, as it said on this connection. */
  #durable = 0;
  #sent = 0;
  #sentMost = 0;
  #noted = 0;
  #rewinds = 0;
  #restedSince: number | null = null;
  #timer: Timer | null = null;
  #answerTimer: Timer | null = null;
  #noteTimer: Timer | null = null;
  #open = false;

  constructor(parts: UplinkParts) {
    this.#parts = parts;
    this.#relay = new Relay(parts.replica, parts.send);
    ({ unit: this.#unit, epoch: this.#epoch } = parts.replica.unit());
  }

  /** @param acknowledged what the hub has of this epoch; null: it hasn't heard of it */
  start(acknowledged: number | null): void {
    const { replica, send } = this.#parts;
    if (acknowledged === null) send({ type: 'epoch', epoch: this.#epoch, before: replica.before() });
    const head = replica.head()?.seq ?? 0;
    this.#noted = replica.acknowledged();
    // Beyond the head: the disk is an older copy of itself. What it counts anew the hub keeps beside what it has.
    const has = this.#beginLate(acknowledged ?? 0);
    this.#durable = has > head ? Math.min(this.#noted, head) : has;
    this.#sent = this.#durable;
    this.#sentMost = Math.max(this.#durable, this.#noted);
    this.#open = true;
    this.#noteSoon();
    // Before the events that use it.
    this.#handOver();
    this.#again(0);
  }

  /** The hub was put back to before what is kept here: it is told where the record goes on. @returns what it has then */
  #beginLate(has: number): number {
    const begins = this.#parts.replica.begins();
    if (begins === null || begins.seq <= has) return has;
    this.#parts.send({ type: 'epoch', epoch: this.#epoch, before: { epoch: this.#epoch, ...begins } });
    return begins.seq;
  }

  /** Something new is on record. */
  nudge(): void {
    if (this.#open) this.#again(GATHER_MS);
  }

  get queue(): number {
    return Math.max(0, (this.#parts.replica.head()?.seq ?? 0) - this.#durable);
  }

  acknowledged(unit: string, epoch: number, seq: number): void {
    if (unit !== this.#unit) {
      this.#relay.acknowledged(unit, epoch, seq);
      this.#again(0);
      return;
    }
    if (epoch !== this.#epoch) return;
    const durable = Math.min(seq, this.#sentMost);
    const [first] = this.#onTheirWay;
    // It took nothing of what it was told next: it asks from where it is.
    if (first !== undefined && durable < first.from) this.#rewind(durable);
    else this.#advance(durable);
  }

  /** What stands for them here stays until the hub's rows have come, with `revision`. */
  taken(ids: readonly string[], revision: number): void {
    const known = ids.filter((id) => this.#handedOver.has(id));
    if (known.length > 0) this.#taken.push({ ids: known, revision });
    this.applied();
  }

  /** The hub's rows have come up to some revision. */
  applied(): void {
    if (this.#taken.length === 0) return;
    const { replica, clock } = this.#parts;
    const here = replica.hubRevision();
    const ids = this.#taken.filter(({ revision }) => revision <= here).flatMap((one) => one.ids);
    if (ids.length === 0) return;
    replica.taken(ids, clock.wall());
    this.#taken = this.#taken.filter(({ revision }) => revision > here);
    for (const id of ids) this.#handedOver.delete(id);
    this.#again(0);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const timer of [this.#timer, this.#answerTimer, this.#noteTimer]) timer?.cancel();
    this.#note();
  }

  #advance(durable: number): void {
    this.#durable = Math.max(this.#durable, durable);
    this.#sent = Math.max(this.#sent, this.#durable);
    while ((this.#onTheirWay[0]?.to ?? Number.POSITIVE_INFINITY) <= this.#durable) {
      this.#onTheirWay.shift();
      this.#rewinds = 0;
    }
    this.#awaitAnswer();
    this.#noteSoon();
    this.#again(0);
  }

  #rewind(durable: number): void {
    this.#rewinds += 1;
    if (this.#rewinds > MOST_REWINDS) {
      this.#parts.distrust('the hub takes none of the events that it asks for');
      return;
    }
    this.#onTheirWay.length = 0;
    this.#durable = durable;
    this.#sent = durable;
    this.#awaitAnswer();
    this.#again(0);
  }

  #awaitAnswer(): void {
    this.#answerTimer?.cancel();
    this.#answerTimer = null;
    if (this.#onTheirWay.length === 0) return;
    this.#answerTimer = this.#parts.clock.after('link events unanswered', ANSWER_MS, () => {
      this.#rewind(this.#durable);
    });
  }

  #again(delayMs: number): void {
    if (!this.#open) return;
    this.#timer ??= this.#parts.clock.after('link push', delayMs, () => {
      this.#timer = null;
      try {
        this.#push();
      } catch (error) {
        this.#parts.failed(error);
      }
    });
  }

  /** One part at most: others want their turn. */
  #push(): void {
    if (this.#onTheirWay.length >= MOST_ON_THEIR_WAY) return;
    if (this.#mustRest()) {
      this.#again(BUSY_MS);
      return;
    }
    const next = this.#parts.replica.outgoing(this.#sent, PART);
    if (next !== null) this.#send(next);
    else {
      this.#handOver();
      if (this.#relay.push()) this.#again(0);
    }
  }

  #send(part: OutgoingEvents): void {
    const { replica, send } = this.#parts;
    const { epoch, from, bodies, hash } = part;
    const to = from + bodies.length - 1;
    const proof = replica.sign(headText(this.#unit, epoch, to, hash));
    send({ type: 'events', unit: this.#unit, epoch, from, bodies: [...bodies], hash, proof });
    this.#onTheirWay.push({ from, to });
    this.#sent = to;
    this.#sentMost = Math.max(this.#sentMost, to);
    if (this.#onTheirWay.length === 1) this.#awaitAnswer();
    this.#again(0);
  }

  #handOver(): void {
    const { replica, send } = this.#parts;
    for (const { id, kind, body } of replica.handovers(this.#handedOver.size + MOST_HANDOVERS)) {
      if (this.#handedOver.has(id)) continue;
      this.#handedOver.add(id);
      send({ type: 'handover', id, kind, body });
    }
  }

  #mustRest(): boolean {
    if (this.#parts.quiet()) {
      this.#restedSince = null;
      return false;
    }
    const now = this.#parts.clock.mono();
    this.#restedSince ??= now;
    if (now - this.#restedSince < LONGEST_REST_MS) return true;
    this.#restedSince = now;
    return false;
  }

  /** At once when all is there, so that the outbox says so. */
  #noteSoon(): void {
    if (this.#durable <= this.#noted) return;
    this.#noteTimer ??= this.#parts.clock.after('link acknowledged', NOTE_MS, () => {
      this.#noteTimer = null;
      this.#note();
    });
  }

  #note(): void {
    if (this.#durable <= this.#noted) return;
    try {
      this.#parts.replica.acknowledge(this.#epoch, this.#durable);
      this.#noted = this.#durable;
    } catch (error) {
      this.#parts.failed(error);
    }
  }
}
