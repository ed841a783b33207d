/** The devices of the configuration, each by its part: there, permitted, and nobody else's. Nothing is opened. */
import * as z from 'zod';
import { type HidFound, listHid, listKeyboards } from '../../device/discovery/hid-devices.ts';
import { holdersOf } from '../../device/discovery/holders.ts';
import { listSerialPorts } from '../../device/discovery/serial-ports.ts';
import type { Tree } from '../../device/discovery/tree.ts';
import { findLine } from '../../device/lines/gpio/find.ts';
import type { GpioKernel } from '../../device/lines/gpio/kernel.ts';
import type { Config } from '../contract/config.ts';
import { bad, type Check, fine } from './doctor-check.ts';
import { accessTodo } from './doctor-inventory.ts';

/** As much of a device's configuration as is looked at. */
const Part = z.looseObject({
  driver: z.string(),
  path: z.string().nullish(),
  chip: z.string().nullish(),
  line: z.union([z.int(), z.string()]).optional(),
  vendorId: z.int().nullish(),
  productId: z.int().nullish(),
  serial: z.string().nullish(),
});
export type Part = z.infer<typeof Part>;

export interface NamedPart {
  /** `doors/front/readers/front-in`. */
  readonly name: string;
  readonly door: string;
  readonly part: Part;
}

/** Every device of every door: lock, readers, inputs, outputs. */
export function partsOf({ doors }: Config): readonly NamedPart[] {
  return doors.flatMap((door) =>
    Object.entries(door).flatMap(([key, value]: [string, unknown]) =>
      partsIn(`doors/${door.id}/${key}`, value).map(({ name, part }) => ({ name, door: door.id, part })),
    ),
  );
}

function partsIn(name: string, value: unknown): readonly Omit<NamedPart, 'door'>[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => partsIn(`${name}/${idOf(item) ?? index}`, item));
  }
  const part = Part.safeParse(value);
  if (part.success) return [{ name, part: part.data }];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => partsIn(`${name}/${key}`, inner));
}

function idOf(item: unknown): string | null {
  const named = z.looseObject({ id: z.string() }).safeParse(item);
  return named.success ? named.data.id : null;
}

export function checkPart(tree: Tree, gpio: GpioKernel | null, { name, part }: NamedPart): Check {
  const { driver, path } = part;
  if (driver === 'sim') return fine(name, 'simulated');
  if (driver === 'camera' || driver === 'wedge')
    return fine(name, `${driver}: through the page, which is not looked at here`);
  if (driver === 'gpio-sysfs') return checkSysfs(tree, name);
  if (path !== undefined && path !== null) return checkFile(tree, name, part, path);
  if (part.line !== undefined) return checkLine(tree, gpio, name, part, part.line);
  if (driver.startsWith('hid')) return checkHid(tree, name, part);
  return fine(name, `${driver}: not looked at here`);
}

function checkFile(tree: Tree, name: string, { driver }: Part, path: string): Check {
  const node = tree.node(path);
  if (node.kind === 'absent') {
    const other = listSerialPorts(tree).find(({ stable }) => stable !== null)?.stable;
    return bad(
      name,
      `${path} is not there`,
      other
        ? `plug it in, or write another name, such as ${other}`
        : 'plug it in, or write another name: see serial above',
    );
  }
  if (node.kind !== 'character')
    return bad(
      name,
      `${path} is ${node.kind === 'folder' ? 'a folder' : 'a file'}, not a device`,
      'write the name of a serial port: see serial above',
    );
  const access = accessTodo(tree, path);
  if (access !== null) return bad(name, `${path} is there, but not permitted`, access);
  const held = heldBy(tree, path);
  if (held !== null)
    return bad(
      name,
      `${path} is held by ${held}`,
      'end that program, or take the port away from it (ModemManager, brltty, a login console)',
    );
  const stable = listSerialPorts(tree).find((port) => port.path === path)?.stable ?? null;
  const todo =
    stable === null || stable === path ? null : `write "path": "${stable}", which stays the same after a replug`;
  return fine(name, `${driver}: ${path} is there, permitted and free`, todo);
}

function heldBy(tree: Tree, path: string): string | null {
  const { processes } = holdersOf(tree, tree.node(path));
  if (processes.length === 0) return null;
  return processes.map(({ pid, name }) => `${name} (process ${pid})`).join(', ');
}

function checkLine(
  tree: Tree,
  gpio: GpioKernel | null,
  name: string,
  { driver, chip }: Part,
  line: number | string,
): Check {
  if (gpio === null)
    return bad(name, `${driver}: GPIO can't be asked on this machine`, 'use a machine with GPIO chips');
  const found = findLine(gpio, { chip: chip ?? null, line, activeLow: false, bias: 'as-is' });
  if (!found.ok) return bad(name, found.error.detail, 'write chip and line as gpio above shows them');
  const { chip: where, offset } = found.value;
  const access = accessTodo(tree, where.path);
  if (access !== null) return bad(name, `${where.path} is there, but not permitted`, access);
  const { used, consumer } = gpio.line(where, offset);
  const title = `${where.path} (${where.label}) line ${offset}`;
  if (!used) return fine(name, `${driver}: ${title} is there and free`);
  if (consumer === 'sysfs')
    return bad(name, `${title} is exported through /sys/class/gpio`, 'unexport it there: see sysfs below');
  return bad(
    name,
    `${title} is held by ${consumer === '' ? 'the kernel' : consumer}`,
    'end that program, or use another line',
  );
}

function checkSysfs(tree: Tree, name: string): Check {
  if (!tree.has('/sys/class/gpio/export')) return bad(name, 'the kernel has no sysfs GPIO', 'use the driver gpio');
  const todo = 'use the driver gpio where the kernel has it: after a crash a sysfs line stays as it was';
  return fine(
    name,
    'the kernel has sysfs GPIO',
    tree.list('/dev').some((node) => node.startsWith('gpiochip')) ? todo : null,
  );
}

function checkHid(tree: Tree, name: string, part: Part): Check {
  const all = part.driver === 'hid-keyboard' ? listKeyboards(tree) : listHid(tree);
  const found = all.filter((device) => isWanted(device, part));
  const [only] = found;
  const { driver } = part;
  if (only === undefined)
    return bad(name, `${driver}: no such device`, 'plug it in, or write the ids as hid above shows them');
  const access = accessTodo(tree, only.path);
  if (access !== null) return bad(name, `${only.path} is there, but not permitted`, access);
  const held = heldBy(tree, only.path);
  if (held !== null) return bad(name, `${only.path} is held by ${held}`, 'end that program');
  const todo = found.length > 1 ? `${found.length} devices fit: write vendorId, productId and serial` : null;
  return fine(
    name,
    `${driver}: ${only.path} ${only.name} is there, permitted and free`,
    driver === 'hid-relay' ? null : todo,
  );
}

function isWanted(device: HidFound, { driver, vendorId, productId, serial }: Part): boolean {
  // A relay board's serial number is asked of the board itself, which is not opened here.
  if (driver === 'hid-relay') return device.kind === 'relay-board';
  const fits = (wanted: number | null | undefined, has: string) =>
    wanted === null || wanted === undefined || wanted === Number.parseInt(has, 16);
  const isNamed = vendorId !== null && vendorId !== undefined;
  if (!isNamed && device.kind !== 'scanner') return false;
  return (
    fits(vendorId, device.vendor) &&
    fits(productId, device.product) &&
    (serial === null || serial === undefined || serial === device.serial)
  );
}
