/** What the machine itself is like, as far as doors depend on it. */
import type { Tree } from './tree.ts';

export interface SysfsExport {
  /** The line's number in sysfs. */
  readonly number: number;
  readonly direction: string;
  readonly value: string;
}

export interface Watchdog {
  readonly path: string;
  readonly name: string;
  /** Somebody feeds it: `active`. */
  readonly state: string;
}

/** Lines that somebody has exported: each stays as it is when its program dies, and blocks the character device. */
export function listSysfsExports(tree: Tree): readonly SysfsExport[] {
  return tree.list('/sys/class/gpio').flatMap((name): SysfsExport[] => {
    const number = /^gpio(\d+)$/.exec(name)?.[1];
    if (number === undefined) return [];
    const text = (file: string) => tree.text(`/sys/class/gpio/${name}/${file}`) ?? 'unknown';
    return [{ number: Number(number), direction: text('direction'), value: text('value') }];
  });
}

export function listWatchdogs(tree: Tree): readonly Watchdog[] {
  return tree.list('/sys/class/watchdog').map((name) => ({
    path: `/dev/${name}`,
    name: tree.text(`/sys/class/watchdog/${name}/identity`) ?? 'watchdog',
    state: tree.text(`/sys/class/watchdog/${name}/state`) ?? 'unknown',
  }));
}

export function kernelRelease(tree: Tree): string {
  return tree.text('/proc/sys/kernel/osrelease') ?? 'unknown';
}

/** `Raspberry Pi 5 Model B Rev 1.0`; null on machines without a device tree. */
export function boardModel(tree: Tree): string | null {
  return tree.text('/proc/device-tree/model');
}

/** Raspberry Pi alone: whether a line goes back to input when its program dies. null: its boot file can't be read. */
export function isGpiodStrict(tree: Tree): boolean | null {
  const text = tree.text('/boot/firmware/config.txt') ?? tree.text('/boot/config.txt');
  return text === null ? null : /^\s*dtparam=(?:[^#\n]*,)?strict_gpiod(?:=on|=1)?\s*(?:,|#|$)/m.test(text);
}
