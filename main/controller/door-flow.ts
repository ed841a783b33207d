/**
 * Runs one door: feeds the reducer, carries out its effects, in the order in which it names them. A grant comes here
 * only after its record is durable.
 */
import type { Clock, Timer } from '../core/clock.ts';
import {
  type DoorAlarm,
  type DoorEffect,
  type DoorInput,
  type DoorSettings,
  type DoorState,
  type DoorTimer,
  type Outcome,
  type Passage,
  restingDoor,
  stepDoor,
} from '../core/door.ts';

/** What a door acts through. */
export interface DoorActs {
  energise(command: number, untilMono: number): void;
  /** `nobodyPassed`: the contact vouches for it, and what the entry used up may be given back. */
  outcome(passage: Passage, outcome: Outcome, closedAt: number | null, nobodyPassed: boolean): void;
  alarm(alarm: DoorAlarm, active: boolean): void;
  /** The state is another, or the lock came or went. */
  changed(): void;
}

export class DoorFlow {
  readonly #clock: Clock;
  readonly #name: string;
  readonly #settings: DoorSettings;
  readonly #acts: DoorActs;
  readonly #timers = new Map<DoorTimer, Timer>();
  readonly #waiting: (number | null)[] = [];
  #state: DoorState = restingDoor(null);
  #ready = false;

  constructor(clock: Clock, name: string, settings: DoorSettings, acts: DoorActs) {
    this.#clock = clock;
    this.#name = name;
    this.#settings = settings;
    this.#acts = acts;
  }

  get state(): DoorState {
    return this.#state;
  }

  /** The lock can be commanded. */
  get ready(): boolean {
    return this.#ready;
  }

  /** An exit is granted also to a lock that is away, and opens as soon as it is back: people get out. */
  grant(event: number | null): void {
    if (this.#ready) this.input({ on: 'grant', event });
    else if (!this.#waiting.includes(event)) this.#waiting.push(event);
  }

  lockReady(ready: boolean): void {
    if (ready === this.#ready) return;
    this.#ready = ready;
    if (ready) for (const event of this.#waiting.splice(0)) this.input({ on: 'grant', event });
    else this.input({ on: 'guard-lost' });
    this.#acts.changed();
  }

  input(input: DoorInput): void {
    const before = this.#state;
    const { next, effects } = stepDoor(this.#settings, before, input, this.#clock.mono());
    this.#state = next;
    for (const effect of effects) this.#perform(effect);
    if (next !== before) this.#acts.changed();
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #perform(effect: DoorEffect): void {
    switch (effect.do) {
      case 'energise':
        this.#acts.energise(effect.command, effect.until);
        break;
      case 'start-timer':
        this.#startTimer(effect.timer, effect.afterMs);
        break;
      case 'stop-timer':
        this.#stopTimer(effect.timer);
        break;
      case 'record-outcome':
        this.#acts.outcome(effect.passage, effect.outcome, effect.closedAt, effect.nobodyPassed);
        break;
      case 'alarm':
        this.#acts.alarm(effect.alarm, effect.active);
        break;
    }
  }

  #startTimer(timer: DoorTimer, afterMs: number): void {
    this.#stopTimer(timer);
    const run = () => {
      this.#timers.delete(timer);
      this.input({ on: 'timer', timer });
    };
    this.#timers.set(timer, this.#clock.after(`${this.#name} ${timer}`, afterMs, run));
  }

  #stopTimer(timer: DoorTimer): void {
    this.#timers.get(timer)?.cancel();
    this.#timers.delete(timer);
  }
}
