/** Changes a configuration as it stands in its file, so that what a person wrote there and nobody changed stays as it is. */
import * as z from 'zod';
import { parseConfig } from '../../contract/config.ts';
import { errorText } from '../../contract/issues.ts';
import type { ConfigChange, DeviceDraft, PartRole } from '../../contract/technician.ts';
import { err, ok, type Result } from '../../core/result.ts';

const RawDoor = z.looseObject({
  id: z.string(),
  interlockWith: z.unknown().optional(),
  readers: z.array(z.looseObject({ id: z.string() })).default([]),
  inputs: z.looseObject({}).default({}),
  outputs: z.looseObject({}).default({}),
});
const RawConfig = z.looseObject({ doors: z.array(RawDoor) });
type RawDoor = z.infer<typeof RawDoor>;

/** @returns the changed configuration, checked as a whole, or what is wrong with it, in lines */
export function changedConfig(json: unknown, changes: readonly ConfigChange[]): Result<unknown, readonly string[]> {
  const raw = RawConfig.safeParse(json);
  if (!raw.success) return err(['the configuration has no list of doors: mend the file first']);
  const doors = changes.reduce(changeDoors, raw.data.doors);
  const next = { ...raw.data, doors };
  const checked = parseConfig(next);
  return checked.ok ? ok(next) : err(checked.error.map(errorText));
}

function changeDoors(doors: readonly RawDoor[], change: ConfigChange): RawDoor[] {
  const on = (id: string, then: (door: RawDoor) => RawDoor) =>
    doors.map((door) => (door.id === id ? then(door) : door));
  switch (change.do) {
    case 'remove-door':
      return doors.filter(({ id }) => id !== change.door).map((door) => withoutPartner(door, change.door));
    case 'rename-door':
      return on(change.door, (door) => ({ ...door, id: change.to })).map((door) =>
        door.interlockWith === change.door ? { ...door, interlockWith: change.to } : door,
      );
    case 'remove':
      return on(change.door, (door) => withPart(door, change.role, change.reader, null));
    case 'set':
      if (doors.some(({ id }) => id === change.door))
        return on(change.door, (door) => withPart(door, change.role, change.reader, change.device));
      return [
        ...doors,
        withPart({ id: change.door, readers: [], inputs: {}, outputs: {} }, change.role, change.reader, change.device),
      ];
  }
}

function withoutPartner(door: RawDoor, gone: string): RawDoor {
  return door.interlockWith === gone ? { ...door, interlockWith: null } : door;
}

function withPart(door: RawDoor, role: PartRole, reader: string | null, device: DeviceDraft | null): RawDoor {
  switch (role) {
    case 'lock':
      return { ...door, lock: device };
    case 'reader':
      return { ...door, readers: withReader(door.readers, reader, device) };
    case 'contact':
    case 'exitButton':
    case 'fire':
    case 'tamper':
      return { ...door, inputs: { ...door.inputs, [role]: device } };
    case 'buzzer':
    case 'admitted':
    case 'refused':
      return { ...door, outputs: { ...door.outputs, [role]: device } };
    default:
      return role satisfies never;
  }
}

/** In the place of the reader of that id, else behind the others. A device that names another id renames it. */
function withReader(readers: RawDoor['readers'], id: string | null, device: DeviceDraft | null): RawDoor['readers'] {
  if (device === null) return readers.filter((reader) => reader.id !== id);
  const next = { id: id ?? '', ...device };
  const named = { ...next, id: String(next.id) };
  return readers.some((reader) => reader.id === id)
    ? readers.map((reader) => (reader.id === id ? named : reader))
    : [...readers, named];
}
