/** The machine's devices, each with what it can be and whom it serves already. Nothing is opened or disturbed. */
import { listCameras } from '../../../device/discovery/cameras.ts';
import { type HidFound, listHid, listKeyboards } from '../../../device/discovery/hid-devices.ts';
import { listSerialPorts, type SerialPortFound } from '../../../device/discovery/serial-ports.ts';
import type { Tree } from '../../../device/discovery/tree.ts';
import { usbTitle } from '../../../device/discovery/usb.ts';
import type { GpioKernel } from '../../../device/lines/gpio/kernel.ts';
import type { Config } from '../../contract/config.ts';
import type { DeviceDraft, Found, PartRole, PartTodo } from '../../contract/technician.ts';
import { type ConfiguredPart, configuredParts, INPUT_ROLES, OUTPUT_ROLES } from './parts.ts';

const MOST_LINES = 128;
const DRIVEN: readonly PartRole[] = ['lock', ...OUTPUT_ROLES];

type Offers = Found['offers'];

/** @param gpio null where the machine has no GPIO chips */
export function findDevices(tree: Tree, gpio: GpioKernel | null, config: Config): readonly Found[] {
  const parts = configuredParts(config);
  const used = (fits: (part: ConfiguredPart) => boolean) => parts.filter(fits).map(({ id }) => id);
  return [
    ...listSerialPorts(tree).map((port) => serial(tree, port, parts)),
    ...pseudoTerminals(tree, parts),
    ...listHid(tree).flatMap((device) => hid(tree, device, parts)),
    ...listKeyboards(tree).map((device) => keyboard(tree, device, parts)),
    ...chips(gpio, parts),
    ...listCameras(tree).map(
      ({ path, name }): Found => ({
        ...found('camera', path, name, accessTodo(tree, path)),
        usedBy: used(({ driver }) => driver === 'camera'),
        offers: reader({ driver: 'camera' }),
      }),
    ),
    {
      ...found('page-keys', 'page', 'page', null),
      usedBy: used(({ driver }) => driver === 'wedge'),
      offers: reader({ driver: 'wedge' }),
    },
    ...simulated(parts),
  ];
}

function found(
  kind: Found['kind'],
  where: string,
  title: string,
  todo: PartTodo | null,
): Omit<Found, 'usedBy' | 'offers'> {
  return { id: `${kind}:${where}`, kind, title: title.slice(0, 1_000), where, todo, lines: [] };
}

function reader(device: DeviceDraft): Offers {
  return [{ role: 'reader', device: { direction: 'in', ...device } }];
}

function each(roles: readonly PartRole[], device: DeviceDraft): Offers {
  return roles.map((role) => ({ role, device }));
}

/** A contact, a button: rests as the role has it. */
function inputs(device: DeviceDraft): Offers {
  return INPUT_ROLES.map((role) => {
    const normally = role === 'fire' || role === 'tamper' ? 'closed' : 'open';
    return { role, device: { ...device, normally } };
  });
}

/** What a serial line may be: a scanner, or a relay board with relays and inputs. */
function serialOffers(path: string): Offers {
  const board = { driver: 'serial-relay', path, baudRate: 9_600 };
  return [
    ...reader({ driver: 'serial', path, baudRate: 9_600 }),
    ...each(DRIVEN, { ...board, protocol: 'lcus', channel: 1 }),
    ...inputs({ ...board, protocol: 'numato', channel: 0 }),
  ];
}

function serial(tree: Tree, { path, stable, usb, driver }: SerialPortFound, parts: readonly ConfiguredPart[]): Found {
  const where = stable ?? path;
  const title = usb === null ? `${path}${driver === null ? '' : ` (${driver})`}` : usbTitle(usb);
  const todo = accessTodo(tree, path) ?? (stable === null && usb !== null ? 'no-stable-name' : null);
  return { ...found('serial', where, title, todo), usedBy: usersOf(tree, path, parts), offers: serialOffers(where) };
}

/** Configured lines that the kernel lists among no hardware: pseudo terminals, network serial ports. */
function pseudoTerminals(tree: Tree, parts: readonly ConfiguredPart[]): readonly Found[] {
  const known = new Set(listSerialPorts(tree).map(({ path }) => path));
  const paths = new Set(
    parts.flatMap(({ driver, path }) => (driver.startsWith('serial') && path !== null ? [path] : [])),
  );
  return [...paths].flatMap((path): Found[] => {
    const { kind, target } = tree.node(path);
    if (kind !== 'character' || known.has(target)) return [];
    return [
      {
        ...found('serial', path, target, accessTodo(tree, path)),
        usedBy: usersOf(tree, target, parts),
        offers: serialOffers(path),
      },
    ];
  });
}

/** Whatever name the configuration has for the same device. */
function usersOf(tree: Tree, path: string, parts: readonly ConfiguredPart[]): string[] {
  return parts.filter((part) => part.path !== null && tree.node(part.path).target === path).map(({ id }) => id);
}

function hid(tree: Tree, device: HidFound, parts: readonly ConfiguredPart[]): readonly Found[] {
  const { kind, path, vendor, product, serial: number } = device;
  const todo = accessTodo(tree, path);
  if (kind === 'relay-board') {
    const usedBy = parts.filter(({ driver }) => driver === 'hid-relay').map(({ id }) => id);
    return [
      {
        ...found('relay-board', path, title(device), todo),
        usedBy,
        offers: each(DRIVEN, { driver: 'hid-relay', serial: null, channel: 1 }),
      },
    ];
  }
  if (kind !== 'scanner') return [];
  const usedBy = parts.filter((part) => part.driver === 'hid' && isThis(part, device)).map(({ id }) => id);
  const offers = reader({ driver: 'hid', vendorId: vendor, productId: product, serial: number });
  return [{ ...found('scanner', path, title(device), todo), usedBy, offers }];
}

function keyboard(tree: Tree, device: HidFound, parts: readonly ConfiguredPart[]): Found {
  const { path, vendor, product, serial: number } = device;
  const ids = { vendorId: vendor, productId: product, serial: number };
  const usedBy = parts
    .filter((part) => part.driver === 'hid-keyboard' && (part.path === path || isThis(part, device)))
    .map(({ id }) => id);
  return {
    ...found('keyboard', path, title(device), accessTodo(tree, path)),
    usedBy,
    offers: reader({ driver: 'hid-keyboard', ...ids, layout: 'us' }),
  };
}

function title({ vendor, product, name, serial: number }: HidFound): string {
  return `${vendor}:${product} ${name}${number === null ? '' : ` ${number}`}`;
}

/** A scanner without ids is the only one there is. */
function isThis({ vendorId, productId }: ConfiguredPart, { vendor, product }: HidFound): boolean {
  const fits = (wanted: number | null, has: string) => wanted === null || wanted === Number.parseInt(has, 16);
  return fits(vendorId, vendor) && fits(productId, product);
}

function chips(gpio: GpioKernel | null, parts: readonly ConfiguredPart[]): readonly Found[] {
  return (gpio?.chips() ?? []).map((chip): Found => {
    const lines = Array.from({ length: Math.min(chip.lineCount, MOST_LINES) }, (_, offset) => gpio?.line(chip, offset));
    const free = lines.flatMap((line) =>
      line === undefined || line.used ? [] : [{ offset: line.offset, name: line.name }],
    );
    const device = { driver: 'gpio', chip: chip.label, line: free[0]?.offset ?? 0, activeLow: false };
    const names = new Set([chip.path, chip.label, chip.name]);
    const isHere = ({ driver, chip: wanted }: ConfiguredPart) =>
      driver === 'gpio' && (wanted === null || names.has(wanted));
    return {
      ...found('gpio', chip.path, chip.label, null),
      usedBy: parts.filter(isHere).map(({ id }) => id),
      offers: [...each(DRIVEN, device), ...inputs({ ...device, bias: 'pull-up', activeLow: true })],
      lines: free,
    };
  });
}

/** Where something is simulated already, more may be. */
function simulated(parts: readonly ConfiguredPart[]): readonly Found[] {
  const usedBy = parts.filter(({ driver }) => driver === 'sim').map(({ id }) => id);
  if (usedBy.length === 0) return [];
  const offers = [...reader({ driver: 'sim' }), ...each(DRIVEN, { driver: 'sim' }), ...inputs({ driver: 'sim' })];
  return [{ ...found('sim', 'sim', 'sim', null), usedBy, offers }];
}

/** What keeps this user from a device file. */
function accessTodo(tree: Tree, path: string): 'permission' | null {
  const { kind, readable, writable } = tree.node(path);
  return kind === 'absent' || (readable && writable) ? null : 'permission';
}
