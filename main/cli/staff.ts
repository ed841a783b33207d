/** `genkan undo SEQ` and `genkan end-stay MEMBER PLACE`: what staff may do to the record, while the controller runs. */
import { loadConfig } from '../controller/config-file.ts';
import { askController, type ControlRequest } from '../controller/control.ts';
import { takeLock } from '../controller/lock-file.ts';
import { dataFiles } from '../store/data-dir.ts';
import { type Console, EXIT, type ExitCode, fail } from './exit.ts';

export async function undoCommand(console: Console, configFile: string, seq: string, staffId: string) {
  const of = Number(seq);
  if (!Number.isSafeInteger(of) || of < 1)
    return fail(console, ['undo takes the number of an event, 1 or more'], EXIT.usage);
  return askForStaff(console, configFile, { do: 'undo', of, staffId });
}

/** @param request of a member of the staff */
export async function askForStaff(console: Console, configFile: string, request: ControlRequest): Promise<ExitCode> {
  const loaded = loadConfig(configFile);
  if (!loaded.ok) return fail(console, loaded.error);
  const files = dataFiles(loaded.value.dataDir);
  const giveBack = takeLock(files.lock);
  if (giveBack !== null) {
    giveBack();
    return fail(console, ['no controller runs here: start it, then try again']);
  }
  const answer = await askController(files.control, request);
  if (!answer.ok) return fail(console, [answer.error]);
  if (!answer.value.ok) return fail(console, answer.value.lines);
  console.out(`${answer.value.lines.join('\n')}\n`);
  return EXIT.done;
}
