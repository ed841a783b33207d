/**
 * One connection to the hub that this unit is paired with.
 *
 *   line opens ─▶ challenge ─▶ hello ─▶ welcome, its proof checked ─▶ record up, rows down, commands
 *
 * Before the proof nothing is believed but a signed notice of revocation.
 */
import type { Clock, Timer } from '../../main/core/clock.ts';
import type { FromHub } from '../wire/from-hub.ts';
import { WIRE } from '../wire/limits.ts';
import { helloText, hubText, revocationText } from '../wire/signed.ts';
import type { ToHub } from '../wire/to-hub.ts';
import { Chores } from './chores.ts';
import { Downlink } from './downlink.ts';
import type { EarlierEpochs } from './earlier-epochs.ts';
import { HubClock } from './hub-clock.ts';
import { Inbox } from './inbox.ts';
import type { Orders } from './orders.ts';
import type { Dialer, HubAddress, Line, Remote, Replica, RowsReader } from './ports.ts';
import { type Chance, isSigned } from './proof.ts';
import { type Ending, storeText } from './retry.ts';
import { Uplink } from './uplink.ts';

/** Parts of rows that wait to be staged before the next message is looked at. */
const MOST_CHORES = 3;

export interface SessionParts {
  readonly clock: Clock;
  readonly replica: Replica;
  readonly remote: Remote;
  readonly dialer: Dialer;
  readonly reader: RowsReader;
  readonly chance: Chance;
  readonly orders: Orders;
  readonly earlier: EarlierEpochs;
  readonly quiet: () => boolean;
  /** For technicians: data that can't be used. */
  readonly refused: (lines: readonly string[]) => void;
  /** The hub is who it says. */
  readonly welcomed: () => void;
  readonly revoked: (notice: 1 | 2, hubTime: number) => void;
  /** Once. */
  readonly ended: (ending: Ending) => void;
}

type Said<T extends FromHub['type']> = Extract<FromHub, { readonly type: T }>;

export class Session {
  readonly #parts: SessionParts;
  readonly #address: HubAddress;
  readonly #hubKey: string;
  readonly #unit: string;
  readonly #nonce: string;
  readonly #line: Line;
  readonly #inbox: Inbox;
  readonly #chores: Chores;
  readonly #up: Uplink;
  readonly #down: Downlink;
  readonly #hubClock: HubClock;
  /** The hub's of this connection, for which alone it signs commands. */
  #challenge = '';
  #phase: 'greeting' | 'proving' | 'live' | 'over' = 'greeting';
  #heardMono: number;
  #freshMono: number | null = null;
  #timer: Timer | null = null;

  constructor(parts: SessionParts, address: HubAddress, hubKey: string) {
    const { clock, replica, dialer, chance, quiet } = parts;
    this.#parts = parts;
    this.#address = address;
    this.#hubKey = hubKey;
    this.#unit = replica.unit().unit;
    this.#nonce = chance.nonce();
    this.#heardMono = clock.mono();
    this.#hubClock = new HubClock(clock);
    const failed = (error: unknown) => this.#end({ how: 'store', detail: storeText(error) });
    const send = (message: ToHub) => this.#send(message);
    const distrust = (detail: string) => this.#distrust(detail);
    this.#chores = new Chores({ clock, quiet, failed, idle: () => this.#inbox.pump() });
    this.#up = new Uplink({ clock, replica, send, quiet, failed, distrust });
    this.#down = new Downlink({ ...parts, chores: this.#chores, send, distrust, applied: () => this.#up.applied() });
    this.#inbox = new Inbox({
      clock,
      listen: (on) => this.#line.listen(on),
      ready: () => this.#chores.length < MOST_CHORES,
      read: (message) => (this.#down.progress === null ? null : parts.reader.read(message)),
      take: (message) => this.#take(message),
      takeRead: (rows) => this.#taking(() => this.#down.takeRead(rows)),
      refuse: ({ why, detail }) => this.#distrust(`the hub sent what is no message (${why}): ${detail}`),
    });
    this.#timer = clock.after('link greeting', WIRE.greetingMs, () => this.#lose('the hub did not answer'));
    this.#line = dialer.dial(address, {
      opened: () => this.#heard(),
      said: (message) => this.#said(message),
      closed: (why) => this.#lose(why),
    });
  }

  get isLive(): boolean {
    return this.#phase === 'live';
  }

  /** Whether everything that the hub has told of is applied here. */
  get isCurrent(): boolean {
    return this.isLive && this.#down.isCurrent;
  }

  /** When everything was last known to be applied; null: not on this connection. */
  get freshMono(): number | null {
    return this.isCurrent ? this.#heardMono : this.#freshMono;
  }

  get progress(): { readonly rows: number; readonly of: number } | null {
    return this.#down.progress;
  }

  /** Something new is on record. */
  recorded(): void {
    this.#up.nudge();
  }

  refresh(message: Extract<ToHub, { readonly type: 'refresh' }>): void {
    if (this.isLive) this.#send(message);
  }

  close(why: string): void {
    if (this.#phase === 'over') return;
    this.#stop();
    this.#line.close(why);
  }

  #said(message: Buffer): void {
    if (this.#phase === 'over') return;
    this.#heard();
    this.#inbox.put(message);
  }

  #heard(): void {
    this.#freshMono = this.freshMono;
    this.#heardMono = this.#parts.clock.mono();
  }

  #take(message: FromHub): void {
    this.#taking(() => {
      if (this.#phase === 'live') this.#takeLive(message);
      else this.#greet(message);
    });
  }

  #taking(take: () => void): void {
    this.#heard();
    try {
      take();
    } catch (error) {
      this.#end({ how: 'store', detail: storeText(error) });
    }
  }

  #greet(message: FromHub): void {
    if (message.type === 'goodbye') this.#goodbye(message);
    else if (message.type === 'revoked') this.#revoked(message);
    else if (message.type === 'challenge' && this.#phase === 'greeting') this.#hello(message.nonce);
    else if (message.type === 'welcome' && this.#phase === 'proving') this.#welcome(message);
    else this.#distrust(`the hub said ${message.type} before it had proven who it is`);
  }

  #hello(challenge: string): void {
    const { replica } = this.#parts;
    const { unit, epoch } = replica.unit();
    this.#phase = 'proving';
    this.#challenge = challenge;
    const proof = replica.sign(helloText(this.#address.host, challenge, unit, epoch));
    this.#hubClock.asked();
    this.#send({ type: 'hello', version: WIRE.version, unit, epoch, nonce: this.#nonce, proof });
  }

  #welcome({ hubTime, proof, acknowledged, revision }: Said<'welcome'>): void {
    if (!isSigned(this.#hubKey, hubText(this.#nonce, this.#unit, hubTime), proof)) {
      this.#distrust('the hub is not the one that this unit was paired with');
      return;
    }
    this.#phase = 'live';
    this.#hubClock.answered(hubTime);
    this.#parts.remote.hubTime(hubTime);
    this.#parts.welcomed();
    const isPutBack = (acknowledged ?? 0) > (this.#parts.replica.head()?.seq ?? 0);
    // Nothing more of the former epoch: this link is ended in a moment.
    if (isPutBack && this.#parts.remote.putBack()) return;
    this.#up.start(acknowledged);
    this.#parts.earlier.push((message) => this.#send(message));
    this.#down.start(revision);
    this.#watch();
  }

  #takeLive(message: FromHub): void {
    switch (message.type) {
      case 'snapshot':
      case 'rows':
      case 'snapshot-end':
      case 'delta':
        this.#down.take(message);
        break;
      case 'acknowledged':
        this.#acknowledged(message);
        break;
      case 'taken':
        this.#up.taken(message.ids, message.revision);
        break;
      case 'command':
        this.#command(message);
        break;
      case 'revoked':
        this.#revoked(message);
        break;
      case 'goodbye':
        this.#goodbye(message);
        break;
      case 'pong':
        this.#hubClock.answered(message.hubTime);
        break;
      case 'challenge':
      case 'paired':
      case 'welcome':
        this.#distrust(`the hub said ${message.type} again`);
    }
  }

  #acknowledged({ unit, epoch, seq }: Said<'acknowledged'>): void {
    this.#up.acknowledged(unit, epoch, seq);
    this.#parts.earlier.acknowledged(unit, epoch, seq, (message) => this.#send(message));
  }

  #command(message: Said<'command'>): void {
    const place = {
      unit: this.#unit,
      hubKey: this.#hubKey,
      nonce: this.#challenge,
      ageMs: (hubTime: number) => this.#hubClock.ageMs(hubTime),
      send: (answer: ToHub) => this.#send(answer),
    };
    if (!this.#parts.orders.take(message, place)) this.#distrust('a command came without the hub’s proof');
  }

  #revoked({ notice, hubTime, proof }: Said<'revoked'>): void {
    if (isSigned(this.#hubKey, revocationText(this.#unit, notice, hubTime), proof))
      this.#parts.revoked(notice, hubTime);
    else this.#distrust('a revocation came without the hub’s proof');
  }

  #goodbye({ why, detail }: Said<'goodbye'>): void {
    this.#end({ how: 'goodbye', why, detail });
  }

  /** Each side says something at least twice within the time after which it counts as gone. */
  #watch(): void {
    this.#timer?.cancel();
    this.#timer = this.#parts.clock.after('link ping', WIRE.silenceMs / 2, () => {
      const isSilent = this.#parts.clock.mono() - this.#heardMono >= WIRE.silenceMs;
      if (isSilent || this.#down.isStalled) {
        this.#lose(isSilent ? 'the hub fell silent' : 'the hub stopped in the midst of its rows');
        return;
      }
      this.#hubClock.asked();
      this.#send({ type: 'ping', at: this.#parts.clock.wall(), queued: this.#up.queue });
      this.#watch();
    });
  }

  #send(message: ToHub): void {
    if (this.#phase !== 'over') this.#line.send(JSON.stringify(message));
  }

  #lose(detail: string): void {
    this.#end({ how: 'lost', detail });
  }

  #distrust(detail: string): void {
    this.#end({ how: 'distrusted', detail });
  }

  #end(ending: Ending): void {
    if (this.#phase === 'over') return;
    this.#stop();
    this.#line.close(ending.how === 'distrusted' ? ending.detail : ending.how);
    this.#parts.ended(ending);
  }

  #stop(): void {
    this.#freshMono = this.freshMono;
    this.#phase = 'over';
    this.#timer?.cancel();
    this.#inbox.close();
    this.#chores.clear();
    this.#down.close();
    this.#up.close();
    this.#parts.reader.rest();
  }
}
