/**
 * The appliance's side of the sync: one connection at a time to the hub that it is paired with, tried again for as long
 * as it takes. Decisions never wait for it.
 */
import type { Clock, Timer } from '../../main/core/clock.ts';
import type { Result } from '../../main/core/result.ts';
import type { Right } from '../wire/rights.ts';
import { parseAddress } from './address.ts';
import { Chores } from './chores.ts';
import { EarlierEpochs } from './earlier-epochs.ts';
import { Orders } from './orders.ts';
import { type PairingRequest, pairWith } from './pairing.ts';
import type { Dialer, HubAddress, LinkReport, LinkState, Remote, Replica, RowsReader } from './ports.ts';
import type { Chance } from './proof.ts';
import { Refreshes } from './refreshes.ts';
import { type Ending, endingText, pauseBefore } from './retry.ts';
import { Session, type SessionParts } from './session.ts';

/** A connection that held so long begins the pauses anew. */
const HELD_MS = 30_000;
const DAY_MS = 86_400_000;

export interface LinkParts {
  readonly clock: Clock;
  readonly replica: Replica;
  readonly remote: Remote;
  readonly dialer: Dialer;
  readonly reader: RowsReader;
  readonly chance: Chance;
  /** By the configuration; null: where it was paired. */
  readonly address: HubAddress | null;
  /** Whether nobody is at a door just now: else what isn't urgent waits. */
  readonly quiet: () => boolean;
  /** One line for the log. */
  readonly tell: (line: string) => void;
  /** Told at each change of what `report` says, but for its ages. */
  readonly changed: () => void;
}

export class Link {
  readonly #parts: LinkParts;
  readonly #orders: Orders;
  readonly #refreshes: Refreshes;
  readonly #earlier: EarlierEpochs;
  #session: Session | null = null;
  #timer: Timer | null = null;
  #tries = 0;
  /** Wall time since when it is live, or away. */
  #since: number;
  #why = 'it has just begun';
  #nextMono = 0;
  #liveMono: number | null = null;
  #freshMono: number | null = null;
  #revokedAt: number | null;
  #isWiped = false;
  #wipe: Chores | null = null;
  #runs = false;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#since = parts.clock.wall();
    this.#revokedAt = parts.replica.revocation.firstAt();
    this.#orders = new Orders(parts.remote);
    this.#refreshes = new Refreshes(parts.clock);
    this.#earlier = new EarlierEpochs(parts.replica);
  }

  start(): void {
    this.#runs = true;
    this.#connect();
  }

  stop(): void {
    this.#runs = false;
    this.#leave('the unit stops');
    this.#wipe?.clear();
  }

  /** Something new is on record. */
  recorded(): void {
    this.#session?.recorded();
  }

  /** A known member was refused. @param right where that was because its lease is at another site */
  refresh(memberId: string, right: Right | null): void {
    if (this.#session?.isLive && this.#refreshes.allow(memberId))
      this.#session.refresh({ type: 'refresh', memberId, right });
  }

  /** A new connection at once: it brings the hub's time, signed, and whatever the hub has. */
  renew(): void {
    this.#leave('the unit calls again');
    this.#connect();
  }

  /** Instead of with whom it was paired before. */
  async pair(request: PairingRequest): Promise<Result<string, string>> {
    this.#leave('the unit is paired anew');
    const paired = await pairWith(this.#parts, request);
    if (paired.ok) {
      this.#revokedAt = null;
      this.#isWiped = false;
      this.#freshMono = null;
    }
    this.#tries = 0;
    if (this.#runs) this.#connect();
    return paired;
  }

  /** On site, without waiting for the second notice. @returns false: the hub has not revoked this unit */
  wipe(): boolean {
    if (this.#revokedAt === null) return false;
    this.#wipeMembers();
    return true;
  }

  report(): LinkReport {
    const { clock, replica } = this.#parts;
    const fresh = this.#fresh();
    const queue = Math.max(0, (replica.head()?.seq ?? 0) - replica.acknowledged());
    return { state: this.#state(), freshMs: fresh === null ? null : Math.max(0, clock.mono() - fresh), queue };
  }

  #state(): LinkState {
    const { replica, address } = this.#parts;
    if (replica.pairing() === null) return { at: address === null ? 'off' : 'unpaired' };
    if (this.#revokedAt !== null) return { at: 'revoked', firstAt: this.#revokedAt };
    if (this.#session?.isLive !== true)
      return { at: 'away', since: this.#since, why: this.#why, nextMono: this.#nextMono };
    const progress = this.#session.progress;
    if (progress !== null) return { at: 'snapshot', rows: progress.rows, of: Math.max(progress.rows, progress.of) };
    return { at: 'live', since: this.#since };
  }

  #fresh(): number | null {
    return this.#session?.freshMono ?? this.#freshMono;
  }

  #connect(): void {
    const { replica, address } = this.#parts;
    const pairing = replica.pairing();
    if (!this.#runs || this.#session !== null || pairing === null) return;
    const paired = address === null ? parseAddress(pairing.url, null) : null;
    const target = paired?.ok ? paired.value : address;
    if (target === null) return;
    this.#session = new Session(this.#sessionParts(), target, pairing.hubKey);
  }

  #sessionParts(): SessionParts {
    const { clock, replica, tell, changed } = this.#parts;
    return {
      ...this.#parts,
      orders: this.#orders,
      earlier: this.#earlier,
      refused: (lines) => tell(`the hub’s data can’t be used, what is here stays: ${lines.slice(0, 5).join('; ')}`),
      welcomed: () => {
        this.#since = clock.wall();
        this.#liveMono = clock.mono();
        this.#revokedAt = null;
        this.#isWiped = false;
        replica.revocation.forget();
        tell('the hub is there');
        changed();
      },
      revoked: (notice, hubTime) => this.#revoked(notice, hubTime),
      ended: (ending) => this.#ended(ending),
    };
  }

  #ended(ending: Ending): void {
    const { clock, chance, tell } = this.#parts;
    if (this.#liveMono !== null && clock.mono() - this.#liveMono >= HELD_MS) this.#tries = 0;
    this.#left();
    this.#why = endingText(ending);
    const pause = pauseBefore(ending, this.#tries, chance.real());
    this.#tries += 1;
    this.#nextMono = clock.mono() + pause;
    this.#timer = clock.after('link again', pause, () => this.#connect());
    tell(`no hub: ${this.#why}; again in ${Math.ceil(pause / 1_000)} s`);
  }

  #leave(why: string): void {
    this.#timer?.cancel();
    this.#session?.close(why);
    this.#why = why;
    this.#left();
  }

  #left(): void {
    this.#freshMono = this.#fresh();
    if (this.#liveMono !== null) this.#since = this.#parts.clock.wall();
    this.#liveMono = null;
    this.#session = null;
    this.#parts.changed();
  }

  /** Twice, a day apart, and the members' rows go; what the hub doesn't have of the record stays. */
  #revoked(notice: 1 | 2, hubTime: number): void {
    const { replica, tell, changed } = this.#parts;
    const firstAt = replica.revocation.note(hubTime);
    this.#revokedAt = firstAt;
    tell(`the hub has revoked this unit (notice ${notice})`);
    changed();
    if (notice === 2 && hubTime - firstAt >= DAY_MS) this.#wipeMembers();
  }

  #wipeMembers(): void {
    if (this.#isWiped) return;
    const { clock, replica, remote, quiet, tell } = this.#parts;
    this.#isWiped = true;
    const work = replica.wipeMembers(clock.wall());
    this.#wipe = new Chores({
      clock,
      quiet,
      failed: () => {
        this.#isWiped = false;
      },
      idle: () => {
        for (const file of work.left()) tell(`${file} may still have members: genkan wipe says what to do`);
        remote.changed('all');
      },
    });
    this.#wipe.add((budgetMs) => work.step(budgetMs));
  }
}
