/** From what the configuration says to a line of a chip, and from what the kernel says to words for technicians. */
import { err, ok, type Result } from '../../../main/core/result.ts';
import type { DeviceFault } from '../../ports.ts';
import type { GpioChip, GpioKernel, LineSettings } from './kernel.ts';

export interface GpioLineOptions extends LineSettings {
  /** A chip's path, label or name; null: the line's name is looked for on all chips. */
  readonly chip: string | null;
  /** The line's offset on its chip, or its name. */
  readonly line: number | string;
}

export interface FoundLine {
  readonly chip: GpioChip;
  readonly offset: number;
}

export function lineTitle({ chip, line }: GpioLineOptions): string {
  return chip === null ? `GPIO line ${line}` : `GPIO ${chip} line ${line}`;
}

export function findLine(kernel: GpioKernel, options: GpioLineOptions): Result<FoundLine, DeviceFault> {
  const chips = findChips(kernel, options.chip);
  if (!chips.ok) return chips;
  const found = chips.value.flatMap((chip) =>
    offsetsOn(kernel, chip, options.line).map((offset) => ({ chip, offset })),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return ok(only);
  const where = options.chip === null ? 'any GPIO chip' : options.chip;
  if (only !== undefined)
    return failed(`${found.length} lines of ${where} are called ${options.line}: give chip and number`);
  const [chip] = chips.value;
  if (typeof options.line === 'string' || chip === undefined)
    return absent(`${where} has no line called ${options.line}`);
  return absent(`${where} has the lines 0 to ${chip.lineCount - 1}, not ${options.line}`);
}

function findChips(kernel: GpioKernel, name: string | null): Result<readonly GpioChip[], DeviceFault> {
  if (name?.includes('/')) return ok([kernel.chip(name)]);
  const chips = kernel.chips();
  if (chips.length === 0) return absent('this machine has no GPIO chip, or none that this user may open (group gpio)');
  if (name === null) return ok(chips);
  const named = chips.filter((chip) => chip.label === name || chip.name === name);
  if (named.length === 1) return ok(named);
  if (named.length > 1) return failed(`${named.length} GPIO chips are called ${name}: give the path of one`);
  const there = chips.map((chip) => `${chip.label} (${chip.path})`).join(', ');
  return absent(`no GPIO chip is called ${name}; there is: ${there.slice(0, 500)}`);
}

function offsetsOn(kernel: GpioKernel, chip: GpioChip, line: number | string): readonly number[] {
  if (typeof line === 'number') return line < chip.lineCount ? [line] : [];
  const offsets = Array.from({ length: chip.lineCount }, (_, offset) => offset);
  return offsets.filter((offset) => kernel.line(chip, offset).name === line);
}

/** What an error of the kernel means for this line. */
export function gpioFault(
  kernel: GpioKernel | null,
  title: string,
  found: FoundLine | null,
  error: unknown,
): DeviceFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
    case 'ENXIO':
      return { code: 'absent', detail: `${title}: the chip is not there` };
    case 'ENODEV':
      return { code: 'unplugged', detail: `${title} is gone` };
    case 'EBUSY':
      return { code: 'busy', detail: `${title} is in use${consumerOf(kernel, found)}` };
    case 'ENOTTY':
    case 'EISDIR':
      return { code: 'not-a-device', detail: `${title}: that is not a GPIO chip` };
    case 'EACCES':
    case 'EPERM':
      return { code: 'failed', detail: `${title}: no permission; add this user to the group that owns it (gpio)` };
    default: {
      const text = error instanceof Error ? error.message : String(error);
      return { code: 'failed', detail: `${title}: ${text.replaceAll('\n', ' ').slice(0, 200)}` };
    }
  }
}

function consumerOf(kernel: GpioKernel | null, found: FoundLine | null): string {
  if (kernel === null || found === null) return '';
  try {
    const { consumer } = kernel.line(found.chip, found.offset);
    if (consumer === 'sysfs') return ' through /sys/class/gpio: unexport it there';
    return consumer === '' ? ' by the kernel' : ` by ${consumer}`;
  } catch {
    return '';
  }
}

function absent(detail: string): Result<never, DeviceFault> {
  return err({ code: 'absent', detail });
}

function failed(detail: string): Result<never, DeviceFault> {
  return err({ code: 'failed', detail });
}
