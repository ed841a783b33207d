/**
 * Commands on their way to units. Asked for at any process, told to all, sent by the one that the unit is connected to,
 * signed for that connection's nonce alone. A unit that isn't connected gets none: what is old is never done.
 */
import type { Timer } from '../../../main/core/clock.ts';
import type { CommandPayload } from '../../wire/from-hub.ts';
import type { Right } from '../../wire/rights.ts';
import { commandText } from '../../wire/signed.ts';
import { makeId } from '../keys.ts';
import type { LeaseMove } from '../ports.ts';
import { tell, type Word } from '../words.ts';
import type { HubParts } from './ports.ts';
import type { Member, Session } from './session.ts';

/** A site that was asked to give is given this long before it is asked for the same again. */
const ASK_AGAIN_MS = 5_000;
/** Entries of the memories below, after which they begin anew. */
const KEPT = 10_000;
const TOO_SOON = 'this door was told to open a moment ago: wait 5 seconds';

export interface Outcome {
  readonly ok: boolean;
  readonly detail: string;
}

interface Asker {
  readonly timer: Timer;
  readonly settle: (outcome: Outcome) => void;
}

export class Commands {
  readonly #parts: HubParts;
  readonly #online: (unit: string) => Session | null;
  readonly #askers = new Map<string, Asker>();
  /** Commands that were sent from here, with the unit that alone can say what became of them. */
  readonly #sent = new Map<string, string>();
  readonly #asked = new Map<string, number>();
  /** When a door was last told to open, by any process: all of them hear all commands. */
  readonly #opened = new Map<string, number>();

  constructor(parts: HubParts, online: (unit: string) => Session | null) {
    this.#parts = parts;
    this.#online = online;
  }

  /** Resolves with what the unit says, or that it hasn't answered within seconds. */
  async ask(unit: string, payload: CommandPayload): Promise<Outcome> {
    const id = makeId();
    const outcome = new Promise<Outcome>((resolve) => {
      const timer = this.#parts.clock.after('command answer', this.#parts.limits.commandMs, () =>
        this.#settle(id, { ok: false, detail: 'the unit has not answered: it may be away' }),
      );
      this.#askers.set(id, { timer, settle: resolve });
    });
    const isTold = await tell(this.#parts.store, { do: 'command', unit, id, payload });
    if (!isTold) this.#settle(id, { ok: false, detail: 'the command is too long' });
    return outcome;
  }

  heard(word: Extract<Word, { do: 'command' | 'done' }>): void {
    if (word.do === 'done') this.#settle(word.id, { ok: word.ok, detail: word.detail });
    else this.#deliver(word);
  }

  async done(member: Member, id: string, outcome: Outcome): Promise<void> {
    // Of what this unit was told alone.
    if (this.#sent.get(id) !== member.unit) return;
    this.#sent.delete(id);
    await tell(this.#parts.store, { do: 'done', id, ...outcome });
  }

  /** Another site holds the rest of the right: its units are told to give. */
  async askToGive(member: Member, right: Right): Promise<void> {
    for (const move of await this.#parts.store.wanted(member.tenant, member.site, right)) await this.#give(move);
  }

  /**
   * It was used at `site`: what runs out there is filled up, before anybody is refused.
   * @returns false where the tenant has no other site that could give
   */
  async makeUp(tenant: string, site: string, right: Right): Promise<boolean> {
    const moves = await this.#parts.store.afterUse(tenant, site, right);
    for (const move of moves ?? []) await this.#give(move);
    return moves !== null;
  }

  stop(): void {
    for (const id of [...this.#askers.keys()]) this.#settle(id, { ok: false, detail: 'the hub is ending' });
  }

  #settle(id: string, outcome: Outcome): void {
    const asker = this.#askers.get(id);
    asker?.timer.cancel();
    this.#askers.delete(id);
    asker?.settle(outcome);
  }

  #deliver({ unit, id, payload }: Extract<Word, { do: 'command' }>): void {
    const { keys, store, log, clock } = this.#parts;
    const isSoon = payload.do === 'open' && this.#isTooSoon(unit, payload.doorId);
    const session = this.#online(unit);
    if (session === null) return;
    if (isSoon) {
      tell(store, { do: 'done', id, ok: false, detail: TOO_SOON }).catch(() =>
        log.warn({ unit }, 'an answer was lost'),
      );
      return;
    }
    if (this.#sent.size >= KEPT) this.#sent.clear();
    this.#sent.set(id, unit);
    const [command, at] = [JSON.stringify(payload), clock.wall()];
    const proof = keys.sign(commandText(session.nonce, unit, id, command, at));
    session.send({ type: 'command', id, command, at, proof });
  }

  #isTooSoon(unit: string, doorId: string): boolean {
    const { clock, limits } = this.#parts;
    return isRecent(this.#opened, JSON.stringify([unit, doorId]), clock.mono(), limits.openEveryMs);
  }

  /** Connected to another process, if to any. */
  async #lastHeard(units: readonly string[]): Promise<string | null> {
    const records = await Promise.all(units.map((unit) => this.#parts.store.unit(unit)));
    const heard = records.filter((record) => record !== null);
    heard.sort((a, b) => (b.seenAt ?? 0) - (a.seenAt ?? 0));
    return heard[0]?.unit ?? null;
  }

  async #give({ tenant, right, from, to, uses, units }: LeaseMove): Promise<void> {
    const { clock, store } = this.#parts;
    if (isRecent(this.#asked, JSON.stringify([tenant, right, from, to]), clock.mono(), ASK_AGAIN_MS)) return;
    const unit = units.find((one) => this.#online(one) !== null) ?? (await this.#lastHeard(units));
    if (unit === null) return;
    await tell(store, { do: 'command', unit, id: makeId(), payload: { do: 'give', right, to, uses, by: 'hub' } });
  }
}

/** Whether `key` was noted within `withinMs`; notes it where it wasn't. */
function isRecent(notes: Map<string, number>, key: string, mono: number, withinMs: number): boolean {
  const last = notes.get(key);
  if (last !== undefined && mono - last < withinMs) return true;
  if (notes.size >= KEPT) for (const [old, at] of notes) if (mono - at >= withinMs) notes.delete(old);
  notes.set(key, mono);
  return false;
}
