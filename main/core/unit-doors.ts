/**
 * All doors of a unit as one reducer: what reaches over several doors (fire, interlock) and the orders that staff and
 * calendar give. Each door's own life is in `door.ts`.
 */
import { stepDoor } from './door.ts';
import {
  type DoorEffect,
  type DoorInput,
  type DoorMode,
  type DoorSettings,
  type DoorState,
  restingDoor,
} from './door-model.ts';
import { isPassable } from './door-orders.ts';

/** What is ordered for one door. Who orders, and until when, is the controller's to know. */
export interface Orders {
  readonly lockdown: boolean;
  /** Staff hold it unlocked. */
  readonly hold: boolean;
  readonly schedule: 'held-unlocked' | 'always-locked' | null;
  /** Its fire input is active: a wire is cut, or it burns. */
  readonly fireInput: boolean;
}

export interface UnitDoor {
  readonly orders: Orders;
  readonly state: DoorState;
}

export interface UnitDoors {
  /** All locks are released and held, until every fire input is normal and a manager resets it. */
  readonly fire: boolean;
  readonly doors: ReadonlyMap<string, UnitDoor>;
}

export interface UnitDoorSettings extends DoorSettings {
  /** The door with which this one is never open at once; the other names this one. */
  readonly interlockWith: string | null;
}

export type UnitInput =
  | { readonly on: 'door'; readonly door: string; readonly input: DoorInput }
  | { readonly on: 'order'; readonly door: string; readonly order: Partial<Orders> }
  /** The last run ended in a fire that nobody has reset. */
  | { readonly on: 'fire-goes-on' }
  /** Does nothing while a fire input is active. */
  | { readonly on: 'reset-fire' };

export interface UnitStep {
  readonly next: UnitDoors;
  readonly effects: readonly { readonly door: string; readonly effect: DoorEffect }[];
}

const NOTHING_ORDERED: Orders = { lockdown: false, hold: false, schedule: null, fireInput: false };

export function restingUnit(doors: Iterable<string>): UnitDoors {
  const resting = (id: string): [string, UnitDoor] => [id, { orders: NOTHING_ORDERED, state: restingDoor(null) }];
  return { fire: false, doors: new Map([...doors].map(resting)) };
}

type Settings = ReadonlyMap<string, UnitDoorSettings>;

/** @throws Error at a door that the settings or the state don't have */
export function stepUnit(settings: Settings, before: UnitDoors, input: UnitInput, now: number): UnitStep {
  const effects: { readonly door: string; readonly effect: DoorEffect }[] = [];
  const doors = new Map(before.doors);
  const feed = (id: string, one: DoorInput): void => {
    const door = of(doors, id);
    const step = stepDoor(of(settings, id), door.state, one, now);
    doors.set(id, { ...door, state: step.next });
    for (const effect of step.effects) effects.push({ door: id, effect });
  };
  if (input.on === 'order') {
    const door = of(doors, input.door);
    doors.set(input.door, { ...door, orders: { ...door.orders, ...input.order } });
  }
  if (input.on === 'door') feed(input.door, input.input);
  const fire = isFire(before.fire, doors, input);
  // What one door does may bar or free its partner. It ends: a door that was ended bars nobody, so that of two that
  // want to be held open the first one stays.
  for (let settled = false; !settled; ) {
    settled = true;
    for (const [id, door] of doors) {
      const mode = modeOf(of(settings, id), doors, door.orders, fire);
      if (isSame(mode, door.state.mode)) continue;
      settled = false;
      feed(id, { on: 'mode', mode });
    }
  }
  return { next: { fire, doors }, effects };
}

function isFire(burning: boolean, doors: ReadonlyMap<string, UnitDoor>, input: UnitInput): boolean {
  const active = [...doors.values()].some(({ orders }) => orders.fireInput);
  return active || input.on === 'fire-goes-on' || (burning && input.on !== 'reset-fire');
}

function modeOf(
  { interlockWith }: UnitDoorSettings,
  doors: ReadonlyMap<string, UnitDoor>,
  { lockdown, hold, schedule }: Orders,
  fire: boolean,
): DoorMode {
  const interlocked = interlockWith !== null && isPassable(of(doors, interlockWith).state);
  const closed = schedule === 'always-locked';
  return { fire, lockdown, closed, interlocked, hold: hold || schedule === 'held-unlocked' };
}

function isSame(a: DoorMode, b: DoorMode): boolean {
  return (
    a.fire === b.fire &&
    a.lockdown === b.lockdown &&
    a.closed === b.closed &&
    a.interlocked === b.interlocked &&
    a.hold === b.hold
  );
}

function of<T>(map: ReadonlyMap<string, T>, id: string): T {
  const found = map.get(id);
  if (found === undefined) throw new Error(`there is no door ${id}`);
  return found;
}
