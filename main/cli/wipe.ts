/**
 * `genkan wipe`: a unit that its hub has revoked forgets its members now, without waiting for the second notice; in
 * databases that it has set aside too.
 */
import { SystemClock } from '../../device/clock/system.ts';
import { askController, type ControlAnswer } from '../controller/control.ts';
import { NOT_REVOKED } from '../controller/hub-link.ts';
import { err, ok, type Result } from '../core/result.ts';
import { openStore } from '../store/data-dir.ts';
import { changeUnit } from './change-unit.ts';
import type { Console, ExitCode } from './exit.ts';

const SLICE_MS = 1_000;

/** Through the controller while one runs. */
export function wipeCommand(console: Console, configFile: string): Promise<ExitCode> {
  return changeUnit(console, configFile, {
    beside: (_, files) => askController(files.control, { do: 'wipe' }),
    alone: wipeAlone,
  });
}

const leftLine = (file: string) =>
  `wiped, but ${file} can’t be emptied: it may still have members, and events that nobody else has. Have it looked at, then delete it, and what is beside it as -wal and -shm`;

/** Nobody waits for the database: it is written anew, without a trace of anybody. */
function wipeAlone(dataDir: string): Result<ControlAnswer, string> {
  const opened = openStore(dataDir, 'write');
  if (!opened.ok) return err(opened.error.detail);
  const store = opened.value;
  try {
    const clock = new SystemClock();
    const replica = store.replica(() => clock.mono());
    if (replica.revocation.firstAt() === null) return ok({ ok: false, lines: [NOT_REVOKED] });
    const work = replica.wipeMembers(clock.wall(), true);
    while (!work.step(SLICE_MS));
    const cleared = store.vacuum();
    if (!cleared.ok) return err(`wiped, but the file still has traces of members: ${cleared.error.detail}`);
    if (work.left().length > 0) return ok({ ok: false, lines: work.left().map(leftLine) });
    return ok({ ok: true, lines: ['nothing of any member is left; the record stays'] });
  } finally {
    store.close();
  }
}
