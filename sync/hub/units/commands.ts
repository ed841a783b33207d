/**
 * Commands on their way to units. Asked for at any process, kept in the database, sent at most once by the process that
 * the unit is connected to, signed for that connection's nonce alone. One that isn't sent within seconds never is.
 */
import { err, ok, type Result } from '../../../main/core/result.ts';
import type { CommandPayload } from '../../wire/from-hub.ts';
import type { Right } from '../../wire/rights.ts';
import { commandText } from '../../wire/signed.ts';
import { makeId } from '../keys.ts';
import type { LeaseMove } from '../ports.ts';
import type { HubParts } from './ports.ts';
import type { Member, Session } from './session.ts';

/** A site that was asked to give is given this long before it is asked for the same again. */
const ASK_AGAIN_MS = 5_000;
const ASKED_KEPT = 10_000;

/** @returns the command's id; `too-soon`: that door was told to open a moment ago */
export async function askFor(
  parts: Pick<HubParts, 'desk' | 'clock' | 'limits'>,
  tenant: string,
  unit: string,
  payload: CommandPayload,
): Promise<Result<string, 'too-soon'>> {
  const { desk, clock, limits } = parts;
  const id = makeId();
  const command = { id, tenant, unit, command: JSON.stringify(payload), by: payload.by, at: clock.wall() };
  const added = await desk.addCommand(command, payload, limits.openEveryMs);
  if (!added.ok) return err(added.error);
  await desk.publish({ do: 'command', unit, id });
  return ok(id);
}

export class Commands {
  readonly #parts: HubParts;
  readonly #online: (unit: string) => Session | null;
  readonly #asked = new Map<string, number>();

  constructor(parts: HubParts, online: (unit: string) => Session | null) {
    this.#parts = parts;
    this.#online = online;
  }

  /** Sends it, where the unit is connected here. */
  async deliver(unit: string, id: string): Promise<void> {
    const { desk, clock, keys, limits } = this.#parts;
    if (this.#online(unit) === null) return;
    const command = await desk.takeCommand(id, clock.wall() - limits.commandMs);
    const session = this.#online(unit);
    if (command === null || command.unit !== unit) return;
    // Gone in between: nobody knows a command that was taken and not sent, so it is said to have failed.
    if (session === null) return desk.finishCommand(id, unit, false, 'the unit’s connection ended');
    const proof = keys.sign(commandText(session.nonce, unit, id, command.command));
    session.send({ type: 'command', id, command: command.command, proof });
  }

  done(member: Member, id: string, isDone: boolean, detail: string): Promise<void> {
    return this.#parts.desk.finishCommand(id, member.unit, isDone, detail);
  }

  /** Another site holds the rest of the right: its units are told to give. */
  async askToGive(member: Member, right: Right): Promise<void> {
    const moves = await this.#parts.store.wanted(member.tenant, member.site, right);
    for (const move of moves) await this.#give(member, move);
  }

  async #give(member: Member, move: LeaseMove): Promise<void> {
    const { clock, log } = this.#parts;
    const key = JSON.stringify([member.tenant, move.right, move.from, move.to]);
    const last = this.#asked.get(key);
    if (last !== undefined && clock.mono() - last < ASK_AGAIN_MS) return;
    const unit = move.units.find((one) => this.#online(one) !== null) ?? move.units[0];
    if (unit === undefined) return;
    if (this.#asked.size >= ASKED_KEPT) this.#asked.clear();
    this.#asked.set(key, clock.mono());
    const { right, to, uses } = move;
    const asked = await askFor(this.#parts, member.tenant, unit, { do: 'give', right, to, uses, by: 'hub' });
    if (!asked.ok) log.warn({ unit }, 'a lease was not asked for');
  }
}
