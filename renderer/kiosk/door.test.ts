/** A technician pulls the lock's cable: the page must not go on inviting people to a door that can't open. */
import { describe, expect, test } from 'vitest';
import { STATUS } from '../../build/e2e/kiosk/scenes.ts';
import type { StatusMessage } from '../../main/contract/page.ts';
import { type DoorMessage, doorFault, doorOf, otherDoors } from './door.ts';

const front = STATUS.doors[0]!;
const south: DoorMessage = { ...front, id: 'south', name: '南口', camera: null, wedge: null };

function fault(door: Partial<DoorMessage>, devices: Readonly<Record<string, boolean>> = {}, camera = true) {
  const status: StatusMessage = {
    ...STATUS,
    doors: [{ ...front, ...door }],
    devices: STATUS.devices.map((device) => ({ ...device, ok: devices[device.id] ?? device.ok })),
  };
  return doorFault(status, status.doors[0]!, camera);
}

describe('what is wrong with a door', () => {
  test.each(['locked', 'unlocking', 'open', 'closing', 'held-unlocked'] as const)('nothing while it is %s', (state) => {
    expect(fault({ state })).toBeNull();
  });

  test('the gravest comes first', () => {
    const all = { alarms: ['held', 'forced'] as const };
    const noReader = { 'front-in': false, 'front-cam': false };
    expect(fault({ state: 'starting', alarms: [...all.alarms] }, { 'front-lock': false, ...noReader })).toBe(
      'starting',
    );
    expect(fault({ state: 'fault', alarms: [...all.alarms] }, noReader)).toBe('door-out');
    expect(fault({ alarms: [...all.alarms] }, { 'front-lock': false, ...noReader })).toBe('door-out');
    expect(fault({ alarms: [...all.alarms] }, noReader)).toBe('readers-out');
    expect(fault({ alarms: [...all.alarms] })).toBe('door-forced');
    expect(fault({ alarms: ['held'] })).toBe('door-held');
  });

  test('an order to let nobody in goes before what is broken, and fire before everything', () => {
    const dead = { 'front-lock': false, 'front-in': false };
    expect(fault({ state: 'lockdown', alarms: ['forced'] }, dead)).toBe('lockdown');
    expect(fault({ state: 'closed' }, dead)).toBe('closed');
    expect(fault({ state: 'fire', alarms: ['fire'] }, dead)).toBe('fire');
  });

  test('one reader that works is enough; the camera counts while it gives a picture', () => {
    expect(fault({}, { 'front-in': false })).toBeNull();
    expect(fault({}, { 'front-in': false }, false)).toBe('readers-out');
    expect(fault({}, { 'front-cam': false })).toBeNull();
  });

  test('another door’s devices are not this one’s', () => {
    const status = { ...STATUS, doors: [front, south], devices: STATUS.devices.map((one) => ({ ...one, ok: false })) };
    expect(doorFault(status, south, true)).toBeNull();
  });
});

test('the door is the first, or the one asked for', () => {
  const status = { ...STATUS, doors: [front, south] };
  expect(doorOf(status, null)?.id).toBe('front');
  expect(doorOf(status, 'south')?.id).toBe('south');
  expect(doorOf(status, 'north')).toBeNull();
  expect(doorOf({ ...STATUS, doors: [] }, null)).toBeNull();
});

test('doors that work are named for who can’t use this one', () => {
  const status = { ...STATUS, doors: [front, south, { ...south, id: 'roof', state: 'fault' as const }] };
  expect(otherDoors(status, front)).toEqual(['南口']);
});
