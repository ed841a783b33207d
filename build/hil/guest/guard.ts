/** The guard on real lines: whoever of the two processes dies or hangs, no door stays energised. */
import assert from 'node:assert/strict';
import type { Check, Guest } from './check.ts';
import { DOOR_NAMES, type Door, GuardedDoors } from './guarded-doors.ts';

/** What counts as at once in an emulated machine. */
const AT_ONCE_MS = 1_000;
/** The promise: how long after the end of a running command a door rests at the latest, whoever hangs. */
const PROMISED_MS = 2_000;
/** The lines that the kernel drives on when their process is gone, or that go to rest by themselves. */
const SAFE: readonly Door[] = ['plain', 'sysfs'];

/** Waits until every door was told to rest after `since`. @returns when the last one was */
async function restsAfter(guest: Guest, doors: GuardedDoors, since: number, withinMs: number): Promise<number> {
  const told = (): number[] =>
    DOOR_NAMES.flatMap((door) => {
      const rest = doors.commands(door, since).find(({ energised }) => !energised);
      return rest === undefined ? [] : [rest.mono];
    });
  await guest.wait('every door is told to rest', () => told().length === DOOR_NAMES.length, {
    seen: () => JSON.stringify(DOOR_NAMES.map((door) => doors.commands(door, since))),
  });
  const last = Math.max(...told());
  assert.ok(last - since <= withinMs, `the last door rests after ${last - since} ms, not within ${withinMs}`);
  return last;
}

const starts: Check = {
  name: 'a guard begins with rest: boards that float energised, and a line that a dead process left energised',
  async run(guest) {
    const doors = new GuardedDoors(guest);
    doors.leaveEnergised();
    assert.deepEqual(doors.energised(), ['floats', 'low', 'sysfs']);
    const before = guest.clock.mono();
    await doors.hold(10_000);
    for (const door of DOOR_NAMES) {
      const commands = doors.commands(door, before).map(({ energised }) => energised);
      assert.deepEqual(commands, [false, true], door);
    }
  },
};

const renewals: Check = {
  name: 'a hold of ten commands: each line is told to energise once and to rest once, and never drops',
  async run(guest) {
    const doors = new GuardedDoors(guest);
    const before = guest.clock.mono();
    await doors.hold(800, 10);
    await guest.wait('all rest', () => doors.energised().length === 0);
    for (const door of DOOR_NAMES) {
      const commands = doors.commands(door, before).map(({ energised }) => energised);
      const rests = commands.lastIndexOf(true);
      assert.deepEqual(commands.slice(commands.indexOf(true), rests + 2), [true, false], door);
      const [from, to] = doors.commands(door, before).slice(commands.indexOf(true));
      assert.ok((to?.mono ?? 0) - (from?.mono ?? 0) >= 9 * 400 + 800, `${door} was energised through all of it`);
    }
  },
};

const controllerKilled: Check = {
  name: 'controller SIGKILLed: every line is driven to rest at once, and the guard ends',
  async run(guest) {
    const doors = new GuardedDoors(guest);
    const holder = await doors.hold(10_000);
    const killed = guest.clock.mono();
    holder.kill('SIGKILL');
    await restsAfter(guest, doors, killed, AT_ONCE_MS);
    await guest.wait('the guard is gone', () => !holder.guardIsAlive());
    assert.deepEqual(
      doors.energised().filter((door) => SAFE.includes(door)),
      [],
    );
  },
};

const successor: Check = {
  name: 'controller SIGKILLed, then started again: boards that float energised rest again with its guard',
  async run(guest) {
    const doors = new GuardedDoors(guest);
    const first = await doors.hold(10_000);
    first.kill('SIGKILL');
    await guest.wait('the guard is gone', () => !first.guardIsAlive());
    const second = await doors.hold(1_000);
    await guest.wait('all rest', () => doors.energised().length === 0);
    assert.equal(second.ups(), 1);
  },
};

const controllerStopped: Check = {
  name: 'controller SIGSTOPped: every line rests at the end of its command, also against a pull, and stays there',
  async run(guest) {
    const doors = new GuardedDoors(guest);
    const holder = await doors.hold(2_000);
    const from = Math.max(...DOOR_NAMES.map((door) => doors.commands(door).find((one) => one.energised)?.mono ?? 0));
    holder.kill('SIGSTOP');
    const stopped = guest.clock.mono();
    await restsAfter(guest, doors, stopped, from + 2_000 - stopped + PROMISED_MS);
    assert.equal(holder.guardIsAlive(), true);
    const rested = guest.clock.mono();
    await guest.wait('a second later', () => guest.clock.mono() > rested + 1_000);
    assert.deepEqual(doors.energised(), []);
  },
};

const guardKilled: Check = {
  name: 'guard SIGKILLed while every line is energised: the controller starts it again, and it begins with rest',
  async run(guest) {
    const doors = new GuardedDoors(guest);
    const holder = await doors.hold(10_000);
    const killed = guest.clock.mono();
    holder.killGuard('SIGKILL');
    await guest.wait('the next guard', () => holder.ups() === 2, { seen: () => holder.heard() });
    await guest.wait('all rest', () => doors.energised().length === 0);
    const tookMs = guest.clock.mono() - killed;
    assert.ok(tookMs < PROMISED_MS + holder.startMs, `${tookMs} ms, with a start of ${holder.startMs} ms`);
  },
};

const guardStopped: Check = {
  name: 'guard SIGSTOPped while every line is energised: it is killed, and its successor begins with rest',
  async run(guest) {
    const doors = new GuardedDoors(guest);
    const holder = await doors.hold(3_000);
    const stopped = guest.clock.mono();
    const hung = holder.guardPid();
    holder.killGuard('SIGSTOP');
    await guest.wait('the next guard', () => holder.ups() === 2, { seen: () => holder.heard() });
    await guest.wait('all rest', () => doors.energised().length === 0);
    const lateMs = guest.clock.mono() - stopped - 3_000;
    assert.ok(lateMs < PROMISED_MS + holder.startMs, `${lateMs} ms late, with a start of ${holder.startMs} ms`);
    assert.notEqual(holder.guardPid(), hung);
  },
};

const bothKilled: Check = {
  name: 'both SIGKILLed while energised: the guard without a controller, as at the service’s end, puts all to rest',
  async run(guest) {
    const doors = new GuardedDoors(guest);
    const holder = await doors.hold(10_000);
    // Stopped first, as hung processes are: none of the two gets to see the other’s end.
    holder.kill('SIGSTOP');
    holder.killGuard('SIGSTOP');
    holder.kill('SIGKILL');
    holder.killGuard('SIGKILL');
    await guest.wait('both are gone', () => !holder.guardIsAlive());
    assert.ok(doors.isEnergised('sysfs'), 'sysfs leaves its line as it was');
    const before = guest.clock.mono();
    const { code, said } = await doors.rest();
    assert.deepEqual([code, said], [0, DOOR_NAMES.map((door) => `guard: ${door}: at rest\n`).join('')]);
    assert.deepEqual(
      doors.energised().filter((door) => SAFE.includes(door)),
      [],
    );
    for (const door of DOOR_NAMES)
      assert.equal(
        doors.commands(door, before).some(({ energised }) => energised),
        false,
      );
  },
};

const atBoot: Check = {
  name: 'at boot: a line that was left energised is at rest after the guard has run without a controller',
  async run(guest) {
    const doors = new GuardedDoors(guest);
    doors.leaveEnergised();
    const { code } = await doors.rest();
    assert.equal(code, 0);
    assert.equal(doors.isEnergised('sysfs'), false);
  },
};

const restWhileHeld: Check = {
  name: 'the guard without a controller says which lines a running guard holds, and leaves them alone',
  async run(guest) {
    const doors = new GuardedDoors(guest);
    await doors.hold(10_000);
    const { code, said } = await doors.rest();
    assert.equal(code, 1);
    assert.match(said, /plain: NOT known to be at rest: .*in use/);
    assert.ok(doors.isEnergised('plain'));
  },
};

const stopped: Check = {
  name: 'end of the service while energised: every line is driven to rest, then both end',
  async run(guest) {
    const doors = new GuardedDoors(guest);
    const holder = await doors.hold(10_000);
    const before = guest.clock.mono();
    const ended = new Promise<number | null>((resolve) => holder.child.once('exit', resolve));
    holder.kill('SIGTERM');
    await restsAfter(guest, doors, before, AT_ONCE_MS);
    assert.equal(await ended, 0);
    assert.equal(holder.guardIsAlive(), false);
  },
};

export const guard: readonly Check[] = [
  starts,
  renewals,
  controllerKilled,
  successor,
  controllerStopped,
  guardKilled,
  guardStopped,
  bothKilled,
  atBoot,
  restWhileHeld,
  stopped,
];
