/** `genkan start`: reads the configuration, takes the data folder, runs until it is told to end. */
import { SystemClock } from '../../device/clock/system.ts';
import { type Config, unknownDoors } from '../contract/config.ts';
import { errorText } from '../contract/issues.ts';
import type { Clock } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';
import { openStore, prepareDataDir } from '../store/data-dir.ts';
import type { Store } from '../store/store.ts';
import { type LoadedConfig, loadConfig, readJson, type Trouble } from './config-file.ts';
import type { Demo } from './demo.ts';
import { importDocument } from './import.ts';
import { takeLock } from './lock-file.ts';
import { makeLog } from './log.ts';
import type { Probe } from './probe.ts';
import { startController } from './wire.ts';

/** What the program has only in the demo and in development. */
export interface Development {
  readonly makeDemo: (config: Config, configFile: string) => Demo;
  readonly probe: Probe;
}

export interface StartOptions {
  readonly configFile: string;
  readonly guardFile: string;
  readonly pageDir: string;
  readonly version: string;
  /** End when standard input ends: whoever started us is gone. */
  readonly withParent: boolean;
  readonly development: Development | null;
  /** Where the one line with the address goes. */
  readonly announce: (line: string) => void;
  readonly exit: (code: number) => void;
}

/** @returns trouble that kept it from starting; it runs on otherwise */
export async function runController(options: StartOptions): Promise<Result<void, Trouble>> {
  const loaded = loadConfig(options.configFile);
  if (!loaded.ok) return loaded;
  const { config, dataDir } = loaded.value;
  const files = prepareDataDir(dataDir);
  if (!files.ok) return err([files.error.detail]);
  const giveBack = takeLock(files.value.lock);
  if (giveBack === null) return err([`dataDir: ${dataDir} is in use by a running controller: end that first`]);
  const clock = new SystemClock();
  const store = readyStore(loaded.value, clock);
  if (!store.ok) return store;

  const log = makeLog();
  const controller = await startController({
    config,
    clock,
    log,
    store: store.value,
    version: options.version,
    guardFile: options.guardFile,
    pageDir: options.pageDir,
    controlFile: files.value.control,
    probe: options.development?.probe ?? (() => undefined),
    demo: options.development?.makeDemo(config, loaded.value.file) ?? null,
  });
  if (!controller.ok) {
    store.value.close();
    return err([controller.error]);
  }
  tellSetupCode(store.value);
  endOn(options, clock, () =>
    controller.value
      .stop()
      .then(() => store.value.close())
      .then(giveBack),
  );
  options.announce(`Genkan: ${controller.value.url}`);
  return ok(undefined);
}

/** Opens the store; takes the site in at the very first start; checks that every configured door is one of the site's. */
function readyStore({ config, dataDir, siteFile }: LoadedConfig, clock: Clock): Result<Store, Trouble> {
  const opened = openStore(dataDir, 'write');
  if (!opened.ok) return err([opened.error.detail]);
  const store = opened.value;
  const trouble = store.master() === null && siteFile !== null ? firstImport(store, siteFile, clock) : [];
  const doors = new Set(store.master()?.doors.map(({ id }) => id));
  const unknown = doors.size === 0 ? [] : unknownDoors(config, doors).map(errorText);
  if (trouble.length === 0 && unknown.length === 0) return ok(store);
  store.close();
  return err([...trouble, ...unknown]);
}

function firstImport(store: Store, siteFile: string, clock: Clock): Trouble {
  const json = readJson(siteFile);
  if (!json.ok) return [`site: ${json.error}`];
  const taken = importDocument(store, json.value, clock.wall());
  return taken.ok ? [] : taken.error.map((line) => `${siteFile}: ${line}`);
}

/** Whoever stands at the unit's own console may make the first manager. A journal is no console. */
function tellSetupCode(store: Store): void {
  const code = store.setupCode();
  if (code !== null && process.stderr.isTTY) process.stderr.write(`Setup code for the first manager: ${code}\n`);
}

const LONGEST_STOP_MS = 1_900;

function endOn({ withParent, exit }: StartOptions, clock: Clock, stop: () => Promise<void>): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    clock.after('stop', LONGEST_STOP_MS, () => exit(1));
    stop().then(
      () => exit(0),
      () => exit(1),
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (!withParent) return;
  process.stdin.on('end', end).on('close', end).on('error', end).resume();
}
