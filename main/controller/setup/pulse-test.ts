/**
 * Moves a lock once, to see whether it follows: by the door's own flow and guard, so that the pulse ends by itself
 * whatever becomes of the test. On record before and after.
 */
import type { Pulse } from '../../contract/technician.ts';
import type { Clock } from '../../core/clock.ts';
import type { Outcome } from '../../core/door-model.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Unit } from '../unit.ts';

export type PulseFault = 'no-door' | 'lock' | 'fire' | 'busy' | 'store';

type Step = Pulse['steps'][number]['step'];

interface Running {
  readonly door: string;
  readonly event: number;
  readonly staffId: string;
  readonly startedMono: number;
  pulse: Pulse;
}

export class PulseTest {
  readonly #clock: Clock;
  readonly #unit: Unit;
  readonly #ended: (pulse: Pulse, staffId: string) => void;
  #running: Running | null = null;
  #last: Pulse | null = null;

  /** @param ended told once, when the outcome is known */
  constructor(clock: Clock, unit: Unit, ended: (pulse: Pulse, staffId: string) => void) {
    this.#clock = clock;
    this.#unit = unit;
    this.#ended = ended;
  }

  get pulse(): Pulse | null {
    return this.#running?.pulse ?? this.#last;
  }

  start(door: string, staffId: string): Result<void, PulseFault> {
    const state = this.#unit.stateOf(door);
    if (state === undefined) return err('no-door');
    if (this.#unit.doors.fire) return err('fire');
    if (!state.ready) return err('lock');
    if (this.#running !== null || state.energised) return err('busy');
    const startedMono = this.#clock.mono();
    const event = this.#unit.journal.act((writer, note) => {
      const seq = note({ type: 'system', doorId: door, detail: { what: 'test', part: 'lock', staffId } });
      writer.record.commanding(seq);
      return ok(seq);
    });
    if (!event.ok) return event;
    const pulse: Pulse = { door, at: this.#clock.wall(), steps: [], state: 'running' };
    this.#running = { door, event: event.value, staffId, startedMono, pulse };
    this.#seen('recorded');
    this.#unit.doorInput(door, { on: 'open', event: event.value, by: 'staff' });
    this.look();
    return ok(undefined);
  }

  /** Something changed at a door: what of it belongs to the test is noted with its time. */
  look(): void {
    const running = this.#running;
    if (running === null) return;
    const state = this.#unit.stateOf(running.door);
    const has = (step: Step) => running.pulse.steps.some((one) => one.step === step);
    if (state?.energised === true && !has('energised')) this.#seen('energised');
    if (state?.leafOpen === true && has('energised') && !has('opened')) this.#seen('opened');
    if (state?.energised === false && has('energised') && !has('rested')) this.#seen('rested');
    if (state?.leafOpen === false && has('opened') && !has('closed')) this.#seen('closed');
  }

  /** The outcome of an event is known. */
  outcome(of: number, outcome: Outcome | 'unknown'): void {
    const running = this.#running;
    if (running?.event !== of) return;
    this.look();
    const isDone = outcome === 'opened' || outcome === 'unused';
    this.#last = { ...running.pulse, state: isDone ? 'done' : 'failed' };
    this.#running = null;
    const { door, staffId } = running;
    const detail = { what: 'test', part: 'lock', ended: isDone ? 'at rest' : 'failed', staffId };
    this.#unit.journal.note({ type: 'system', doorId: door, of, detail });
    this.#ended(this.#last, staffId);
  }

  #seen(step: Step): void {
    const running = this.#running;
    if (running === null) return;
    const ms = Math.round(this.#clock.mono() - running.startedMono);
    running.pulse = { ...running.pulse, steps: [...running.pulse.steps, { step, ms }] };
  }
}
