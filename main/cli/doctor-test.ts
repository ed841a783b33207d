/**
 * `genkan doctor --test DOOR`: opens the door once, by its lock's own guard, so that the command ends by itself even if
 * this program is killed. The record says that it was a test before the relay moves.
 */
import type { Config, DoorConfig } from '../contract/config.ts';
import { GuardClient } from '../controller/guard-client.ts';
import type { Clock, ClockTrust } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Store } from '../store/store.ts';
import { bad, type Check, fine } from './doctor-check.ts';

export interface DoorTest {
  readonly config: Config;
  readonly door: string;
  readonly clock: Clock;
  readonly trust: ClockTrust;
  readonly store: Store;
  readonly guardFile: string;
}

/** A guard that starts slowly, and a board that is there, are found in this time. */
const READY_MS = 12_000;
/** After the pulse's end the line is at rest at the latest. */
const REST_MS = 2_000;

export async function testDoor(test: DoorTest): Promise<readonly Check[]> {
  const door = test.config.doors.find(({ id }) => id === test.door);
  const name = `test/${test.door}`;
  if (door === undefined) return [bad(name, 'the configuration has no such door', 'name one of its doors')];
  const pulse = await pulsed(test, door);
  if (!pulse.ok)
    return [bad(name, pulse.error, 'look at the cable, the supply, and the lock’s entry in the configuration')];
  const ms = Math.round(pulse.value);
  return [
    fine(
      name,
      `the relay was on for ${ms} ms (pulseMs ${door.pulseMs}) and is at rest`,
      'did the lock open, and lock again? Only you can see it',
    ),
  ];
}

/** @returns for how long the relay was energised, ms */
async function pulsed(test: DoorTest, door: DoorConfig): Promise<Result<number, string>> {
  const { clock, guardFile } = test;
  const locks = [{ door: door.id, maxPulseMs: door.maxPulseMs, line: door.lock }];
  const guard = new GuardClient({ clock, locks, spawn: { command: process.execPath, args: [guardFile] } });
  let begun = false;
  const outcome = await new Promise<Result<number, string>>((end) => {
    const seen = { isUp: false, isThere: false, detail: 'the lock did not answer', onAt: 0 };
    const giveUp = clock.after('lock found', READY_MS, () => end(err(seen.detail)));
    const begin = () => {
      if (begun || !seen.isUp || !seen.isThere) return;
      begun = true;
      giveUp.cancel();
      const recorded = record(test, {});
      if (!recorded.ok) return end(recorded);
      clock.after('lock rests', door.pulseMs + REST_MS, () => end(err('the relay did not come back to rest in time')));
      guard.energise(door.id, 1, clock.mono() + door.pulseMs);
    };
    guard.start({
      up: () => {
        seen.isUp = true;
        begin();
      },
      down: (detail) => {
        seen.detail = `the guard ended: ${detail}`;
      },
      device: ({ state }) => {
        seen.detail = state.detail;
        seen.isThere = state.ok;
        begin();
      },
      line: ({ energised, mono }) => {
        if (energised) seen.onAt = mono;
        else if (seen.onAt > 0) end(ok(mono - seen.onAt));
      },
      failed: ({ detail }) => end(err(detail)),
    });
  });
  await guard.stop();
  if (begun) void record(test, { ended: outcome.ok ? 'at rest' : 'failed' });
  return outcome;
}

function record(
  { store, clock, trust, door }: DoorTest,
  detail: Readonly<Record<string, string>>,
): Result<number, string> {
  const nothing = { readerId: null, direction: null, result: null, of: null };
  const event = {
    at: clock.wall(),
    type: 'system',
    doorId: door,
    ...nothing,
    clock: trust,
    detail: { what: 'test', part: 'lock', ...detail },
  } as const;
  const written = store.transact((writer) => writer.record.append(event));
  return written.ok ? written : err(`not opened, since the record can’t be written: ${written.error.detail}`);
}
