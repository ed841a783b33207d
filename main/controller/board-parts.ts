/**
 * Inputs and outputs that sit on relay boards. The guard has the boards; here are the controller's ends, ports like any
 * other.
 */
import { isActiveLow } from '../../device/inputs/open.ts';
import type { DeviceFault, DeviceState, InputPort, InputSink, LockSink, OutputPort } from '../../device/ports.ts';
import type { Config } from '../contract/config.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { FromGuard, GuardedInput, GuardedOutput } from '../guard/protocol.ts';

export type PartMessage = Extract<FromGuard, { say: 'part' | 'input' }>;

const NO_GUARD: DeviceState & { readonly ok: false } = { ok: false, code: 'no-answer', detail: 'the guard is not up' };

const NOT_OPEN: DeviceFault = { code: 'failed', detail: 'the output is not open' };

/** One end: what the guard last said about the part, and who wants to hear it. */
class Part {
  #state: DeviceState | null = null;
  #level: { readonly active: boolean; readonly mono: number } | null = null;
  #told: boolean | null = null;
  #sink: (LockSink & Partial<InputSink>) | null = null;

  get state(): DeviceState {
    return this.#state ?? NO_GUARD;
  }

  open(sink: LockSink & Partial<InputSink>): void {
    this.#sink = sink;
    this.#told = null;
    queueMicrotask(() => {
      if (this.#sink !== sink) return;
      if (this.#state !== null) sink.state(this.#state);
      this.#tellLevel();
    });
  }

  close(): void {
    this.#sink = null;
  }

  hear(state: DeviceState): void {
    this.#state = state;
    // Whoever was cut off says its level anew.
    if (!state.ok) this.#level = null;
    this.#sink?.state(state);
  }

  level(active: boolean, mono: number): void {
    this.#level = { active, mono };
    this.#tellLevel();
  }

  #tellLevel(): void {
    const level = this.#level;
    if (level === null || this.#sink === null || level.active === this.#told) return;
    this.#told = level.active;
    this.#sink.level?.(level.active, level.mono);
  }
}

export class BoardParts {
  readonly inputs: readonly GuardedInput[];
  readonly outputs: readonly GuardedOutput[];
  readonly #parts: ReadonlyMap<string, Part>;
  readonly #send: (id: string, on: boolean) => boolean;

  /** `send` gives an output's command to the guard; false: the guard takes none. */
  constructor(config: Config, send: (id: string, on: boolean) => boolean) {
    this.inputs = config.doors.flatMap(guardedInputs);
    this.outputs = config.doors.flatMap(guardedOutputs);
    this.#parts = new Map([...this.inputs, ...this.outputs].map(({ id }) => [id, new Part()]));
    this.#send = send;
  }

  /** Null: that is on no board. */
  input(id: string): InputPort | null {
    const part = this.#parts.get(id);
    if (part === undefined) return null;
    return { open: (sink) => part.open(sink), close: async () => part.close() };
  }

  output(id: string): OutputPort | null {
    const part = this.#parts.get(id);
    if (part === undefined) return null;
    let opened = false;
    const set = (on: boolean): Result<void, DeviceFault> => {
      const { state } = part;
      if (!opened) return err(NOT_OPEN);
      if (!state.ok) return err({ code: state.code, detail: state.detail });
      return this.#send(id, on) ? ok(undefined) : err(NO_GUARD);
    };
    return {
      open: (sink) => {
        opened = true;
        part.open(sink);
      },
      set: async (on) => set(on),
      close: async () => {
        if (opened && part.state.ok) this.#send(id, false);
        opened = false;
        part.close();
      },
    };
  }

  /** What the guard says of a part. */
  hear(message: PartMessage): void {
    const part = this.#parts.get(message.id);
    if (message.say === 'part') part?.hear(message.state);
    else part?.level(message.active, message.mono);
  }

  /** The guard is gone, and nobody knows the parts' state until the next one says it. */
  guardIsGone(): void {
    for (const part of this.#parts.values()) part.hear(NO_GUARD);
  }
}

/** How a part is called between controller and guard, and in states: `front.exitButton`. */
export function partId(door: string, name: string): string {
  return `${door}.${name}`;
}

type Door = Config['doors'][number];

function guardedInputs({ id: door, inputs }: Door): readonly GuardedInput[] {
  return Object.entries(inputs).flatMap(([name, config]) => {
    if (config?.driver !== 'serial-relay') return [];
    const { normally, activeLow, debounceMs, ...line } = config;
    return [{ id: partId(door, name), line, activeLow: isActiveLow({ normally, activeLow }), debounceMs }];
  });
}

function guardedOutputs({ id: door, outputs }: Door): readonly GuardedOutput[] {
  return Object.entries(outputs).flatMap(([name, line]) =>
    line?.driver === 'serial-relay' || line?.driver === 'hid-relay' ? [{ id: partId(door, name), line }] : [],
  );
}
