/** What is asked of the kernel's GPIO character devices, as types only. Calls are synchronous and throw KernelError. */

export const BIASES = ['as-is', 'pull-up', 'pull-down', 'disabled'] as const;

/** `as-is` leaves the pull as the board's maker or the device tree has set it. */
export type Bias = (typeof BIASES)[number];

export interface GpioChip {
  /** `/dev/gpiochip0`. The number may be another after a replug or a boot. */
  readonly path: string;
  /** `gpiochip0`. */
  readonly name: string;
  /** What the driver calls it: `pinctrl-rp1`. Stable. */
  readonly label: string;
  readonly lineCount: number;
}

export interface GpioLineInfo {
  readonly offset: number;
  /** Empty where the line has none. */
  readonly name: string;
  readonly used: boolean;
  /** Who uses it, as they call themselves; `sysfs` for an exported line. */
  readonly consumer: string;
}

export interface LineSettings {
  /** Active means low voltage. */
  readonly activeLow: boolean;
  readonly bias: Bias;
}

export interface GpioOutput {
  set(active: boolean): void;
  /** Throws where the chip is gone. */
  check(): void;
  /** The kernel promises nothing about the line from now on. */
  close(): void;
}

export interface GpioInput {
  level(): boolean;
  /** Takes the edges that came since the last call. The time of the last one, on the monotonic clock in ms; else null. */
  lastEdge(): number | null;
  /** Calls `ready` once, as soon as there is an edge (true) or the chip is gone (false). */
  awaitEdge(ready: (there: boolean) => void): void;
  close(): void;
}

export interface GpioKernel {
  chips(): readonly GpioChip[];
  /** The chip of a device file. */
  chip(path: string): GpioChip;
  line(chip: GpioChip, offset: number): GpioLineInfo;
  /** Takes a line and drives it to rest (inactive) in the same call. `gone` is called once if its chip goes. */
  takeOutput(chip: GpioChip, offset: number, settings: LineSettings, gone: () => void): GpioOutput;
  takeInput(chip: GpioChip, offset: number, settings: LineSettings): GpioInput;
}
