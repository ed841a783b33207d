/**
 * A member of staff at a screen waits for a ticket: for a while the entry readers of that door hand tickets to the screen.
 * What is no ticket goes to the door as ever, so that nobody is held up; readers of the way out are never lent. A ticket
 * that was handed over is judged by nobody, also when the reader sees it again: it opens nothing.
 */

import type { Config } from '../../contract/config.ts';
import type { HeldTicketMessage } from '../../contract/looks.ts';
import type { Clock, Timer } from '../../core/clock.ts';
import { factsWindow } from '../../core/moment.ts';
import { Repeats } from '../../core/repeats.ts';
import type { Store } from '../../store/store.ts';
import type { ClockWatch } from '../clock-trust.ts';
import type { ReaderPlace } from '../judge-scan.ts';
import type { SiteCache } from '../site-cache.ts';

export const LENT_MS = 25_000;

interface Loan {
  readonly doorId: string;
  readonly tell: (message: HeldTicketMessage) => void;
  readonly timer: Timer;
}

export interface LentReaderParts {
  readonly config: Pick<Config, 'doors'>;
  readonly clock: Clock;
  readonly store: Pick<Store, 'facts'>;
  readonly site: SiteCache;
  readonly watch: Pick<ClockWatch, 'trustedAt'>;
}

export class LentReaders {
  readonly #parts: LentReaderParts;
  /** By door. */
  readonly #loans = new Map<string, Loan>();
  readonly #handed = new Repeats();

  constructor(parts: LentReaderParts) {
    this.#parts = parts;
  }

  /** Tells of tickets, for 25 s, until another screen wants them. @returns what gives the readers back before */
  lend(doorId: string, tell: Loan['tell']): () => void {
    const { clock, config } = this.#parts;
    if (!config.doors.some(({ id }) => id === doorId)) {
      tell({ kind: 'over' });
      return () => undefined;
    }
    this.#end(this.#loans.get(doorId));
    const timer = clock.after(`${doorId} readers lent to staff`, LENT_MS, () => this.#end(loan));
    const loan: Loan = { doorId, tell, timer };
    this.#loans.set(doorId, loan);
    tell({ kind: 'lent', leftMs: LENT_MS });
    return () => this.#take(loan);
  }

  #end(loan: Loan | undefined): void {
    if (loan === undefined) return;
    this.#take(loan);
    loan.tell({ kind: 'over' });
  }

  #take(loan: Loan): void {
    loan.timer.cancel();
    if (this.#loans.get(loan.doorId) === loan) this.#loans.delete(loan.doorId);
  }

  /** True: it is a ticket for the screen, and not for the door. */
  takes({ door, reader }: ReaderPlace, text: string, mono: number): boolean {
    if (reader.direction === 'out') return false;
    if (this.#handed.find(reader.id, text, mono, door.repeatMs) !== null) return true;
    const loan = this.#loans.get(door.id);
    if (loan === undefined) return false;
    if (!this.#isTicket(text)) {
      loan.tell({ kind: 'door' });
      return false;
    }
    this.#handed.note(reader.id, text, mono, door.repeatMs, null);
    loan.tell({ kind: 'ticket', text });
    return true;
  }

  /** False also where nothing can be read: then it is the door's, which says so. */
  #isTicket(text: string): boolean {
    const { store, site, watch } = this.#parts;
    const rules = site.get()?.rules;
    if (rules === undefined) return false;
    try {
      return store.facts.ticket(text.trim(), factsWindow(rules, watch.trustedAt)) !== null;
    } catch {
      return false;
    }
  }
}
