/**
 * The units of this site that can be heard on its network. Of two units the one whose name comes first calls; a unit
 * that calls twice is heard by its newer connection.
 */
import type { Clock, Timer } from '../../../main/core/clock.ts';
import { KnownEnds } from './exchange.ts';
import type { Found, PeerFinder, PeerNetwork, PeerReplica, PeerWire } from './ports.ts';
import { PeerSession, type Side } from './session.ts';
import { unitsOfSite } from './site.ts';

/** Connections that haven't proven anything, at once. */
const MOST_STRANGERS = 16;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const LOOK_MS = 10_000;

export interface PeersParts {
  readonly clock: Clock;
  readonly replica: PeerReplica;
  readonly network: PeerNetwork;
  readonly finder: PeerFinder;
  /** For technicians; holds no names and no keys. */
  readonly tell: (line: string) => void;
  /** Who is heard has changed. */
  readonly hearing: (units: ReadonlySet<string>) => void;
  /** History of another unit is here that wasn't before. */
  readonly changed: () => void;
}

/** Without names: how many units the site has beside this one, how many of them were found here, how many are heard. */
export interface PeersReport {
  readonly ofSite: number;
  readonly found: number;
  readonly heard: number;
  /** Milliseconds since one of them last said something; null: none has since the start. */
  readonly silentMs: number | null;
}

interface Calling {
  pauseMs: number;
  notBeforeMono: number;
  isUnderWay: boolean;
}

export class Peers {
  readonly #parts: PeersParts;
  readonly #ends = new KnownEnds();
  readonly #strangers = new Set<PeerSession>();
  readonly #heard = new Map<string, PeerSession>();
  readonly #calls = new Map<string, Calling>();
  readonly #places = new Map<string, Found>();
  /** Who was found, or has called. */
  readonly #known = new Set<string>();
  #look: Timer | null = null;
  #retry: Timer | null = null;
  #soon: Timer | null = null;
  #announced: string | null = null;
  #port: number | null = null;
  #spokeMono: number | null = null;
  #isClosed = false;

  constructor(parts: PeersParts) {
    this.#parts = parts;
  }

  /** Listens, and tries again while it can't: the network may come later than the unit. */
  async start(): Promise<void> {
    const port = await this.#parts.network.listen((wire) => this.#called(wire));
    if (this.#isClosed) return;
    if (!port.ok) {
      this.#parts.tell(port.error);
      this.#retry = this.#parts.clock.after('peers', LOOK_MS, () => void this.start());
      return;
    }
    this.#port = port.value;
    this.#parts.tell(`units of this site are awaited on port ${port.value}`);
    this.#lookAround();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of [this.#look, this.#retry, this.#soon]) timer?.cancel();
    this.#parts.finder.stop();
    for (const session of [...this.#strangers, ...this.#heard.values()]) session.close('unavailable', 'the unit ends');
    await this.#parts.network.close();
  }

  /** Something new is on record. The peers are told once what is under way is done. */
  recorded(): void {
    if (this.#heard.size === 0 || this.#soon !== null) return;
    this.#soon = this.#parts.clock.after('peers are told', 0, () => {
      this.#soon = null;
      for (const session of [...this.#heard.values()]) session.recorded();
    });
  }

  get heard(): ReadonlySet<string> {
    return new Set(this.#heard.keys());
  }

  report(): PeersReport {
    const others = this.#others();
    const found = [...others].filter((unit) => this.#known.has(unit)).length;
    const silentMs = this.#spokeMono === null ? null : Math.max(0, this.#parts.clock.mono() - this.#spokeMono);
    return { ofSite: others.size, found, heard: this.#heard.size, silentMs };
  }

  /** The roster may be another; who was found and isn't heard is called again. */
  #lookAround(): void {
    if (this.#isClosed) return;
    this.#announce();
    const missing = [...this.#others()].filter((unit) => !this.#heard.has(unit));
    if (missing.length > 0) this.#parts.finder.ask();
    for (const unit of missing) this.#call(unit);
    this.#look = this.#parts.clock.after('peers look around', LOOK_MS, () => this.#lookAround());
  }

  #announce(): void {
    const { finder, replica } = this.#parts;
    const { unit } = replica.unit();
    const units = unitsOfSite(replica.roster(), unit);
    if (units === null || this.#port === null || this.#announced === units.site) return;
    if (this.#announced !== null) finder.stop();
    this.#announced = units.site;
    finder.start({ unit, site: units.site, port: this.#port }, (found) => this.#found(found));
  }

  #others(): ReadonlySet<string> {
    const { replica } = this.#parts;
    return new Set(unitsOfSite(replica.roster(), replica.unit().unit)?.keys.keys());
  }

  #found(found: Found): void {
    if (this.#isClosed || !this.#others().has(found.unit)) return;
    this.#places.set(found.unit, found);
    this.#known.add(found.unit);
    this.#call(found.unit);
  }

  #call(unit: string): void {
    const { clock, network, replica } = this.#parts;
    const place = this.#places.get(unit);
    if (place === undefined || this.#heard.has(unit) || unit < replica.unit().unit) return;
    const calling = this.#calls.get(unit) ?? { pauseMs: FIRST_PAUSE_MS, notBeforeMono: 0, isUnderWay: false };
    this.#calls.set(unit, calling);
    if (calling.isUnderWay || clock.mono() < calling.notBeforeMono) return;
    calling.isUnderWay = true;
    calling.notBeforeMono = clock.mono() + calling.pauseMs;
    calling.pauseMs = Math.min(LONGEST_PAUSE_MS, calling.pauseMs * 2);
    const done = () => {
      calling.isUnderWay = false;
    };
    const open = (wire: PeerWire) => {
      done();
      this.#begin(wire, 'caller');
    };
    network.call(place.host, place.port, open, done);
  }

  #called(wire: PeerWire): void {
    if (this.#strangers.size >= MOST_STRANGERS) wire.close();
    else this.#begin(wire, 'called');
  }

  #begin(wire: PeerWire, side: Side): void {
    if (this.#isClosed) {
      wire.close();
      return;
    }
    const { clock, replica, tell } = this.#parts;
    const session = new PeerSession(
      {
        ...{ clock, replica, tell, ends: this.#ends },
        proven: (one) => this.#proven(one),
        spoke: () => {
          this.#spokeMono = clock.mono();
        },
        heard: () => this.#news(),
        ended: (one, why) => this.#ended(one, why, wire.address),
      },
      wire,
      side,
    );
    this.#strangers.add(session);
    session.start();
  }

  #proven(session: PeerSession): void {
    const { peer } = session;
    if (peer === null) return;
    this.#strangers.delete(session);
    const older = this.#heard.get(peer);
    this.#heard.set(peer, session);
    this.#known.add(peer);
    this.#calls.delete(peer);
    older?.close('unavailable', 'a newer connection is there');
    this.#parts.tell(`unit ${peer} is heard on the network`);
    this.#parts.hearing(this.heard);
  }

  #news(): void {
    this.#parts.changed();
    for (const session of [...this.#heard.values()]) session.sayHave();
  }

  #ended(session: PeerSession, why: string, address: string): void {
    this.#strangers.delete(session);
    const { peer } = session;
    if (peer === null) this.#parts.tell(`a connection with ${address} ended: ${why}`);
    if (peer === null || this.#heard.get(peer) !== session) return;
    this.#heard.delete(peer);
    this.#parts.tell(`unit ${peer} is no longer heard: ${why}`);
    this.#parts.hearing(this.heard);
  }
}
