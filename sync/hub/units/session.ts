/**
 * One connection of a unit: what it may send now, what waits for its turn, what has gone out. It knows nothing of what
 * the messages mean (`answers.ts`). There are thousands: a session has no timers and few closures of its own.
 */
import type { KeyObject } from 'node:crypto';
import type { FromHub, WireFault } from '../../wire/from-hub.ts';
import { WIRE } from '../../wire/limits.ts';
import { parseToHub, type WireError } from '../../wire/parse.ts';
import type { ToHub } from '../../wire/to-hub.ts';
import { makeNonce } from '../keys.ts';
import { placeOf } from '../log.ts';
import { Budget } from './budget.ts';
import type { Caller, HubParts, Sendable, UnitSocket } from './ports.ts';

/** Who a connection has proved to be. */
export interface Member {
  readonly tenant: string;
  readonly unit: string;
  readonly site: string;
  readonly key: KeyObject;
}

export interface Answers {
  /** Resolves when the next message of the session may be looked at. Throws where the store can't. */
  answer(session: Session, message: ToHub): Promise<void>;
  /** The session is over. Called once. */
  left(session: Session): void;
}

export class Session {
  readonly nonce = makeNonce();
  readonly caller: Caller;
  readonly openedMono: number;
  readonly openedAt: number;
  /** null: it hasn't said who it is. */
  member: Member | null = null;
  /** The revision up to which it has been sent everything; null: it isn't to get deltas now. */
  follows: number | null = null;
  /** Counts what is streamed to it: a stream that isn't the latest stops. */
  stream = 0;
  /** Batches of events that aren't durable yet. */
  inFlight = 0;
  readonly refreshes: Budget;
  readonly #parts: HubParts;
  readonly #answers: Answers;
  readonly #socket: UnitSocket;
  readonly #messages: Budget;
  readonly #bytes: Budget;
  readonly #waiting: string[] = [];
  /** Messages that wait for another one, how long they are, and since when. */
  #held: Sendable[] = [];
  #heldLength = 0;
  #heldMono = 0;
  #hasPong = false;
  #waitingLength = 0;
  #isPaused = false;
  #isBusy = false;
  #isOver = false;
  #heardMono: number;
  #sent = 0;
  #gone = 0;
  #movedMono: number;
  /** Since when a message of rows is on its way; null: none is. */
  #pacedMono: number | null = null;

  constructor(socket: UnitSocket, caller: Caller, parts: HubParts, answers: Answers) {
    const mono = parts.clock.mono();
    this.caller = caller;
    this.openedMono = mono;
    this.openedAt = parts.clock.wall();
    this.#socket = socket;
    this.#parts = parts;
    this.#answers = answers;
    this.#heardMono = mono;
    this.#movedMono = mono;
    this.#messages = new Budget(parts.limits.messagesAtOnce, mono);
    this.#bytes = new Budget(parts.limits.bytesAtOnce, mono);
    this.refreshes = new Budget(parts.limits.refreshes.atOnce, mono);
    this.send({ type: 'challenge', version: WIRE.version, nonce: this.nonce });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether rows may be sent to it now. */
  get hasRoom(): boolean {
    return !this.#isOver && this.#socket.unsent < this.#parts.limits.unsentBytes;
  }

  send(message: FromHub): void {
    this.sendText(JSON.stringify(message), null);
  }

  /** With the next message, or within some seconds (`giveHeld`): two in one write cost little more than one. */
  sendSoon(message: Sendable): void {
    // A connection keeps buffers as large as the largest write was.
    if (this.#heldLength + message.length > this.#parts.limits.togetherLength) this.giveHeld();
    if (this.#held.length === 0) this.#heldMono = this.#parts.clock.mono();
    this.#held.push(message);
    this.#heldLength += message.length;
  }

  /** The same of a `pong`: one answers all pings that came before it. */
  pongSoon(message: Extract<FromHub, { type: 'pong' }>): void {
    if (this.#hasPong) return;
    this.sendSoon(JSON.stringify(message));
    this.#hasPong = true;
  }

  sendText(text: Sendable, sent: (() => void) | null): void {
    if (this.#isOver) {
      sent?.();
      return;
    }
    if (this.#heldLength + text.length > this.#parts.limits.togetherLength) this.giveHeld();
    if (this.#held.length === 0) this.#write([text], sent);
    else this.#write([...this.#takeHeld(), text], sent);
  }

  /** What waits for the next message waits no longer. */
  giveHeld(): void {
    if (this.#held.length > 0 && !this.#isOver) this.#write(this.#takeHeld(), null);
  }

  #takeHeld(): readonly Sendable[] {
    const held = this.#held;
    this.#held = [];
    this.#heldLength = 0;
    this.#hasPong = false;
    return held;
  }

  #write(messages: readonly Sendable[], sent: (() => void) | null): void {
    this.#sent += this.#socket.send(messages, sent);
  }

  /** Resolves once it is out, or the session over. One at a time. */
  sendPaced(text: Sendable): Promise<void> {
    this.#pacedMono = this.#parts.clock.mono();
    return new Promise((resolve) =>
      this.sendText(text, () => {
        this.#pacedMono = null;
        resolve();
      }),
    );
  }

  /** Says why, and ends. */
  goodbye(why: WireFault, detail: string): void {
    if (this.#isOver) return;
    this.#parts.log.info({ unit: this.member?.unit ?? null, why, detail }, 'connection ended');
    this.send({ type: 'goodbye', why, detail });
    this.#end();
    this.#socket.end();
  }

  /** What came from the unit. */
  receive(text: string): void {
    if (this.#isOver) return;
    const excess = this.#excess(text.length);
    if (excess !== null) {
      this.goodbye('too-many', `more than ${excess} a second`);
      return;
    }
    this.#waiting.push(text);
    this.#waitingLength += text.length;
    if (this.#isFull()) this.#pause();
    void this.#work();
  }

  #excess(length: number): string | null {
    const { limits, clock } = this.#parts;
    const mono = clock.mono();
    this.#heardMono = mono;
    if (!this.#messages.take(1, mono, limits.messagesPerSecond, limits.messagesAtOnce))
      return `${limits.messagesPerSecond} messages`;
    const isTooMuch = !this.#bytes.take(length, mono, limits.bytesPerSecond, limits.bytesAtOnce);
    return isTooMuch ? `${limits.bytesPerSecond} bytes` : null;
  }

  /** The other side has gone. */
  closed(): void {
    this.#end();
  }

  /** Ends it where it is silent, late or too slow. */
  sweep(mono: number): void {
    const { stuckMs, partMs, soonMs } = this.#parts.limits;
    if (mono - this.#heldMono >= soonMs) this.giveHeld();
    const late = this.member === null && mono - this.openedMono > WIRE.greetingMs;
    // What wasn't read because it had to wait is no silence.
    const silent = !this.#isPaused && !this.#isBusy && mono - this.#heardMono > WIRE.silenceMs;
    if (late) this.goodbye('too-slow', `no pair or hello within ${WIRE.greetingMs} ms`);
    else if (silent) this.goodbye('too-slow', `silent for ${WIRE.silenceMs} ms`);
    const { unsent } = this.#socket;
    const gone = this.#sent - unsent;
    if (unsent === 0 || gone > this.#gone) this.#movedMono = mono;
    this.#gone = gone;
    const isStuck = mono - this.#movedMono > stuckMs;
    if (!isStuck && (this.#pacedMono === null || mono - this.#pacedMono <= partMs)) return;
    this.goodbye('too-slow', isStuck ? `took nothing for ${stuckMs} ms` : `took one message in over ${partMs} ms`);
    this.#socket.cut();
  }

  #isFull(): boolean {
    const { limits } = this.#parts;
    return this.#waiting.length >= limits.waitingMessages || this.#waitingLength >= limits.waitingBytes;
  }

  #pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#socket.pause();
  }

  #goOn(): void {
    if (!this.#isPaused || this.#isFull()) return;
    this.#isPaused = false;
    this.#heardMono = this.#parts.clock.mono();
    this.#socket.resume();
  }

  /** One after the other, in the order in which they came. */
  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let text = this.#waiting.shift(); text !== undefined && !this.#isOver; text = this.#waiting.shift()) {
        this.#waitingLength -= text.length;
        const message = parseToHub(text);
        if (message.ok) await this.#answers.answer(this, message.value);
        else this.#refuse(message.error);
        this.#goOn();
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.#isBusy = false;
    }
  }

  /** The hub can't do what it was asked: the unit comes back later. */
  fail(error: unknown): void {
    this.#parts.log.warn({ unit: this.member?.unit ?? null, place: placeOf(error) }, 'a message failed');
    this.goodbye('unavailable', 'the hub can’t do this now: come back later');
  }

  #refuse({ why, detail }: WireError): void {
    const isVersion = detail.startsWith('version:');
    this.goodbye(isVersion ? 'version' : why, isVersion ? `this hub speaks version ${WIRE.version}` : detail);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting.length = 0;
    // Whatever still comes is read and dropped, so that the goodbye gets through.
    if (this.#isPaused) this.#socket.resume();
    this.#answers.left(this);
  }
}
