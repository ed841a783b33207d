/**
 * Runs the doors: feeds the reducer of the unit, carries out its effects, in the order in which it names them. An
 * opening comes here only after its record is durable.
 */
import type { DoorConfig } from '../contract/config.ts';
import type { Clock, Timer } from '../core/clock.ts';
import type { DoorAlarm, DoorEffect, DoorInput, DoorState, DoorTimer, Outcome, Passage } from '../core/door-model.ts';
import {
  type Orders,
  restingUnit,
  stepUnit,
  type UnitDoorSettings,
  type UnitDoors,
  type UnitInput,
} from '../core/unit-doors.ts';

/** What the doors act through. */
export interface DoorActs {
  energise(door: string, command: number, untilMono: number): void;
  energiseAt(door: string, command: number, atMono: number, untilMono: number): void;
  rest(door: string, command: number): void;
  /** `nobodyPassed`: the contact vouches for it, and what the entry used up may be given back. */
  outcome(door: string, passage: Passage, outcome: Outcome, closedAt: number | null, nobodyPassed: boolean): void;
  alarm(door: string, alarm: DoorAlarm, active: boolean): void;
  /** The state of doors is another. */
  changed(): void;
}

export class DoorFlow {
  readonly #clock: Clock;
  readonly #settings: ReadonlyMap<string, UnitDoorSettings>;
  readonly #acts: DoorActs;
  readonly #timers = new Map<string, Timer>();
  #unit: UnitDoors;

  constructor(clock: Clock, doors: readonly DoorConfig[], acts: DoorActs) {
    this.#clock = clock;
    this.#acts = acts;
    this.#settings = new Map(doors.map((door) => [door.id, { ...door, interlockWith: partnerOf(door, doors) }]));
    this.#unit = restingUnit(this.#settings.keys());
  }

  get fire(): boolean {
    return this.#unit.fire;
  }

  /** undefined: no such door is configured. */
  stateOf(door: string): DoorState | undefined {
    return this.#unit.doors.get(door)?.state;
  }

  ordersOf(door: string): Orders | undefined {
    return this.#unit.doors.get(door)?.orders;
  }

  /** An input of a door that isn't configured is dropped. */
  input(door: string, input: DoorInput): void {
    if (this.#settings.has(door)) this.#step({ on: 'door', door, input });
  }

  order(door: string, order: Partial<Orders>): void {
    this.#step({ on: 'order', door, order });
  }

  /** The last run ended in a fire that nobody has reset. */
  fireGoesOn(): void {
    this.#step({ on: 'fire-goes-on' });
  }

  /** False: a fire input is active still. */
  resetFire(): boolean {
    this.#step({ on: 'reset-fire' });
    return !this.fire;
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #step(input: UnitInput): void {
    const { next, effects } = stepUnit(this.#settings, this.#unit, input, this.#clock.mono());
    this.#unit = next;
    for (const { door, effect } of effects) this.#perform(door, effect);
    this.#acts.changed();
  }

  #perform(door: string, effect: DoorEffect): void {
    switch (effect.do) {
      case 'energise':
        this.#acts.energise(door, effect.command, effect.until);
        break;
      case 'energise-at':
        this.#acts.energiseAt(door, effect.command, effect.at, effect.until);
        break;
      case 'rest':
        this.#acts.rest(door, effect.command);
        break;
      case 'start-timer':
        this.#startTimer(door, effect.timer, effect.afterMs);
        break;
      case 'stop-timer':
        this.#stopTimer(`${door} ${effect.timer}`);
        break;
      case 'record-outcome':
        this.#acts.outcome(door, effect.passage, effect.outcome, effect.closedAt, effect.nobodyPassed);
        break;
      case 'alarm':
        this.#acts.alarm(door, effect.alarm, effect.active);
        break;
    }
  }

  #startTimer(door: string, timer: DoorTimer, afterMs: number): void {
    const name = `${door} ${timer}`;
    this.#stopTimer(name);
    const run = () => {
      this.#timers.delete(name);
      this.input(door, { on: 'timer', timer });
    };
    this.#timers.set(name, this.#clock.after(name, afterMs, run));
  }

  #stopTimer(name: string): void {
    this.#timers.get(name)?.cancel();
    this.#timers.delete(name);
  }
}

/** Of a pair one door alone may name the other. */
function partnerOf({ id, interlockWith }: DoorConfig, doors: readonly DoorConfig[]): string | null {
  return interlockWith ?? doors.find((other) => other.interlockWith === id)?.id ?? null;
}
