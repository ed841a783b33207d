/**
 * Pairs the unit with a hub by the code that the hub's console shows: typed, seen by the page's camera, or read by any of
 * the unit's readers while it waits for one. Such a code is no member's, and no door judges it.
 */
import { parsePairing } from '../../../sync/link/address.ts';
import type { SetupRefusal } from '../../api/setup-port.ts';
import type { Person } from '../../contract/staff.ts';
import type { SetupView } from '../../contract/technician.ts';
import type { Clock, Timer } from '../../core/clock.ts';
import { ok, type Result } from '../../core/result.ts';
import type { Pairing } from './host.ts';
import type { PartTap } from './part-tap.ts';
import { refused } from './refusal.ts';

const LISTEN_MS = 5 * 60_000;
const PREFIX = 'genkan-pair:';

export interface PairDeskParts {
  readonly clock: Clock;
  readonly tap: PartTap;
  /** null: this program has no part that speaks with hubs. */
  readonly pairing: Pairing | null;
  readonly changed: () => void;
  readonly ended: (by: Person, isPaired: boolean) => void;
}

export class PairDesk {
  readonly #parts: PairDeskParts;
  #state: SetupView['pairing'] = 'none';
  #until: number | null = null;
  #timer: Timer | null = null;
  #stop: (() => void) | null = null;

  constructor(parts: PairDeskParts) {
    this.#parts = parts;
    if (parts.pairing === null) this.#state = 'not-here';
  }

  get state(): SetupView['pairing'] {
    return this.#state;
  }

  /** Epoch ms until which readers listen. */
  get until(): number | null {
    return this.#until;
  }

  /** @param text the code with its address; null: readers listen for one */
  async pair(by: Person, text: string | null): Promise<Result<null, SetupRefusal>> {
    if (this.#parts.pairing === null) return refused('no-hub');
    if (this.#state === 'asking') return refused('busy');
    if (text !== null) return this.#ask(by, this.#parts.pairing, text);
    this.#listen(by, this.#parts.pairing);
    return ok(null);
  }

  close(): void {
    this.#quiet();
  }

  #listen(by: Person, pairing: Pairing): void {
    this.#quiet();
    const { clock, tap } = this.#parts;
    this.#until = clock.wall() + LISTEN_MS;
    this.#timer = clock.after('pairing code', LISTEN_MS, () => this.#become('none'));
    this.#stop = tap.catchCodes((code) => {
      if (!code.startsWith(PREFIX)) return false;
      void this.#ask(by, pairing, code);
      return true;
    });
    this.#become('waiting', false);
  }

  async #ask(by: Person, pairing: Pairing, text: string): Promise<Result<null, SetupRefusal>> {
    const code = parsePairing([text]);
    if (!code.ok) return refused('refused', [code.error]);
    this.#become('asking');
    const paired = await pairing.pair(code.value.url, code.value.code);
    this.#become(paired.ok ? 'paired' : 'refused');
    this.#parts.ended(by, paired.ok);
    return paired.ok ? ok(null) : refused('refused', paired.error);
  }

  #become(state: SetupView['pairing'], isQuiet = true): void {
    if (isQuiet) this.#quiet();
    this.#state = state;
    this.#parts.changed();
  }

  #quiet(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#stop?.();
    this.#stop = null;
    this.#until = null;
  }
}
