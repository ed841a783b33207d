/** Tickets that a refusal offered to spend, until somebody takes one, scans at the reader again or walks away. */
import type { JudgedScan } from './judge-scan.ts';

/** The screen asks for 20 s; the rest is for the finger's way here. */
export const OFFER_MS = 25_000;

interface Offer {
  readonly event: number;
  readonly scan: JudgedScan;
  readonly tickets: readonly string[];
  readonly untilMono: number;
}

/** One offer a reader: who scans there next, ends the one before. */
export class Offers {
  readonly #byReader = new Map<string, Offer>();

  /** @param event of the scan @param tickets that the screen offers; none: nothing is on offer there any more */
  note(event: number, scan: JudgedScan, tickets: readonly string[], nowMono: number): void {
    const reader = scan.place.reader.id;
    if (tickets.length === 0) this.#byReader.delete(reader);
    else this.#byReader.set(reader, { event, scan, tickets, untilMono: nowMono + OFFER_MS });
  }

  /** The refused scan, once; null where this ticket isn't on offer for it. */
  take(event: number, ticketId: string, nowMono: number): JudgedScan | null {
    for (const [reader, offer] of this.#byReader) {
      if (offer.event !== event || !offer.tickets.includes(ticketId) || nowMono > offer.untilMono) continue;
      this.#byReader.delete(reader);
      return offer.scan;
    }
    return null;
  }
}
