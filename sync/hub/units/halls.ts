/**
 * Changes on their way to the units of a tenant: what has changed since the last round is read once and sent as the same
 * bytes to all who stand at the same revision. At once when it is quiet, in rounds under load.
 */
import type { Timer } from '../../../main/core/clock.ts';
import { placeOf } from '../log.ts';
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

  constructor(parts: HubParts, streams: Streams) {
    this.#parts = parts;
    this.#streams = streams;
  }

  enter(place: Place): void {
    const { tenant } = place.member;
    const hall = this.#halls.get(tenant) ?? new Hall(tenant, this.#parts, this.#streams);
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
  changed(tenant: string, revision: number): void {
    this.#halls.get(tenant)?.changed(revision);
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
  #revision = 0;
  #timer: Timer | null = null;
  #isRunning = false;
  /** Asked for while a round runs. */
  #isHurried = false;
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(tenant: string, parts: HubParts, streams: Streams) {
    this.#tenant = tenant;
    this.#parts = parts;
    this.#streams = streams;
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  changed(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
    if (this.#timer !== null || this.#isRunning) return;
    this.#arm(Math.max(0, this.#notBefore - this.#parts.clock.mono()));
  }

  hurry(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
    this.#isHurried = this.#isRunning;
    if (this.#isRunning) return;
    this.#timer?.cancel();
    this.#arm(0);
  }

  sweep(): void {
    if (this.#standing().size > 0) this.changed(this.#revision);
  }

  #arm(delayMs: number): void {
    this.#timer = this.#parts.clock.after('deltas', delayMs, () => {
      this.#timer = null;
      void this.#round();
    });
  }

  async #round(): Promise<void> {
    const { clock, limits, log } = this.#parts;
    const before = clock.mono();
    const upTo = this.#revision;
    this.#isRunning = true;
    try {
      for (const [from, places] of this.#standing()) await this.#bring(from, places);
    } catch (error) {
      // The next sweep tries again.
      log.warn({ tenant: this.#tenant, place: placeOf(error) }, 'deltas failed');
    }
    this.#isRunning = false;
    const took = clock.mono() - before;
    this.#notBefore = clock.mono() + Math.min(limits.roundMs.most, Math.max(limits.roundMs.least, 2 * took));
    if (this.places.size === 0) return;
    if (this.#isHurried) this.hurry(this.#revision);
    else if (this.#revision > upTo) this.changed(this.#revision);
  }

  /** Who lacks something and has room, by the revision where it stands. */
  #standing(): Map<number, Place[]> {
    const standing = new Map<number, Place[]>();
    for (const [session, member] of this.places) {
      const { follows } = session;
      if (follows === null || follows >= this.#revision || !session.hasRoom) continue;
      const places = standing.get(follows);
      if (places === undefined) standing.set(follows, [{ session, member }]);
      else places.push({ session, member });
    }
    return standing;
  }

  async #bring(from: number, places: readonly Place[]): Promise<void> {
    const { store, limits } = this.#parts;
    const cut = await store.changesSince(this.#tenant, from, limits.deltaRows);
    const there = places.filter(({ session }) => session.follows === from && !session.isOver);
    if (cut === null) {
      for (const { session, member } of there) this.#stream(session, this.#streams.snapshot(session, member, null));
      return;
    }
    if (cut.to <= from) return;
    const texts = deltaTexts(cut.from, cut.to, cut.changes, limits.partLength);
    const [only] = texts;
    if (texts.length > 1 || only === undefined) {
      for (const { session } of there) this.#stream(session, this.#streams.delta(session, cut));
      return;
    }
    const bytes = Buffer.from(only);
    for (const { session } of there) {
      session.sendText(bytes, null);
      session.follows = cut.to;
    }
  }

  #stream(session: Session, sending: Promise<void>): void {
    sending.then(
      () => this.changed(this.#revision),
      (error: unknown) => session.fail(error),
    );
  }
}
