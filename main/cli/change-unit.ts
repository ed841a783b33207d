/** What a command changes of a unit that is there: through its controller while one runs. */
import { existsSync } from 'node:fs';
import { loadConfig } from '../controller/config-file.ts';
import type { ControlAnswer } from '../controller/control.ts';
import { takeLock } from '../controller/lock-file.ts';
import type { Result } from '../core/result.ts';
import { type DataFiles, dataFiles } from '../store/data-dir.ts';
import { type Console, EXIT, type ExitCode, fail } from './exit.ts';

export interface UnitChange {
  /** While a controller runs. */
  readonly beside: (dataDir: string, files: DataFiles) => Promise<Result<ControlAnswer, string>>;
  /** Nobody else has the unit meanwhile. */
  readonly alone: (dataDir: string) => Result<ControlAnswer, string>;
}

/** Prints what was answered. @returns the status to end with */
export async function changeUnit(
  console: Console,
  configFile: string,
  { beside, alone }: UnitChange,
): Promise<ExitCode> {
  const loaded = loadConfig(configFile);
  if (!loaded.ok) return fail(console, loaded.error);
  const { dataDir } = loaded.value;
  const files = dataFiles(dataDir);
  if (!existsSync(files.database)) return fail(console, [`${files.database} is not there: there is no unit yet`]);
  const giveBack = takeLock(files.lock);
  const answer = giveBack === null ? await beside(dataDir, files) : alone(dataDir);
  giveBack?.();
  if (!answer.ok) return fail(console, [answer.error]);
  if (!answer.value.ok) return fail(console, answer.value.lines);
  console.out(`${answer.value.lines.join('\n')}\n`);
  return EXIT.done;
}
