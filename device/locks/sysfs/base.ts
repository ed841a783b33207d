import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { err, ok, type Result } from '../../../main/core/result.ts';
import type { DeviceFault } from '../../ports.ts';

const CLASS = '/sys/class/gpio';

interface SysfsChip {
  /** `gpiochip512`: the number is the base, not the one of /dev. */
  readonly name: string;
  readonly label: string;
  readonly base: number;
  readonly lineCount: number;
  /** What the character device is called: `gpiochip0`; null on kernels that have none. */
  readonly deviceName: string | null;
}

/** The number in /sys/class/gpio of the chip's first line: 512 on newer kernels, where it was 0. */
export function findBase(chip: string, line: number, root: string = CLASS): Result<number, DeviceFault> {
  if (!existsSync(root)) {
    return err({ code: 'absent', detail: 'this kernel has no /sys/class/gpio: use the driver gpio' });
  }
  const chips = readChips(root);
  const name = basename(chip);
  const byDevice = chips.filter(({ deviceName }) => deviceName === name);
  const found = byDevice.length > 0 ? byDevice : chips.filter((one) => one.name === name || one.label === chip);
  const [only] = found;
  if (only === undefined) {
    const there = chips.map(({ name: known, label }) => `${label} (${known})`).join(', ');
    return err({ code: 'absent', detail: `no GPIO chip is called ${chip}; there is: ${there.slice(0, 500)}` });
  }
  if (found.length > 1) return err({ code: 'failed', detail: `${found.length} GPIO chips are called ${chip}` });
  if (line < only.lineCount) return ok(only.base);
  return err({ code: 'absent', detail: `${chip} has the lines 0 to ${only.lineCount - 1}, not ${line}` });
}

function readChips(root: string): readonly SysfsChip[] {
  return readdirSync(root)
    .filter((name) => /^gpiochip\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [readChip(root, name)];
      } catch {
        // It went between the two looks.
        return [];
      }
    });
}

function readChip(root: string, name: string): SysfsChip {
  const read = (file: string): string => readFileSync(join(root, name, file), 'utf8').trim();
  const base = Number(read('base'));
  return { name, label: read('label'), base, lineCount: Number(read('ngpio')), deviceName: deviceNameOf(root, name) };
}

/** The chip's device, or its parent, has a folder with the character device's name. Where it has two, neither is sure. */
function deviceNameOf(root: string, name: string): string | null {
  try {
    const device = realpathSync(join(root, name, 'device'));
    if (/^gpiochip\d+$/.test(basename(device))) return basename(device);
    const inside = readdirSync(device).filter((entry) => /^gpiochip\d+$/.test(entry));
    return inside.length === 1 ? (inside[0] ?? null) : null;
  } catch {
    return null;
  }
}
