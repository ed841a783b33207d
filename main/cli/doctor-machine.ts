/** The machine: program, kernel, board, watchdog, clock, and lines that somebody left wedged. */
import {
  boardModel,
  isGpiodStrict,
  kernelRelease,
  listSysfsExports,
  listWatchdogs,
} from '../../device/discovery/machine.ts';
import type { Tree } from '../../device/discovery/tree.ts';
import type { ClockTrust } from '../core/clock.ts';
import { formatInstant } from '../core/time/instant.ts';
import { bad, type Check, fine } from './doctor-check.ts';

export interface MachineFacts {
  readonly nodeVersion: string;
  /** Epoch ms. */
  readonly now: number;
  readonly clock: ClockTrust;
  /** Some lock or input is a GPIO line. */
  readonly usesGpio: boolean;
}

const LEAST_NODE = 24;
/** GPIO's second version of the character device came with 5.10. */
const LEAST_KERNEL = [5, 10] as const;

export function machineChecks(tree: Tree, facts: MachineFacts): readonly Check[] {
  return [node(facts), kernel(tree, facts), clock(facts), watchdog(tree), ...strict(tree, facts), ...wedged(tree)];
}

function node({ nodeVersion }: MachineFacts): Check {
  if (Number.parseInt(nodeVersion, 10) >= LEAST_NODE) return fine('node', nodeVersion);
  return bad('node', `${nodeVersion} is too old`, `use the Node that comes with Genkan, or ${LEAST_NODE} or newer`);
}

function kernel(tree: Tree, { usesGpio }: MachineFacts): Check {
  const release = kernelRelease(tree);
  const [major = 0, minor = 0] = release.split('.').map((part) => Number.parseInt(part, 10));
  const model = boardModel(tree);
  const detail = `${release}${model === null ? '' : ` on ${model}`}`;
  const isOld = major < LEAST_KERNEL[0] || (major === LEAST_KERNEL[0] && minor < LEAST_KERNEL[1]);
  if (!isOld) return fine('kernel', detail);
  const todo = `the driver gpio needs ${LEAST_KERNEL.join('.')} or newer: update the system`;
  return usesGpio ? bad('kernel', detail, todo) : fine('kernel', detail, todo);
}

function clock({ now, clock: trust }: MachineFacts): Check {
  const time = formatInstant(now);
  if (trust === 'synced') return fine('clock', `${time}, synchronised`);
  if (trust === 'doubtful') {
    const todo = 'connect to the network for NTP, or let a manager confirm the time; a clock battery keeps it';
    return bad('clock', `${time} can’t be right, or nobody knows whether it is`, todo);
  }
  const todo = 'is NTP allowed through? Without a network fit a clock battery (RTC), or a power cut loses the time';
  return fine('clock', `${time}, not synchronised`, todo);
}

function watchdog(tree: Tree): Check {
  const [found] = listWatchdogs(tree);
  if (found === undefined) {
    return fine(
      'watchdog',
      'no hardware watchdog',
      'if the machine has one, load its driver; without it a frozen kernel stays frozen',
    );
  }
  const detail = `${found.path} ${found.name}, ${found.state}`;
  const todo = 'nobody feeds it: set RuntimeWatchdogSec=15 in /etc/systemd/system.conf and reboot';
  return fine('watchdog', detail, found.state === 'inactive' ? todo : null);
}

function strict(tree: Tree, { usesGpio }: MachineFacts): readonly Check[] {
  if (!(boardModel(tree)?.includes('Raspberry Pi') ?? false)) return [];
  const isStrict = isGpiodStrict(tree);
  if (isStrict === true) return [fine('strict_gpiod', 'set: a line is let go when its program dies')];
  const todo =
    'add dtparam=strict_gpiod to /boot/firmware/config.txt and reboot: else a line stays driven when a program dies';
  const detail = isStrict === null ? 'the boot file can’t be read' : 'not set';
  return [usesGpio && isStrict === false ? bad('strict_gpiod', detail, todo) : fine('strict_gpiod', detail, todo)];
}

function wedged(tree: Tree): readonly Check[] {
  return listSysfsExports(tree).map(({ number, direction, value }) =>
    bad(
      `sysfs ${number}`,
      `line ${number} is exported: ${direction}, value ${value}; it stays so, and blocks the driver gpio`,
      `if no other program needs it: echo ${number} | sudo tee /sys/class/gpio/unexport`,
    ),
  );
}
