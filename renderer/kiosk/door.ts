/** What a status says about one door. Pure. */
import type { StatusMessage } from '../../main/contract/page.ts';

export type DoorMessage = StatusMessage['doors'][number];

/** Why nobody can come in by the screen's own words, or what is to be said about the door itself. */
export type FaultReason =
  | 'starting'
  | 'controller-lost'
  | 'no-door'
  | 'fire'
  | 'lockdown'
  | 'closed'
  | 'door-out'
  | 'readers-out'
  | 'door-forced'
  | 'door-held'
  | 'lock-silent'
  | 'page';

/** The door with this id, else the first; null where there is none of that id or none at all. */
export function doorOf(status: StatusMessage, askedDoor: string | null): DoorMessage | null {
  const door = askedDoor === null ? status.doors[0] : status.doors.find(({ id }) => id === askedDoor);
  return door ?? null;
}

/** The gravest first; null: come in. */
export function doorFault(status: StatusMessage, door: DoorMessage, cameraWorks: boolean): FaultReason | null {
  if (door.state === 'fire') return 'fire';
  if (door.state === 'starting') return 'starting';
  if (door.state === 'lockdown' || door.state === 'closed') return door.state;
  if (door.state === 'fault' || !lockAnswers(status, door)) return 'door-out';
  if (!somethingReads(status, door, cameraWorks)) return 'readers-out';
  if (door.alarms.includes('forced')) return 'door-forced';
  if (door.alarms.includes('held')) return 'door-held';
  return null;
}

function lockAnswers(status: StatusMessage, door: DoorMessage): boolean {
  return status.devices.every((device) => device.door !== door.id || device.kind !== 'lock' || device.ok);
}

/** The controller can't see the page's camera, so the page itself knows whether it reads. */
function somethingReads(status: StatusMessage, door: DoorMessage, cameraWorks: boolean): boolean {
  const readers = status.devices.filter((device) => device.door === door.id && device.kind === 'reader');
  if (readers.length === 0) return true;
  return readers.some((device) => device.ok && (device.driver !== 'camera' || cameraWorks));
}

/** Names of other doors that work, for who can't use this one. */
export function otherDoors(status: StatusMessage, door: DoorMessage | null): readonly string[] {
  return status.doors
    .filter((other) => other.id !== door?.id && doorFault(status, other, true) === null)
    .map((other) => other.name);
}
