/** `genkan member export ID` and `genkan member erase ID`: what a person may ask of whoever keeps their data. */
import { existsSync } from 'node:fs';
import { SystemClock } from '../../device/clock/system.ts';
import { trustNow } from '../controller/clock-trust.ts';
import { loadConfig } from '../controller/config-file.ts';
import { askController, type ControlAnswer } from '../controller/control.ts';
import { erasedLines, NOBODY } from '../controller/erase.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type DataFiles, dataFiles, openStore } from '../store/data-dir.ts';
import { eraseMember } from '../store/erase.ts';
import { eraseAside } from '../store/erase-aside.ts';
import { isInFile } from '../store/traces.ts';
import { changeUnit } from './change-unit.ts';
import { type Console, EXIT, type ExitCode, fail } from './exit.ts';

/** Prints all that is stored of the member; beside a running controller too. */
export function exportMemberCommand(console: Console, configFile: string, memberId: string): ExitCode {
  const loaded = loadConfig(configFile);
  if (!loaded.ok) return fail(console, loaded.error);
  const store = openStore(loaded.value.dataDir, 'read');
  if (!store.ok) return fail(console, [store.error.detail]);
  const person = store.value.exportPerson(memberId);
  store.value.close();
  if (person === null) return fail(console, [NOBODY]);
  console.out(`${JSON.stringify(person, null, 1)}\n`);
  return EXIT.done;
}

/** Destroys what is stored of the member, except for events; through the controller while one runs. */
export function eraseMemberCommand(console: Console, configFile: string, memberId: string): Promise<ExitCode> {
  return changeUnit(console, configFile, {
    beside: async (dataDir, files) => andAside(files.database, memberId, await eraseBeside(dataDir, files, memberId)),
    alone: (dataDir) => andAside(dataFiles(dataDir).database, memberId, eraseAlone(dataDir, memberId)),
  });
}

/** What stands in databases that are set aside goes too; which still have the member is said. */
function andAside(
  database: string,
  memberId: string,
  answer: Result<ControlAnswer, string>,
): Result<ControlAnswer, string> {
  if (!answer.ok) return answer;
  const { erased, left } = eraseAside(database, memberId);
  const { ok: isDone, lines } = answer.value;
  const here = erased.length > 0 && !isDone ? [] : lines;
  const said = [...here, ...erased.map((file) => `erased from ${file}, which is set aside, too`)];
  if (left.length > 0) return ok({ ok: false, lines: [...said, ...left.map(leftLine)] });
  return ok({ ok: isDone || erased.length > 0, lines: said });
}

const leftLine = (file: string) =>
  `${file}, which is set aside, can’t be read whole and may still have the member: once the hub has all events of this unit (outbox 0 in healthz) delete it, and what is beside it as -wal and -shm`;

/** Nobody waits for the database: it is written anew, without a trace of the member. */
function eraseAlone(dataDir: string, memberId: string): Result<ControlAnswer, string> {
  const opened = openStore(dataDir, 'write');
  if (!opened.ok) return err(opened.error.detail);
  const store = opened.value;
  const clock = new SystemClock();
  const moment = { at: clock.wall(), clock: trustNow(clock, store) };
  const erased = eraseMember(store, memberId, moment);
  const again = erased.ok && erased.value === null && store.wasErased(memberId);
  const cleared = erased.ok && (erased.value !== null || again) ? store.vacuum() : ok(undefined);
  store.close();
  if (!erased.ok) return err(erased.error.detail);
  if (!cleared.ok)
    return err(`erased, but the file still has traces of the member: ${cleared.error.detail}, then try again`);
  if (again) return ok({ ok: true, lines: ['erased before; now without a trace in unused space of the database'] });
  return ok(erased.value === null ? { ok: false, lines: [NOBODY] } : { ok: true, lines: erasedLines(erased.value) });
}

async function eraseBeside(
  dataDir: string,
  files: DataFiles,
  memberId: string,
): Promise<Result<ControlAnswer, string>> {
  const store = openStore(dataDir, 'read');
  if (!store.ok) return err(store.error.detail);
  const traces = store.value.memberTraces(memberId);
  store.value.close();
  const answer = await askController(files.control, { do: 'erase', memberId });
  if (!answer.ok || !answer.value.ok) return answer;
  const left = [files.database, `${files.database}-wal`].some((file) => existsSync(file) && isInFile(file, traces));
  return left ? err(TRACES_LEFT) : answer;
}

const TRACES_LEFT =
  'erased, but unused space of the database still has traces of the member: end the controller and run this again';
