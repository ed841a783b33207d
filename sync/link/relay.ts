/**
 * Brings to the hub what units of this site have signed that can't reach it. Behind the unit's own record, one part of
 * each unit on its way; what the hub doesn't take is left to the unit itself.
 */
import type { ToHub } from '../wire/to-hub.ts';
import type { Replica } from './ports.ts';

const PART = { events: 200, bytes: 131_072 };

type Sent = Pick<Extract<ToHub, { readonly type: 'events' }>, 'epoch' | 'from'>;

export class Relay {
  readonly #replica: Replica;
  readonly #send: (message: ToHub) => void;
  /** What of each unit is on its way, or was not taken on this connection. */
  readonly #sent = new Map<string, Sent>();

  constructor(replica: Replica, send: (message: ToHub) => void) {
    this.#replica = replica;
    this.#send = send;
  }

  /** @returns whether there was something to send: others want their turn before the next */
  push(): boolean {
    for (let unit = this.#replica.relayable(''); unit !== null; unit = this.#replica.relayable(unit)) {
      if (!this.#sent.has(unit) && this.#isOfSite(unit) && this.#pushOf(unit)) return true;
    }
    return false;
  }

  /** The hub has this of another unit. */
  acknowledged(unit: string, epoch: number, seq: number): void {
    const sent = this.#sent.get(unit);
    if (sent === undefined || sent.epoch !== epoch) return;
    // Less than what was sent goes on from: what is between is not here, and stays the unit's own to bring.
    if (seq < sent.from) return;
    this.#replica.peerAcknowledged(unit, epoch, seq);
    this.#sent.delete(unit);
  }

  #pushOf(unit: string): boolean {
    const next = this.#replica.relayed(unit, 0, PART);
    if (next === null) return false;
    const { epoch, from, bodies, hash, proof } = next;
    this.#sent.set(unit, { epoch, from });
    this.#send({ type: 'events', unit, epoch, from, bodies: [...bodies], hash, proof });
    return true;
  }

  /** The hub takes nothing of a unit that has moved to another site. */
  #isOfSite(unit: string): boolean {
    const { unit: own } = this.#replica.unit();
    const here = this.#replica.roster()?.sites.find(({ units }) => units.some((one) => one.unit === own));
    return here?.units.some((one) => one.unit === unit) ?? false;
  }
}
