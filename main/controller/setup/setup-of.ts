/** The set-up of a running controller, with the machine that it stands on. */
import { SystemKernelTime } from '../../../device/clock/kernel-time.ts';
import { Tree } from '../../../device/discovery/tree.ts';
import type { GpioKernel } from '../../../device/lines/gpio/kernel.ts';
import { BUILT_AT } from '../built-at.ts';
import type { Unit } from '../unit.ts';
import type { Pairing } from './host.ts';
import type { PartTap } from './part-tap.ts';
import { makeSetup, type Setup, type SetupParts } from './setup-source.ts';
import type { TakenIn } from './site-desk.ts';

type FromController = Pick<SetupParts, 'clock' | 'config' | 'store' | 'version' | 'host'>;

/** @param does as `genkan import` and `genkan pair` do */
export function setupOf(
  options: FromController,
  unit: Unit,
  tap: PartTap,
  does: { readonly takeIn: (document: unknown) => TakenIn; readonly pair: Pairing['pair'] },
): Setup {
  const tree = new Tree();
  const kernel = new SystemKernelTime();
  return makeSetup({
    ...options,
    unit,
    tap,
    tree,
    gpio: () => gpioOf(tree),
    kernel,
    builtAt: BUILT_AT,
    takeIn: does.takeIn,
    pairing: { pair: does.pair },
  });
}

/** Where the machine has GPIO chips: koffi's bindings aren't made for nothing. */
async function gpioOf(tree: Tree): Promise<GpioKernel | null> {
  if (!tree.list('/dev').some((name) => name.startsWith('gpiochip'))) return null;
  const { linuxGpio } = await import('../../../device/lines/gpio/linux.ts');
  return linuxGpio;
}
