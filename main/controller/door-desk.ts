/**
 * Who orders what for the doors besides the calendar: staff, buttons and alarm inputs. Each act is an event before it
 * opens anything; what a restart must not forget is kept with the event. An order that locks or lets out never waits for
 * the record.
 */
import type { Clock, ClockTrust, Timer } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';
import { formatInstant } from '../core/time/instant.ts';
import type { KeptOrders } from '../store/door-orders.ts';
import type { EventDraft } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import type { DoorFlow } from './door-flow.ts';
import type { Journal } from './journal.ts';
import { mayAct, type StaffList } from './staff/staff-list.ts';

/** Inputs of a door besides its contact. */
export type DoorSignal = 'exitButton' | 'fire' | 'tamper';

/** Why staff can't have it so. */
export type DeskFault =
  | 'no-staff'
  | 'not-allowed'
  | 'no-door'
  | 'bad-until'
  /** The locks are released for a fire. */
  | 'fire'
  /** A fire input is active still. */
  | 'burning'
  /** The lock can't be commanded. */
  | 'lock'
  /** The record can't be written, and nothing is opened without. */
  | 'store';

export interface DeskParts {
  readonly clock: Clock;
  readonly store: Store;
  readonly journal: Journal;
  readonly staff: StaffList;
  readonly trust: () => ClockTrust;
  readonly doors: readonly string[];
  readonly flow: DoorFlow;
}

/** Nobody means tomorrow night when they hold a door open. */
export const LONGEST_HOLD_MS = 24 * 3_600_000;

/** What an order's event says besides: why. */
export type More = Readonly<Record<string, unknown>>;

type Note = Partial<EventDraft> & Pick<EventDraft, 'type'>;

export class DoorDesk {
  readonly #parts: DeskParts;
  /** Ends of holds by staff, epoch ms. */
  readonly #heldUntil = new Map<string, number>();
  readonly #holdTimers = new Map<string, Timer>();
  readonly #levels = new Map<string, boolean>();
  /** The event of the exit button's opening that is under way. */
  readonly #buttons = new Map<string, number>();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Takes up what the last run was ordered; a hold only where its end can be told. */
  start(): void {
    const { store, journal, clock, flow, doors } = this.#parts;
    const kept = journal.waiting.orders ?? store.doorOrders.read();
    if (kept.fire) flow.fireGoesOn();
    for (const { doorId, lockdown, heldUntil } of kept.doors) {
      if (!doors.includes(doorId)) continue;
      if (lockdown) flow.order(doorId, { lockdown });
      if (heldUntil !== null && heldUntil > clock.wall() && this.#parts.trust() !== 'doubtful')
        this.#hold(doorId, heldUntil);
    }
  }

  close(): void {
    for (const timer of this.#holdTimers.values()) timer.cancel();
  }

  /** The input of a door changed, or was found so at the start. */
  signal(door: string, signal: DoorSignal, active: boolean): void {
    const key = `${door} ${signal}`;
    const before = this.#levels.get(key) ?? false;
    this.#levels.set(key, active);
    if (active === before) return;
    switch (signal) {
      case 'exitButton':
        if (active) this.#exit(door);
        break;
      case 'fire':
        this.#fire(door, active);
        break;
      case 'tamper':
        this.#note({ type: 'input', doorId: door, detail: { input: signal, active } });
        this.#parts.flow.input(door, { on: 'tamper', active });
        break;
    }
  }

  /** Opens once, whoever may enter. @returns the event's number */
  open(door: string, staffId: string, more: More = {}): Result<number, DeskFault> {
    const allowed = this.mayOpen(door, staffId);
    if (!allowed.ok) return allowed;
    const event = this.#command({ type: 'staff', doorId: door, detail: { what: 'open', staffId, ...more } });
    if (event.ok) this.#parts.flow.input(door, { on: 'open', event: event.value, by: 'staff' });
    return event;
  }

  /** May this person open the door, and could it be opened? */
  mayOpen(door: string, staffId: string): Result<void, DeskFault> {
    const { flow } = this.#parts;
    const allowed = this.#check(door, staffId);
    if (!allowed.ok) return allowed;
    if (flow.fire) return err('fire');
    return flow.stateOf(door)?.ready === true ? ok(undefined) : err('lock');
  }

  /** Holds the door unlocked until then (epoch ms, at most 24 h from now); null: no longer. */
  holdOpen(door: string, until: number | null, staffId: string, more: More = {}): Result<void, DeskFault> {
    const allowed = this.#check(door, staffId);
    if (!allowed.ok) return allowed;
    const now = this.#parts.clock.wall();
    if (until !== null && !(until > now && until <= now + LONGEST_HOLD_MS)) return err('bad-until');
    const detail = { what: 'hold-open', until: until === null ? null : formatInstant(until), staffId, ...more };
    const event = { type: 'staff', doorId: door, detail } as const;
    if (until === null) {
      this.#endHold(door);
      this.#order(event);
      return ok(undefined);
    }
    const before = this.#heldUntil.get(door);
    this.#heldUntil.set(door, until);
    const told = this.#record(event);
    if (told.ok) {
      this.#hold(door, until);
      return ok(undefined);
    }
    if (before === undefined) this.#heldUntil.delete(door);
    else this.#heldUntil.set(door, before);
    return told;
  }

  /** Lets nobody in, by one door or all (null); exits open. Takes effect also where the record can't be written. */
  lockdown(door: string | null, active: boolean, staffId: string, more: More = {}): Result<void, DeskFault> {
    const { doors, flow } = this.#parts;
    const allowed = this.#check(door, staffId);
    if (!allowed.ok) return allowed;
    for (const id of door === null ? doors : [door]) flow.order(id, { lockdown: active });
    this.#order({ type: 'staff', doorId: door, detail: { what: 'lockdown', active, staffId, ...more } });
    return ok(undefined);
  }

  /** Ends a fire, once its inputs are normal. A manager's. */
  resetFire(staffId: string): Result<void, DeskFault> {
    const allowed = this.#check(null, staffId, 'manager');
    if (!allowed.ok) return allowed;
    const { flow } = this.#parts;
    if (!flow.fire) return ok(undefined);
    if (!flow.resetFire()) return err('burning');
    this.#order({ type: 'staff', detail: { what: 'reset-fire', staffId } });
    this.#note({ type: 'alarm', detail: { alarm: 'fire', active: false } });
    return ok(undefined);
  }

  /** Life first: the door opens, and the record comes with it or later. While it runs, another press is the same one. */
  #exit(door: string): void {
    const { flow } = this.#parts;
    const running = this.#buttons.get(door);
    const passages = flow.stateOf(door)?.passages ?? [];
    if (running !== undefined && passages.some(({ event }) => event === running)) {
      flow.input(door, { on: 'open', event: running, by: 'exit' });
      return;
    }
    const draft = {
      type: 'input',
      doorId: door,
      direction: 'out',
      detail: { input: 'exitButton', active: true },
    } as const;
    flow.input(door, { on: 'exit-wanted' });
    const event = this.#command(draft);
    const number = event.ok ? event.value : this.#note(draft);
    this.#buttons.set(door, number);
    flow.input(door, { on: 'open', event: number, by: 'exit' });
  }

  #fire(door: string, active: boolean): void {
    const { flow } = this.#parts;
    const before = flow.fire;
    flow.order(door, { fireInput: active });
    this.#order({ type: 'input', doorId: door, detail: { input: 'fire', active } });
    if (flow.fire !== before) this.#note({ type: 'alarm', doorId: door, detail: { alarm: 'fire', active: true } });
  }

  #hold(door: string, until: number): void {
    const { clock, flow } = this.#parts;
    this.#heldUntil.set(door, until);
    flow.order(door, { hold: true });
    this.#holdTimers.get(door)?.cancel();
    const end = () => {
      this.#endHold(door);
      this.#order({ type: 'system', doorId: door, detail: { what: 'hold-ended' } });
    };
    this.#holdTimers.set(door, clock.after(`${door} hold by staff ends`, until - clock.wall(), end));
  }

  #endHold(door: string): void {
    this.#holdTimers.get(door)?.cancel();
    this.#holdTimers.delete(door);
    this.#heldUntil.delete(door);
    this.#parts.flow.order(door, { hold: false });
  }

  /** @param role that it takes at least: a manager is one of the staff */
  #check(door: string | null, staffId: string, role: 'staff' | 'manager' = 'staff'): Result<void, DeskFault> {
    const { staff, doors } = this.#parts;
    const person = staff.find(staffId);
    if (person === undefined) return err('no-staff');
    if (!mayAct(person.role, role)) return err('not-allowed');
    return door === null || doors.includes(door) ? ok(undefined) : err('no-door');
  }

  /** The event of an opening: it owes an outcome. */
  #command(event: Note): Result<number, 'store'> {
    return this.#parts.journal.act((writer, note) => {
      const seq = note(event);
      writer.record.commanding(seq);
      return ok(seq);
    });
  }

  /** The event of an order, with all orders as they then hold. */
  #record(event: Note): Result<number, 'store'> {
    return this.#parts.journal.act((writer, note) => {
      writer.doorOrders.replace(this.#orders());
      return ok(note(event));
    });
  }

  /** One that doesn't wait for the record: where that fails, both are kept, and written later. */
  #order(event: Note): void {
    if (!this.#record(event).ok) this.#parts.journal.noteOrder(event, this.#orders());
  }

  #note(event: Note): number {
    return this.#parts.journal.note(event);
  }

  /** As they hold now. */
  #orders(): KeptOrders {
    const { doors, flow } = this.#parts;
    const orders = doors.map((doorId) => ({
      doorId,
      lockdown: flow.ordersOf(doorId)?.lockdown ?? false,
      heldUntil: this.#heldUntil.get(doorId) ?? null,
    }));
    const kept = orders.filter(({ lockdown, heldUntil }) => lockdown || heldUntil !== null);
    return { fire: flow.fire, doors: kept };
  }
}
