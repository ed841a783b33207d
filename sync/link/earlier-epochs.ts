/** What this unit recorded before its database was begun anew, and the hub doesn't have: brought there part by part. */
import type { ToHub } from '../wire/to-hub.ts';
import type { Replica } from './ports.ts';

const PART = { events: 128, bytes: 98_304 };
/** A hub that doesn't take it is not asked for ever: what is new must come through. */
const MOST_IN_VAIN = 3;

export class EarlierEpochs {
  readonly #replica: Pick<Replica, 'unit' | 'relayed' | 'peerAcknowledged'>;
  #inVain = 0;
  #sentFrom = 0;

  constructor(replica: Pick<Replica, 'unit' | 'relayed' | 'peerAcknowledged'>) {
    this.#replica = replica;
  }

  /** The first part that waits; each next one when the hub has said that it has the one before. */
  push(send: (message: ToHub) => void): void {
    if (this.#inVain >= MOST_IN_VAIN) return;
    const { unit, epoch } = this.#replica.unit();
    const next = epoch === 1 ? null : this.#replica.relayed(unit, 0, PART);
    if (next === null || next.epoch >= epoch) return;
    const { from, bodies, hash, proof } = next;
    this.#inVain += 1;
    this.#sentFrom = from;
    send({ type: 'events', unit, epoch: next.epoch, from, bodies: [...bodies], hash, proof });
  }

  acknowledged(unit: string, epoch: number, seq: number, send: (message: ToHub) => void): void {
    const own = this.#replica.unit();
    if (unit !== own.unit || epoch >= own.epoch) return;
    if (seq >= this.#sentFrom) this.#inVain = 0;
    this.#replica.peerAcknowledged(unit, epoch, seq);
    this.push(send);
  }
}
