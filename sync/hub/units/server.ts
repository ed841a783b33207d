/** All connections of units to this process: who is here, what reaches whom, what ends when. */
import type { Timer } from '../../../main/core/clock.ts';
import type { CommandPayload } from '../../wire/from-hub.ts';
import type { ToHub } from '../../wire/to-hub.ts';
import { makeId } from '../keys.ts';
import { placeOf } from '../log.ts';
import type { Forged } from '../ports.ts';
import { hear, tell, type Word } from '../words.ts';
import { Addresses } from './addresses.ts';
import { answerMember, type Desks, sayTaken, UNSIGNED } from './answers.ts';
import { Budget } from './budget.ts';
import { Commands, type Outcome } from './commands.ts';
import { answerHello, answerPair, sayRevoked } from './greeting.ts';
import { Halls } from './halls.ts';
import { Intake } from './intake.ts';
import { JudgeTurns } from './judge-turns.ts';
import type { Caller, HubParts, UnitSocket } from './ports.ts';
import { Seen } from './seen.ts';
import { type Answers, type Member, Session } from './session.ts';
import { Streams } from './stream.ts';
import { TopUps } from './top-ups.ts';

export class UnitServer implements Answers {
  readonly #parts: HubParts;
  readonly #desks: Desks;
  readonly #judging: JudgeTurns;
  readonly #addresses: Addresses;
  readonly #sessions = new Set<Session>();
  readonly #online = new Map<string, Session>();
  readonly #process = makeId();
  #timers: Timer[] = [];
  readonly #ends: (() => Promise<void>)[] = [];
  #isOver = false;

  constructor(parts: HubParts) {
    this.#parts = parts;
    this.#addresses = new Addresses(parts.clock, parts.limits);
    const streams = new Streams(parts);
    const commands = new Commands(parts, (unit) => this.#online.get(unit) ?? null);
    const halls = new Halls(parts, streams);
    const topUps = new TopUps(parts, commands);
    const intake = new Intake(parts, (tenant) => this.taken(tenant));
    this.#judging = new JudgeTurns(parts, intake);
    const pongs = new Budget(parts.limits.pongsAtOnce, parts.clock.mono());
    this.#desks = { parts, streams, halls, commands, topUps, intake, pongs, seen: new Seen(parts) };
  }

  /** What units bring can't be stored just now. */
  get isFailing(): boolean {
    return this.#desks.intake.isFailing;
  }

  get connections(): number {
    return this.#sessions.size;
  }

  isOnline(unit: string): boolean {
    return this.#online.has(unit);
  }

  /** Tells a unit to do something, wherever it is connected. */
  command(unit: string, payload: CommandPayload): Promise<Outcome> {
    return this.#desks.commands.ask(unit, payload);
  }

  taken(tenant: string): void {
    this.#judging.taken(tenant);
  }

  async start(): Promise<void> {
    const { store, limits } = this.#parts;
    const { halls, seen, topUps } = this.#desks;
    const deaf = store.whenSpent(({ tenant, site, rights }) => topUps.add(tenant, site, rights));
    this.#ends.push(async () => deaf());
    const deafToForged = store.whenForged((forged) =>
      this.#try(this.#tellForged(forged), 'it was not told what a unit has not signed'),
    );
    this.#ends.push(async () => deafToForged());
    await this.#judging.look();
    this.#ends.push(await store.listen((tenant, revision, by) => halls.changed(tenant, revision, by)));
    this.#ends.push(await hear(store, (word) => this.#hear(word)));
    this.#every('hub sweep', limits.sweepMs, () => this.#sweep());
    this.#every('hub judging', limits.judgeLookMs, () =>
      this.#try(this.#judging.look(), 'it could not be looked for what waits to be judged'),
    );
    this.#every('hub revoked', limits.revokedLookMs, () =>
      this.#try(this.#lookForRevoked(), 'it could not be looked who was revoked'),
    );
    this.#every('hub seen', limits.seenMs, () => this.#try(seen.write(), 'units’ reports were not written'));
  }

  /** A unit has called. The caller hands on to the session what comes. */
  accept(socket: UnitSocket, caller: Caller): Session {
    const { limits } = this.#parts;
    const session = new Session(socket, caller, this.#parts, this);
    const isWelcome = this.#addresses.enter(caller.address);
    this.#sessions.add(session);
    if (this.#isOver) session.goodbye('unavailable', 'the hub is ending: come back in a moment');
    else if (!isWelcome || this.#sessions.size > limits.connections)
      session.goodbye('too-many', 'too many connections from this address, or at all: come back later');
    return session;
  }

  async answer(session: Session, message: ToHub): Promise<void> {
    if (session.member !== null) return answerMember(this.#desks, session, session.member, message);
    switch (message.type) {
      case 'pair':
        if (this.#addresses.pairs(session.caller.address)) return answerPair(this.#parts, session, message);
        return session.goodbye('too-many', 'too many tries to pair from this address: wait a minute');
      case 'hello':
        return this.#greet(session, message);
      default:
        return session.goodbye('not-expected', `${message.type} before hello`);
    }
  }

  left(session: Session): void {
    const { member } = session;
    this.#sessions.delete(session);
    this.#addresses.leave(session.caller.address, member === null);
    if (member === null) return;
    this.#desks.halls.leave({ session, member });
    if (this.#online.get(member.unit) === session) this.#online.delete(member.unit);
  }

  /** Says goodbye to all, and waits for what is on its way into the store. */
  async stop(): Promise<void> {
    this.#isOver = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
    this.#desks.commands.stop();
    this.#desks.topUps.stop();
    await this.#desks.intake.idle();
    await this.#judging.stop();
    for (const session of [...this.#sessions])
      session.goodbye('unavailable', 'the hub is ending: come back in a moment');
    for (const end of this.#ends) await end();
    await this.#desks.seen.flush().catch(() => undefined);
  }

  async #greet(session: Session, message: Extract<ToHub, { type: 'hello' }>): Promise<void> {
    const member = await answerHello(this.#parts, session, message);
    if (member === null || session.isOver) return;
    this.#enter(session, member);
    await tell(this.#parts.store, { do: 'here', unit: member.unit, process: this.#process });
  }

  #enter(session: Session, member: Member): void {
    this.#online.get(member.unit)?.goodbye('not-expected', 'this unit has connected again');
    session.member = member;
    this.#addresses.known(session.caller.address);
    this.#online.set(member.unit, session);
    this.#desks.halls.enter({ session, member });
    this.#desks.seen.note(member.unit, null, null);
  }

  #hear(word: Word): void {
    switch (word.do) {
      case 'command':
      case 'done':
        this.#desks.commands.heard(word);
        return;
      case 'here':
        if (word.process !== this.#process)
          this.#online.get(word.unit)?.goodbye('not-expected', 'this unit has connected again');
        return;
      case 'revoked':
        this.#try(this.#revoked(word.unit), 'a notice was not sent');
        return;
      case 'forged':
        this.#forged(word.unit, word.receivedAt);
        return;
      case 'settled':
        this.#try(this.#settled(word.unit, word.id), 'a unit was not told what was settled');
    }
  }

  /** The word of it may have been lost, or have come before the unit had entered. */
  async #lookForRevoked(): Promise<void> {
    const { store, clock, limits } = this.#parts;
    for (const unit of await store.revokedSince(clock.wall() - limits.noticeMs)) await this.#revoked(unit);
  }

  async #revoked(unit: string): Promise<void> {
    const session = this.#online.get(unit);
    const record = session === undefined ? null : await this.#parts.store.unit(unit);
    if (session !== undefined && record !== null && record.revokedAt !== null)
      await sayRevoked(this.#parts, session, record);
  }

  async #tellForged({ unit, receivedAt }: Forged): Promise<void> {
    await tell(this.#parts.store, { do: 'forged', unit, receivedAt });
  }

  #forged(unit: string, receivedAt: number): void {
    const session = this.#online.get(unit);
    // A connection of later has not brought it.
    if (session !== undefined && session.openedAt <= receivedAt) session.goodbye('proof', UNSIGNED);
  }

  async #settled(unit: string, id: string): Promise<void> {
    const session = this.#online.get(unit);
    if (session !== undefined && session.member !== null)
      await sayTaken(this.#parts, session, session.member.tenant, id);
  }

  #sweep(): void {
    const mono = this.#parts.clock.mono();
    for (const session of this.#sessions) session.sweep(mono);
    this.#desks.halls.sweep();
    this.#addresses.sweep();
  }

  #every(name: string, periodMs: number, run: () => void): void {
    const at = this.#timers.length;
    const arm = () => {
      this.#timers[at] = this.#parts.clock.after(name, periodMs, () => {
        arm();
        run();
      });
    };
    arm();
  }

  #try(work: Promise<void>, what: string): void {
    work.catch((error: unknown) => this.#parts.log.warn({ place: placeOf(error) }, what));
  }
}
