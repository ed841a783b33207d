/**
 * Changes on their way to the units of a tenant: what has changed since the last round is read once and sent as the same
 * bytes to all who stand at the same revision. At once when it is quiet, in rounds under load.
 */
import type { Timer } from '../../../main/core/clock.ts';
import { placeOf } from '../log.ts';
import type { ChangedBy } from '../ports.ts';
import { Budget } from './budget.ts';
import { deltaTexts } from './parts.ts';
import type { HubParts } from './ports.ts';
import type { Member, Session } from './session.ts';
import type { Streams } from './stream.ts';

interface Place {
  readonly session: Session;
  readonly member: Member;
}

export class Halls {
  readonly #halls = new Map<string, Hall>();
  readonly #parts: HubParts;
  readonly #streams: Streams;
  /** Of all tenants together: one process sends it all. */
  readonly #deltas: Budget;

  constructor(parts: HubParts, streams: Streams) {
    this.#parts = parts;
    this.#streams = streams;
    this.#deltas = new Budget(parts.limits.deltasAtOnce, parts.clock.mono());
  }

  enter(place: Place): void {
    const { tenant } = place.member;
    const hall = this.#halls.get(tenant) ?? new Hall(tenant, this.#parts, this.#streams, this.#deltas);
    this.#halls.set(tenant, hall);
    hall.places.set(place.session, place.member);
  }

  leave({ session, member }: Place): void {
    const hall = this.#halls.get(member.tenant);
    hall?.places.delete(session);
    if (hall === undefined || hall.places.size > 0) return;
    hall.close();
    this.#halls.delete(member.tenant);
  }

  /** Something of the tenant is at this revision now. */
  changed(tenant: string, revision: number, by: ChangedBy): void {
    this.#halls.get(tenant)?.changed(revision, by);
  }

  /** Asks the store, and waits for no round. */
  async hurry(tenant: string): Promise<void> {
    const revision = await this.#parts.store.revision(tenant);
    this.#halls.get(tenant)?.hurry(revision);
  }

  /** Whoever had no room, or missed a round, is sent what it lacks. */
  sweep(): void {
    for (const hall of this.#halls.values()) hall.sweep();
  }
}

class Hall {
  readonly places = new Map<Session, Member>();
  readonly #tenant: string;
  readonly #parts: HubParts;
  readonly #streams: Streams;
  readonly #deltas: Budget;
  #revision = 0;
  #timer: Timer | null = null;
  #isRunning = false;
  /** Asked for while a round runs. */
  #isHurried = false;
  #notBefore = Number.NEGATIVE_INFINITY;
  /** What events have changed waits longer where there is much of it. */
  #eventsNotBefore = Number.NEGATIVE_INFINITY;
  #dueAt = Number.NEGATIVE_INFINITY;
  /** Somebody has changed something at the hub, or can't wait, and no round has begun since. */
  #isUrgent = false;
  /** There is so much that what events have changed goes with other messages. */
  #isMuch = false;
  /** Gives what has found none. */
  #soon: Timer | null = null;

  constructor(tenant: string, parts: HubParts, streams: Streams, deltas: Budget) {
    this.#tenant = tenant;
    this.#parts = parts;
    this.#streams = streams;
    this.#deltas = deltas;
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#soon?.cancel();
    this.#soon = null;
  }

  changed(revision: number, by: ChangedBy): void {
    this.#revision = Math.max(this.#revision, revision);
    this.#isUrgent ||= by === 'hub';
    if (this.#isRunning) return;
    const dueAt = this.#isUrgent ? this.#notBefore : Math.max(this.#notBefore, this.#eventsNotBefore);
    if (this.#timer !== null && this.#dueAt <= dueAt) return;
    this.#timer?.cancel();
    this.#dueAt = dueAt;
    this.#arm(Math.max(0, dueAt - this.#parts.clock.mono()));
  }

  hurry(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
    this.#isHurried = this.#isRunning;
    if (this.#isRunning) return;
    this.#isUrgent = true;
    this.#giveHeld();
    this.#timer?.cancel();
    this.#dueAt = Number.NEGATIVE_INFINITY;
    this.#arm(0);
  }

  sweep(): void {
    for (const session of this.places.keys()) {
      if (!this.#isBehind(session)) continue;
      this.changed(this.#revision, 'events');
      return;
    }
  }

  #isBehind(session: Session): boolean {
    const { follows } = session;
    return follows !== null && follows < this.#revision && session.hasRoom;
  }

  #arm(delayMs: number): void {
    this.#timer = this.#parts.clock.after('deltas', delayMs, () => {
      this.#timer = null;
      void this.#round();
    });
  }

  async #round(): Promise<void> {
    const { clock, log } = this.#parts;
    const before = clock.mono();
    const upTo = this.#revision;
    const isSoon = this.#isMuch && !this.#isUrgent;
    this.#isRunning = true;
    this.#isUrgent = false;
    try {
      for (const [from, places] of this.#standing()) await this.#bring(from, places, isSoon);
    } catch (error) {
      // The next sweep tries again.
      log.warn({ tenant: this.#tenant, place: placeOf(error) }, 'deltas failed');
    }
    this.#isRunning = false;
    this.#rest(clock.mono() - before);
    if (this.places.size === 0) return;
    if (isSoon) this.#giveLater();
    if (this.#isHurried) this.hurry(this.#revision);
    else if (this.#revision > upTo) this.changed(this.#revision, 'events');
  }

  /** Until the next round, after one that took so long (ms). */
  #rest(took: number): void {
    const { clock, limits } = this.#parts;
    const { least, most } = limits.roundMs;
    const mono = clock.mono();
    this.#notBefore = mono + Math.min(most, Math.max(least, 2 * took));
    this.#isMuch = !this.#deltas.take(this.places.size, mono, limits.deltasPerSecond, limits.deltasAtOnce);
    this.#eventsNotBefore = this.#isMuch ? mono + most : this.#notBefore;
  }

  /** Each hall by itself: of all at once it would be seconds of work. */
  #giveLater(): void {
    const { clock, limits } = this.#parts;
    this.#soon ??= clock.after('deltas held', limits.deltaSoonMs, () => {
      this.#soon = null;
      this.#giveHeld();
    });
  }

  #giveHeld(): void {
    for (const session of this.places.keys()) session.giveHeld();
  }

  /** Who lacks something and has room, by the revision where it stands. */
  #standing(): Map<number, Place[]> {
    const standing = new Map<number, Place[]>();
    for (const [session, member] of this.places) {
      const { follows } = session;
      if (follows === null || !this.#isBehind(session)) continue;
      const places = standing.get(follows);
      if (places === undefined) standing.set(follows, [{ session, member }]);
      else places.push({ session, member });
    }
    return standing;
  }

  async #bring(from: number, places: readonly Place[], isSoon: boolean): Promise<void> {
    const { store, limits } = this.#parts;
    const cut = await store.changesSince(this.#tenant, from, limits.deltaRows);
    const there = places.filter(({ session }) => session.follows === from && !session.isOver);
    if (cut === null) {
      for (const { session, member } of there) this.#stream(session, this.#streams.snapshot(session, member, null));
      return;
    }
    if (cut.to <= from) return;
    const parts = deltaTexts(cut.from, cut.to, cut.changes, limits.deltaLength).map((text) => Buffer.from(text));
    const [only] = parts;
    for (const { session } of there) {
      if (parts.length > 1 || only === undefined) this.#stream(session, this.#streams.delta(session, cut.to, parts));
      else this.#send(session, only, cut.to, isSoon);
    }
  }

  #send(session: Session, delta: Buffer, to: number, isSoon: boolean): void {
    if (isSoon) session.sendSoon(delta);
    else session.sendText(delta, null);
    session.follows = to;
  }

  #stream(session: Session, sending: Promise<void>): void {
    sending.then(
      () => this.changed(this.#revision, 'hub'),
      (error: unknown) => session.fail(error),
    );
  }
}
