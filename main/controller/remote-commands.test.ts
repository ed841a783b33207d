// The operator at a desk far away opens the door for somebody with a pram, or locks a site down. It happens within a
// moment, is on record with who asked, and never against the door's own rules.
import { beforeEach, describe, expect, test } from 'vitest';
import { err, ok } from '../core/result.ts';
import { RemoteCommands } from './remote-commands.ts';
import { TEST_SITE, TestAppliance } from './testing.ts';

const OPEN = { do: 'open', doorId: 'front', by: 'ana' } as const;

let unit: TestAppliance;
let commands: RemoteCommands;
const asked: string[] = [];

beforeEach(async () => {
  asked.length = 0;
  unit = await new TestAppliance(TEST_SITE, {
    inputs: { contact: { driver: 'sim' }, fire: { driver: 'sim' } },
  }).start();
  commands = begun();
  await unit.clock.advance(5_000);
});

/** As a controller makes it that has just begun. */
function begun(): RemoteCommands {
  return new RemoteCommands({
    clock: unit.clock,
    desk: unit.unit.doors.desk,
    journal: unit.journal,
    refresh: () => asked.push('refresh'),
    restart: () => asked.push('restart'),
    give: () => err('nothing to give'),
  });
}

describe('open', () => {
  test('commands the door once its event, which names who asked, is on record', async () => {
    expect(commands.run('c1', OPEN)).toEqual(ok('commanded'));
    await unit.clock.advance(10);
    expect(unit.door.state().energised).toBe(true);
    expect(unit.events('staff')).toMatchObject([{ detail: { what: 'open', by: 'ana', command: 'c1' } }]);
  });

  test('once in five seconds a door', async () => {
    commands.run('c1', OPEN);
    await unit.clock.advance(4_900);
    expect(commands.run('c2', OPEN)).toMatchObject({ ok: false, error: expect.stringContaining('5 s') });
    expect(unit.events('staff')).toHaveLength(1);
    await unit.clock.advance(100);
    expect(commands.run('c3', OPEN).ok).toBe(true);
  });

  test('once in five seconds, also where the controller was begun anew in between', async () => {
    commands.run('c1', OPEN);
    await unit.clock.advance(1_000);
    commands = begun();
    await unit.clock.advance(3_900);
    expect(commands.run('c2', OPEN)).toMatchObject({ ok: false, error: expect.stringContaining('just begun') });
    expect(unit.events('staff')).toHaveLength(1);
    await unit.clock.advance(1_100);
    expect(commands.run('c3', OPEN).ok).toBe(true);
  });

  test('not while the locks are released for a fire', async () => {
    unit.inputs.fire.set(true);
    await unit.clock.advance(0);
    expect(commands.run('c1', OPEN)).toEqual(err('the locks are released for a fire'));
    expect(unit.events('staff')).toEqual([]);
  });

  test('not where the lock is away, nor a door of another unit', async () => {
    await unit.plug(false);
    expect(commands.run('c1', OPEN)).toEqual(err('the lock can’t be commanded'));
    expect(commands.run('c2', { ...OPEN, doorId: 'back' })).toEqual(err('this unit has no such door'));
    expect(unit.events('staff')).toEqual([]);
  });
});

test('lockdown lets nobody in, from here to the end of it', async () => {
  expect(commands.run('c1', { do: 'lockdown', doorId: null, on: true, by: 'ana' })).toEqual(ok('done'));
  await unit.scan('ANN');
  expect(unit.door.state().energised).toBe(false);
  commands.run('c2', { do: 'lockdown', doorId: 'front', on: false, by: 'ana' });
  await unit.clock.advance(5_000);
  await unit.scan('ANN');
  expect(unit.door.state().energised).toBe(true);
  expect(unit.events('staff')).toMatchObject([
    { detail: { what: 'lockdown', active: true, by: 'ana' } },
    { detail: { what: 'lockdown', active: false, by: 'ana' } },
  ]);
  expect(commands.run('c3', { do: 'lockdown', doorId: 'back', on: true, by: 'ana' }).ok).toBe(false);
});

test.each(['refresh', 'restart'] as const)('%s is on record, and done once the answer is out', async (what) => {
  expect(commands.run('c1', { do: what, by: 'ana' })).toEqual(ok('done'));
  expect(asked).toEqual([]);
  await unit.clock.advance(1_000);
  expect(asked).toEqual([what]);
  expect(unit.events('system').at(-1)).toMatchObject({ detail: { what, by: 'ana', command: 'c1' } });
});

test('a lease that isn’t here is not given', () => {
  const right = { kind: 'ticket', ticketId: 'k' } as const;
  expect(commands.run('c1', { do: 'give', right, to: 'osaka', uses: 1, by: 'hub' })).toEqual(err('nothing to give'));
});
