/** The page's one state: what stands on the screen, and the timers, sounds and scans that go with it. */
import type { PageMessage, StatusMessage } from '../../main/contract/page.ts';
import type { Language } from '../locale/texts.ts';
import type { Clock, Timer } from '../parts/clock.ts';
import {
  backToWaiting,
  type Comfort,
  type ComfortInput,
  changeComfort,
  comfortDueAt,
  freshComfort,
  PLAIN,
} from './comfort.ts';
import type { DoorMessage } from './door.ts';
import type { KioskLink } from './link.ts';
import { alarmOf, isNight, soundOf } from './mood.ts';
import { type Offline, offlineOf } from './offline.ts';
import { PageReaders } from './page-readers.ts';
import { Rest } from './rest.ts';
import {
  doorIn,
  dueAt,
  firstState,
  type ScreenInput,
  type ScreenState,
  screenOf,
  step,
  type View,
  viewOf,
} from './screen.ts';
import type { SoundName } from './sounds.ts';
import { StaffCall } from './staff-call.ts';
import { Visits, type VisitView } from './visits.ts';

const MINUTE_MS = 60_000;
const NIGHT_PERCENT = 35;
const LIVELY_PERCENT = 60; // at night, while somebody is there
const LIVELY_MS = 30_000;

export interface CameraSight {
  readonly off: boolean;
  readonly moving: boolean;
  readonly dark: boolean;
}

export type DeskScreen = 'staff' | 'setup';

export interface Snapshot {
  readonly view: View;
  /** The screen that stood before this one. */
  readonly before: View['screen'];
  readonly status: StatusMessage | null;
  readonly door: DoorMessage | null;
  /** The hub has been away for long. */
  readonly offline: Offline | null;
  /** With reach where the site wants it always. */
  readonly comfort: Comfort;
  /** What a member does besides holding up a code. */
  readonly visiting: VisitView;
  /** Staff have the screen, or a first manager is being made. */
  readonly desk: DeskScreen | null;
  readonly language: Language;
  /** Epoch milliseconds at the last full minute or change. */
  readonly wall: number;
  readonly night: boolean;
  /** Nobody is expected: the page is black but for a clock. */
  readonly black: boolean;
  /** How bright the panel should be, in per cent. */
  readonly light: number;
  readonly camera: CameraSight;
  /** A code was handed in and is not judged yet. */
  readonly reading: boolean;
}

export interface KioskParts {
  readonly clock: Clock;
  readonly link: KioskLink;
  /** null: the first of the status. */
  readonly askedDoor: string | null;
  readonly play: (sound: SoundName, night: boolean) => void;
  /** The controller is another version than this page was made for. */
  readonly reload: () => void;
}

export class Kiosk {
  readonly visits: Visits;
  readonly staffCall: StaffCall;
  readonly readers: PageReaders;
  readonly #rest = new Rest();
  readonly #parts: KioskParts;
  readonly #changed = new Set<() => void>();
  readonly #heard = new Set<(message: PageMessage) => void>();
  readonly #linked = new Set<(isUp: boolean) => void>();
  #desk: DeskScreen | null = null;
  #screen: ScreenState;
  #view: View;
  #before: View['screen'] = 'waiting';
  #comfort: Comfort = PLAIN;
  #camera: CameraSight = { off: false, moving: false, dark: false };
  #wake: Timer | null = null;
  /** Until then somebody is there, as far as anything shows. */
  #livelyUntilMono = 0;
  #snapshot: Snapshot;

  constructor(parts: KioskParts) {
    this.#parts = parts;
    const now = parts.clock.mono();
    this.#screen = firstState(parts.askedDoor, now);
    this.#view = viewOf(this.#screen, now);
    const about = {
      link: parts.link,
      doorId: () => doorIn(this.#screen)?.id ?? null,
      changed: () => this.#refresh(),
    };
    this.visits = new Visits({ ...about, clock: parts.clock, language: () => this.#snapshot.language });
    this.staffCall = new StaffCall(about);
    this.readers = new PageReaders({
      ...{ clock: parts.clock, link: parts.link, changed: about.changed },
      door: () => doorIn(this.#screen),
      seen: () => this.#isThere(parts.clock.mono()),
    });
    this.#snapshot = this.#draw();
  }

  /** Listens to the controller until the returned function is called. */
  start(): () => void {
    const unwatch = this.#parts.link.watch({
      up: () => this.#link(true),
      down: () => this.#link(false),
      message: (message) => this.#hear(message),
    });
    this.#refresh();
    return () => {
      unwatch();
      this.#wake?.cancel();
    };
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#changed.add(changed);
    return () => this.#changed.delete(changed);
  };

  readonly snapshot = (): Snapshot => this.#snapshot;

  /** Every message of the controller, of any door. */
  listen(heard: (message: PageMessage) => void): () => void {
    this.#heard.add(heard);
    return () => this.#heard.delete(heard);
  }

  /** Tells whenever the controller's line comes or goes. */
  onLink(linked: (isUp: boolean) => void): void {
    this.#linked.add(linked);
  }

  setDesk(desk: DeskScreen | null): void {
    if (desk === this.#desk) return;
    if (this.#desk === null) this.visits.close();
    this.#desk = desk;
    this.#step({ on: 'close' });
  }

  close(): void {
    this.#step({ on: 'close' });
  }

  /** Spends the ticket that the refusal `event` offers, once. */
  choose(event: number, ticketId: string): void {
    const { view } = this.#snapshot;
    if (view.screen !== 'refused' || view.decision.event !== event || view.busy) return;
    this.#step({ on: 'choose', event });
    const end = (unspent: boolean): void => this.#step({ on: 'choice-ended', event, unspent });
    // Taken: the decision comes as a message.
    this.#parts.link.choose({ event, ticketId }).then(
      (taken) => (taken === true ? undefined : end(taken === false)),
      () => end(false),
    );
  }

  press(input: ComfortInput): void {
    const now = this.#parts.clock.mono();
    this.#isThere(now);
    this.#comfort = changeComfort(this.#heldComfort(now), input, now);
    this.visits.touch();
    this.#refresh();
  }

  setCamera(sight: CameraSight): void {
    this.#camera = sight;
    if (sight.moving) this.#isThere(this.#parts.clock.mono());
    this.#step({ on: 'camera', works: !sight.off });
  }

  /** Whoever fills a form in keeps their language and letters as long as it stands. */
  #heldComfort(nowMono: number): Comfort {
    return this.visits.isOpen || this.#desk !== null
      ? { ...this.#comfort, touchedMono: nowMono }
      : freshComfort(this.#comfort, nowMono);
  }

  #link(up: boolean): void {
    this.#step({ on: 'link', up });
    for (const linked of this.#linked) linked(up);
  }

  /** Somebody is at the door, as far as anything shows. */
  #isThere(nowMono: number): void {
    this.#livelyUntilMono = nowMono + LIVELY_MS;
    this.#rest.sign(nowMono);
  }

  #hear(message: PageMessage): void {
    const known = this.#screen.status?.version;
    if (message.kind === 'status' && known !== undefined && known !== message.version) this.#parts.reload();
    if (message.kind === 'decision' && doorIn(this.#screen)?.id === message.doorId) {
      this.#parts.play(soundOf(message), this.#snapshot.night);
      if (screenOf(message) === 'admitted') this.visits.admitted();
    }
    if (message.kind === 'unjudged' && doorIn(this.#screen)?.id === message.doorId) {
      this.#parts.play('refused', this.#snapshot.night);
    }
    this.#step({ on: 'message', message });
    for (const heard of this.#heard) heard(message);
  }

  #step(input: ScreenInput): void {
    this.#screen = step(this.#screen, input, this.#parts.clock.mono());
    this.#refresh();
  }

  /** Works out the view anew and sets the one timer that this page has. */
  #refresh(): void {
    const { clock } = this.#parts;
    const now = clock.mono();
    this.visits.advance(now);
    this.#comfort = this.#heldComfort(now);
    const view = viewOf(this.#screen, now);
    if (view.screen !== this.#view.screen) {
      this.#before = this.#view.screen;
      if (view.screen === 'waiting' && this.#before !== 'fault') this.#comfort = backToWaiting(this.#comfort);
    }
    this.#view = view;
    this.#rest.look(view, alarmOf(this.#screen) !== null, now);
    this.#snapshot = this.#draw();
    const nextMinute = now + MINUTE_MS - (clock.wall() % MINUTE_MS);
    const comfortDue = this.visits.isOpen || this.#desk !== null ? null : comfortDueAt(this.#comfort);
    const darkAgain = this.#livelyUntilMono > now ? this.#livelyUntilMono : null;
    const dues = [dueAt(this.#screen, now), comfortDue, this.visits.dueAt(now), darkAgain, this.#rest.dueAt(now)];
    const due = Math.min(nextMinute, ...dues.map((one) => one ?? nextMinute));
    this.#wake?.cancel();
    this.#wake = clock.after('kiosk screen', due - now, () => this.#step({ on: 'time' }));
    for (const changed of this.#changed) changed();
  }

  #draw(): Snapshot {
    const { status } = this.#screen;
    const wall = this.#parts.clock.wall();
    const night = status !== null && isNight(status, wall);
    const isThere = this.#livelyUntilMono > this.#parts.clock.mono() || this.#view.screen !== 'waiting';
    const lively = isThere || alarmOf(this.#screen) !== null;
    return {
      view: this.#view,
      before: this.#before,
      status,
      door: doorIn(this.#screen),
      offline: offlineOf(this.#screen.away, this.#parts.clock.mono(), wall),
      comfort: { ...this.#comfort, reach: this.#comfort.reach || status?.reach === true },
      visiting: this.visits.view(this.#parts.clock.mono()),
      desk: this.#desk,
      language: this.#comfort.language ?? status?.languages[0] ?? 'ja',
      wall,
      night,
      black: this.#rest.isBlack(this.#parts.clock.mono()),
      light: night ? (lively ? LIVELY_PERCENT : NIGHT_PERCENT) : 100,
      camera: this.#camera,
      reading: this.readers.isReading,
    };
  }
}
