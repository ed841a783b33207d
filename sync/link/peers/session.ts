/**
 * One connection to another unit of the site.
 *
 *   open ─▶ each says hello, with its proof ─▶ each says what it has ─▶ events as they come, a ping each second
 *
 * Whoever breaks a rule is told why and cut off.
 */
import type { Clock, Timer } from '../../../main/core/clock.ts';
import type { WireFault } from '../../wire/from-hub.ts';
import { WIRE } from '../../wire/limits.ts';
import { parsePeer } from '../../wire/parse.ts';
import { PEER, type PeerEvents, type PeerMessage } from '../../wire/peer.ts';
import { peerText } from '../../wire/signed.ts';
import { isSigned } from '../proof.ts';
import { Exchange, type Head, headsOf, type KnownEnds, type PartFault } from './exchange.ts';
import type { PeerReplica, PeerWire } from './ports.ts';
import { unitsOfSite } from './site.ts';

export type Side = 'caller' | 'called';

export interface SessionParts {
  readonly clock: Clock;
  readonly replica: PeerReplica;
  readonly ends: KnownEnds;
  /** The other side has proven who it is. */
  readonly proven: (session: PeerSession) => void;
  /** A proven unit has said something. */
  readonly spoke: () => void;
  /** Something of another unit is here now. */
  readonly heard: () => void;
  /** For technicians; holds no names and no keys. */
  readonly tell: (line: string) => void;
  /** Once. @param why one line for technicians */
  readonly ended: (session: PeerSession, why: string) => void;
}

export class PeerSession {
  readonly #parts: SessionParts;
  readonly #wire: PeerWire;
  readonly #side: Side;
  #exchange: Exchange | null = null;
  #peer: string | null = null;
  #heardMono: number;
  /** Messages since the last ping of ours. */
  #count = 0;
  /** Parts of third units' records that were not taken. */
  #inVain = 0;
  #timer: Timer | null = null;
  #isOver = false;

  constructor(parts: SessionParts, wire: PeerWire, side: Side) {
    this.#parts = parts;
    this.#wire = wire;
    this.#side = side;
    this.#heardMono = parts.clock.mono();
  }

  start(): void {
    const { replica } = this.#parts;
    const { unit } = replica.unit();
    this.#tickLater();
    const proof = replica.sign(peerText(unit, this.#side, this.#wire.session));
    this.#send({ type: 'hello', version: PEER.version, unit, proof });
    this.#wire.take({ said: (text) => this.#said(text), closed: (why) => this.#end(why) });
  }

  /** null: it hasn't proven who it is. */
  get peer(): string | null {
    return this.#peer;
  }

  get side(): Side {
    return this.#side;
  }

  /** Something is on record here: tells it at once. */
  recorded(): void {
    const part = this.#isOver ? null : (this.#exchange?.own() ?? null);
    if (part !== null) this.#send(part);
  }

  /** Something of a third unit is here now. @param wanted what shall be said from the beginning */
  sayHave(wanted: readonly Head[] = []): void {
    if (this.#exchange === null) return;
    const here = headsOf(this.#parts.replica);
    const heads = new Map([...here, ...wanted.map((head) => [head.unit, head] as const)]);
    this.#send({ type: 'have', heads: [...heads.values()] });
  }

  close(why: WireFault, detail: string): void {
    if (this.#isOver) return;
    this.#send({ type: 'goodbye', why, detail });
    this.#wire.close();
    this.#end(detail);
  }

  #said(text: string): void {
    if (this.#isOver) return;
    this.#count += 1;
    const message = parsePeer(text);
    if (this.#count > PEER.rate) this.close('too-many', `over ${PEER.rate} messages a second`);
    else if (!message.ok) this.close(message.error.why, message.error.detail);
    else if (message.value.type === 'goodbye') {
      this.#wire.close();
      this.#end(`the other unit ended it: ${message.value.why}`);
    } else if (this.#exchange === null) this.#greet(message.value);
    else this.#take(message.value, this.#exchange);
  }

  #greet(message: PeerMessage): void {
    const { replica, clock, ends, proven } = this.#parts;
    const fault = this.#greetingFault(message);
    if (message.type !== 'hello' || fault !== null) {
      this.close(fault ?? 'not-expected', 'a hello comes first, of a unit of this site, with its proof');
      return;
    }
    this.#heardMono = clock.mono();
    this.#peer = message.unit;
    this.#exchange = new Exchange(replica, message.unit, ends);
    proven(this);
    this.sayHave();
  }

  #greetingFault(message: PeerMessage): WireFault | null {
    if (message.type !== 'hello') return 'not-expected';
    const key = this.#siblings()?.get(message.unit);
    if (key === undefined) return 'unknown-unit';
    const theirs: Side = this.#side === 'caller' ? 'called' : 'caller';
    return isSigned(key, peerText(message.unit, theirs, this.#wire.session), message.proof) ? null : 'proof';
  }

  #siblings(): ReadonlyMap<string, string> | undefined {
    const { replica } = this.#parts;
    return unitsOfSite(replica.roster(), replica.unit().unit)?.keys;
  }

  #take(message: PeerMessage, exchange: Exchange): void {
    this.#heardMono = this.#parts.clock.mono();
    this.#parts.spoke();
    switch (message.type) {
      case 'have':
        exchange.has(message);
        this.recorded();
        break;
      case 'events': {
        const taken = exchange.take(message);
        if (!taken.ok) this.#notTaken(message, taken.error);
        else if (taken.value) this.#parts.heard();
        else this.sayHave();
        break;
      }
      case 'ping':
        break;
      default:
        this.close('not-expected', 'one hello is enough');
    }
  }

  /**
   * Who passes on what a third unit has said may be innocent: that unit may have signed two histories, and this one may have
   * another roster. It says it once on a connection, and goes on with what is its own; who has more of it than there are
   * units makes it up.
   */
  #notTaken({ unit }: PeerEvents, { why, detail }: PartFault): void {
    const isOfThird = unit !== this.#peer && why !== 'unavailable';
    if (isOfThird) this.#inVain += 1;
    if (!isOfThird || this.#inVain > WIRE.unitsOfSite) this.close(why, detail);
    else this.#parts.tell(`what unit ${this.#peer} passes on of unit ${unit} is not taken: ${detail}`);
  }

  #tick(): void {
    this.#count = 0;
    const fault = this.#silence();
    if (fault !== null) {
      this.close(...fault);
      return;
    }
    if (this.#exchange !== null) {
      this.#send({ type: 'ping' });
      const wanted = this.#exchange.wanted();
      if (wanted.length > 0) this.sayHave(wanted);
      this.recorded();
      for (const part of this.#exchange.others()) this.#send(part);
    }
    this.#tickLater();
  }

  #silence(): readonly [WireFault, string] | null {
    const silentMs = this.#parts.clock.mono() - this.#heardMono;
    if (this.#peer === null) return silentMs > PEER.greetingMs ? ['too-slow', 'no hello came'] : null;
    if (silentMs > PEER.silenceMs) return ['too-slow', 'nothing was heard any more'];
    return this.#siblings()?.has(this.#peer) === true ? null : ['unknown-unit', 'no longer a unit of this site'];
  }

  #tickLater(): void {
    if (!this.#isOver) this.#timer = this.#parts.clock.after('peer ping', PEER.pingMs, () => this.#tick());
  }

  #send(message: PeerMessage): void {
    if (this.#isOver || this.#wire.send(JSON.stringify(message))) return;
    this.#wire.close();
    this.#end('the other unit doesn’t read');
  }

  #end(why: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.cancel();
    this.#parts.ended(this, why);
  }
}
