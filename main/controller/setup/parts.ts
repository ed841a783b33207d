/** The parts of all doors, by the names that the unit has for its devices. */
import * as z from 'zod';
import type { Config, DoorConfig } from '../../contract/config.ts';
import type { PartRole } from '../../contract/technician.ts';

/** As much of a device's configuration as tells where it is. */
const Where = z.looseObject({
  driver: z.string(),
  path: z.string().nullable().default(null),
  chip: z.string().nullable().default(null),
  line: z.union([z.int(), z.string()]).nullable().default(null),
  channel: z.int().nullable().default(null),
  vendorId: z.int().nullable().default(null),
  productId: z.int().nullable().default(null),
  serial: z.string().nullable().default(null),
});

export interface ConfiguredPart extends z.infer<typeof Where> {
  /** As the device board has it: `front-in`, `front.lock`, `front.buzzer`. */
  readonly id: string;
  readonly door: string;
  readonly role: PartRole;
  readonly reader: string | null;
}

export const INPUT_ROLES = ['contact', 'exitButton', 'fire', 'tamper'] as const;
export const OUTPUT_ROLES = ['buzzer', 'admitted', 'refused'] as const;

export function configuredParts({ doors }: Config): readonly ConfiguredPart[] {
  return doors.flatMap(partsOf);
}

function partsOf({ id: door, lock, readers, inputs, outputs }: DoorConfig): ConfiguredPart[] {
  const part = (role: PartRole, device: unknown): ConfiguredPart => ({
    ...Where.parse(device),
    id: `${door}.${role}`,
    door,
    role,
    reader: null,
  });
  return [
    part('lock', lock),
    ...readers.map((reader) => ({ ...part('reader', reader), id: reader.id, reader: reader.id })),
    ...INPUT_ROLES.flatMap((role) => (inputs[role] === null ? [] : [part(role, inputs[role])])),
    ...OUTPUT_ROLES.flatMap((role) => (outputs[role] === null ? [] : [part(role, outputs[role])])),
  ];
}

/** Where it is, in a line for technicians. */
export function whereOf({ driver, path, chip, line, channel, vendorId, productId }: ConfiguredPart): string {
  const hex = (id: number) => id.toString(16).padStart(4, '0');
  const ids = vendorId === null ? null : `${hex(vendorId)}:${productId === null ? '*' : hex(productId)}`;
  const place = [path, chip, line === null ? null : String(line), ids, channel === null ? null : `#${channel}`];
  return [driver, ...place.filter((word) => word !== null)].join(' ');
}
