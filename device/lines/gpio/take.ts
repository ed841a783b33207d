import { err, ok, type Result } from '../../../main/core/result.ts';
import type { DeviceFault } from '../../ports.ts';
import { type FoundLine, findLine, type GpioLineOptions, gpioFault, lineTitle } from './find.ts';
import type { GpioKernel } from './kernel.ts';

/** Imports the real kernel's driver; tests hand in another. */
export type LoadGpio = () => Promise<GpioKernel>;

export const loadLinuxGpio: LoadGpio = async () => (await import('./linux.ts')).linuxGpio;

/** Finds the line and takes it; what the kernel refuses comes back as a fault in words. */
export async function takeLine<Taken>(
  load: LoadGpio,
  options: GpioLineOptions,
  take: (kernel: GpioKernel, found: FoundLine) => Taken,
): Promise<Result<Taken, DeviceFault>> {
  let kernel: GpioKernel | null = null;
  let line: FoundLine | null = null;
  try {
    kernel = await load();
    const found = findLine(kernel, options);
    if (!found.ok) return found;
    line = found.value;
    return ok(take(kernel, line));
  } catch (error) {
    return err(gpioFault(kernel, lineTitle(options), line, error));
  }
}
