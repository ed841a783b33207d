/** The messages that a unit would send, to be carried to the hub by hand. */
import type { CarriedEvents } from '../../sync/wire/carried.ts';
import { headText } from '../../sync/wire/signed.ts';
import type { OutgoingEvents } from './outbox.ts';
import type { Peers } from './peers.ts';

export const PARCEL = { events: 500, bytes: 400_000 };
/** A month of ten busy doors; what is beyond it is exported next. */
const MOST_BY_HAND = 400;

export interface ParcelParts {
  readonly peers: Pick<Peers, 'kept' | 'relayedOf'>;
  /** Up to here the hub has this epoch's. */
  readonly sent: number;
  readonly next: (after: number) => OutgoingEvents | null;
  readonly sign: (text: string) => string;
}

/** First what is left over of earlier epochs. */
export function parcelsOf(unit: string, { peers, sent, next, sign }: ParcelParts): CarriedEvents['parts'] {
  const parts: CarriedEvents['parts'] = [];
  for (const { epoch, after } of peers.kept(unit)) {
    let from = after;
    while (parts.length < MOST_BY_HAND) {
      const left = peers.relayedOf(unit, epoch, from, PARCEL);
      if (left === null) break;
      parts.push({ type: 'events', unit, ...left, bodies: [...left.bodies] });
      from = left.from + left.bodies.length - 1;
    }
  }
  let after = sent;
  while (parts.length < MOST_BY_HAND) {
    const own = next(after);
    if (own === null) break;
    const { epoch, from, bodies, hash } = own;
    after = from + bodies.length - 1;
    const proof = sign(headText(unit, epoch, after, hash));
    parts.push({ type: 'events', unit, epoch, from, bodies: [...bodies], hash, proof });
  }
  return parts;
}
