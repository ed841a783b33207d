/** A code of somebody of the staff opens a door for them, through lockdown and closed hours, and is no entry. */
import type { Store } from '../../store/store.ts';
import type { DoorDesk } from '../door-desk.ts';
import type { ReaderPlace } from '../judge-scan.ts';
import type { Unjudged } from '../scan-sink.ts';

/** @returns false: it is no such code, or of nobody who may open; else why the door stays shut, null: it opens */
export function openByStaffCode(
  store: Pick<Store, 'ownCodes'>,
  desk: DoorDesk,
  { door, reader }: ReaderPlace,
  text: string,
): Unjudged | null | false {
  const code = codeOf(store, text);
  if (code === null) return false;
  const opened = desk.open(door.id, code.staffId, { by: 'code', code: code.id, readerId: reader.id });
  if (opened.ok) return null;
  switch (opened.error) {
    case 'fire':
      return 'fire';
    case 'lock':
      return 'lock-away';
    case 'store':
      return 'store-failure';
    default:
      return false;
  }
}

/** Where nothing can be read, it is nobody's. */
function codeOf(store: Pick<Store, 'ownCodes'>, text: string) {
  try {
    return store.ownCodes.findStaff(text);
  } catch {
    return null;
  }
}
