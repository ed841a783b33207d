/** The kernel's GPIO without a kernel: one chip of simulated lines, for the drivers' logic in tests. */
import type { Clock } from '../../main/core/clock.ts';
import type { GpioChip, GpioInput, GpioKernel, GpioLineInfo, GpioOutput, LineSettings } from '../lines/gpio/kernel.ts';

const NAMES = ['', '', '', 'LOCK_RELAY', '', 'REX_BUTTON', 'TWIN', 'TWIN'];

/** As `KernelError`, without koffi. */
class Refused extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

interface Taken {
  readonly lost: () => void;
}

export class SimGpio implements GpioKernel {
  readonly #clock: Clock;
  readonly #chip: GpioChip = { path: '/dev/gpiochip0', name: 'gpiochip0', label: 'sim', lineCount: NAMES.length };
  /** High or low voltage, whatever the line's users call active. */
  readonly #high = NAMES.map(() => false);
  readonly #takers = new Map<number, Taken>();
  readonly #edges = new Map<number, { last: number | null; wake: ((there: boolean) => void) | null }>();
  #there = true;
  /** What lines were asked for, for tests. */
  readonly requests: (LineSettings & { readonly offset: number; readonly direction: 'input' | 'output' })[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The voltage at a line, as a meter would see it. */
  high(offset: number): boolean {
    return this.#high[offset] ?? false;
  }

  /** Somebody outside drives an input. */
  drive(offset: number, high: boolean): void {
    if (this.#high[offset] === high) return;
    this.#high[offset] = high;
    const edges = this.#edges.get(offset);
    if (edges === undefined) return;
    edges.last = this.#clock.mono();
    const wake = edges.wake;
    edges.wake = null;
    if (wake !== null) queueMicrotask(() => wake(true));
  }

  unplug(): void {
    this.#there = false;
    const takers = [...this.#takers.values()];
    this.#takers.clear();
    for (const { lost } of takers) lost();
    this.#high.fill(false);
  }

  replug(): void {
    this.#there = true;
  }

  chips(): readonly GpioChip[] {
    return this.#there ? [this.#chip] : [];
  }

  chip(path: string): GpioChip {
    if (path === '/dev/null') throw new Refused('ENOTTY');
    if (path === '/dev/forbidden') throw new Refused('EACCES');
    if (!this.#there || path !== this.#chip.path) throw new Refused('ENOENT');
    return this.#chip;
  }

  line(_chip: GpioChip, offset: number): GpioLineInfo {
    if (!this.#there) throw new Refused('ENODEV');
    const used = this.#takers.has(offset);
    return { offset, name: NAMES[offset] ?? '', used, consumer: used ? 'genkan' : '' };
  }

  takeOutput(_chip: GpioChip, offset: number, settings: LineSettings, gone: () => void): GpioOutput {
    const taken = this.#take(offset, 'output', settings, gone);
    const set = (active: boolean): void => {
      this.#check(offset, taken);
      this.#high[offset] = active !== settings.activeLow;
    };
    set(false);
    return { set, check: () => this.#check(offset, taken), close: () => this.#release(offset, taken) };
  }

  takeInput(_chip: GpioChip, offset: number, settings: LineSettings): GpioInput {
    const edges: { last: number | null; wake: ((there: boolean) => void) | null } = { last: null, wake: null };
    const taken = this.#take(offset, 'input', settings, () => edges.wake?.(false));
    this.#edges.set(offset, edges);
    return {
      level: () => {
        this.#check(offset, taken);
        return this.high(offset) !== settings.activeLow;
      },
      lastEdge: () => {
        this.#check(offset, taken);
        const { last } = edges;
        edges.last = null;
        return last;
      },
      awaitEdge: (ready) => {
        if (edges.last === null) edges.wake = ready;
        else queueMicrotask(() => ready(true));
      },
      close: () => {
        edges.wake = null;
        this.#release(offset, taken);
      },
    };
  }

  #take(offset: number, direction: 'input' | 'output', settings: LineSettings, lost: () => void): Taken {
    if (!this.#there) throw new Refused('ENODEV');
    if (this.#takers.has(offset)) throw new Refused('EBUSY');
    const taken = { lost };
    this.#takers.set(offset, taken);
    const { activeLow, bias } = settings;
    this.requests.push({ offset, direction, activeLow, bias });
    return taken;
  }

  #check(offset: number, taken: Taken): void {
    if (this.#takers.get(offset) !== taken) throw new Refused('ENODEV');
  }

  #release(offset: number, taken: Taken): void {
    if (this.#takers.get(offset) === taken) this.#takers.delete(offset);
    this.#edges.delete(offset);
  }
}
