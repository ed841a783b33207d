/** Every value that the kernel was told to put on a GPIO line, with its time: nothing between two looks is missed. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TRACING = '/sys/kernel/tracing';
/** `node-123 [000] ..... 12.345678: gpio_value: 515 set 1` */
const SET = /^\s*(\S+)-(\d+)\s.*?\s([\d.]+): gpio_value: (\d+) set (\d)/gm;

export interface LineSet {
  readonly pid: number;
  /** On the monotonic clock. */
  readonly mono: number;
  /** The number in /sys/class/gpio. */
  readonly number: number;
  readonly value: 0 | 1;
}

export class GpioTrace {
  constructor() {
    if (!existsSync(join(TRACING, 'trace'))) spawnSync('mount', ['-t', 'tracefs', 'tracefs', TRACING]);
    this.#write('trace_clock', 'mono');
    this.#write('trace', '');
    this.#write('events/gpio/gpio_value/enable', '1');
  }

  sets(): LineSet[] {
    const text = readFileSync(join(TRACING, 'trace'), 'utf8');
    return [...text.matchAll(SET)].map(([, , pid, seconds, number, value]) => {
      return { pid: Number(pid), mono: Number(seconds) * 1_000, number: Number(number), value: value === '1' ? 1 : 0 };
    });
  }

  stop(): void {
    this.#write('events/gpio/gpio_value/enable', '0');
  }

  #write(file: string, text: string): void {
    writeFileSync(join(TRACING, file), text);
  }
}
