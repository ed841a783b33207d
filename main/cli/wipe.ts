/** `genkan wipe`: a unit that its hub has revoked forgets its members now, without waiting for the second notice. */
import { existsSync } from 'node:fs';
import { SystemClock } from '../../device/clock/system.ts';
import { loadConfig } from '../controller/config-file.ts';
import { askController, type ControlAnswer } from '../controller/control.ts';
import { NOT_REVOKED } from '../controller/hub-link.ts';
import { takeLock } from '../controller/lock-file.ts';
import { err, ok, type Result } from '../core/result.ts';
import { dataFiles, openStore } from '../store/data-dir.ts';
import { type Console, EXIT, type ExitCode, fail } from './exit.ts';

const SLICE_MS = 1_000;

/** Through the controller while one runs. */
export async function wipeCommand(console: Console, configFile: string): Promise<ExitCode> {
  const loaded = loadConfig(configFile);
  if (!loaded.ok) return fail(console, loaded.error);
  const { dataDir } = loaded.value;
  const files = dataFiles(dataDir);
  if (!existsSync(files.database)) return fail(console, [`${files.database} is not there: there is no unit yet`]);
  const giveBack = takeLock(files.lock);
  const wiped = giveBack === null ? await askController(files.control, { do: 'wipe' }) : wipeAlone(dataDir);
  giveBack?.();
  if (!wiped.ok) return fail(console, [wiped.error]);
  if (!wiped.value.ok) return fail(console, wiped.value.lines);
  console.out(`${wiped.value.lines.join('\n')}\n`);
  return EXIT.done;
}

/** Nobody waits for the database: it is written anew, without a trace of anybody. */
function wipeAlone(dataDir: string): Result<ControlAnswer, string> {
  const opened = openStore(dataDir, 'write');
  if (!opened.ok) return err(opened.error.detail);
  const store = opened.value;
  try {
    const clock = new SystemClock();
    const replica = store.replica(() => clock.mono());
    if (replica.revocation.firstAt() === null) return ok({ ok: false, lines: [NOT_REVOKED] });
    const work = replica.wipeMembers(clock.wall());
    while (!work.step(SLICE_MS));
    const cleared = store.vacuum();
    if (!cleared.ok) return err(`wiped, but the file still has traces of members: ${cleared.error.detail}`);
    return ok({ ok: true, lines: ['nothing of any member is left; the record stays'] });
  } finally {
    store.close();
  }
}
