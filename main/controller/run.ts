/** `genkan start`: reads the configuration, takes the data folder, runs until it is told to end. */
import { SystemClock } from '../../device/clock/system.ts';
import type { Config } from '../contract/config.ts';
import type { Clock, Timer } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type DataFiles, openStore, prepareDataDir } from '../store/data-dir.ts';
import type { StoreFault } from '../store/faults.ts';
import type { Store } from '../store/store.ts';
import { type LoadedConfig, loadConfig, type Trouble } from './config-file.ts';
import type { Demo } from './demo.ts';
import { takeLock } from './lock-file.ts';
import { LogTail, makeLog } from './log.ts';
import type { Probe } from './probe.ts';
import { readyStore } from './ready-store.ts';
import { ReserveFile } from './reserve-file.ts';
import { findServiceManager, type GuardLife, KeepAlive } from './service-manager.ts';
import { type RunningController, startController } from './wire.ts';

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
  /** The process's own: where a service manager leaves its address. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** @returns trouble that kept it from starting; it runs on otherwise */
export async function runController(options: StartOptions): Promise<Result<void, Trouble>> {
  const loaded = loadConfig(options.configFile);
  if (!loaded.ok) return loaded;
  const { dataDir } = loaded.value;
  const files = prepareDataDir(dataDir);
  if (!files.ok) return err([files.error.detail]);
  const giveBack = takeLock(files.value.lock);
  if (giveBack === null) return err([`dataDir: ${dataDir} is in use by a running controller: end that first`]);
  const life = new Life(options, loaded.value, files.value);
  const started = await life.start();
  if (!started.ok) return started;
  const keepAlive = new KeepAlive(life.clock, life, findServiceManager(options.env, process.pid));
  keepAlive.start();
  endOn(options, life.clock, () => {
    keepAlive.stop();
    return life.stop().then(giveBack);
  });
  options.announce(`Genkan: ${started.value}`);
  return ok(undefined);
}

/** How often a store that can't be written is tried again. */
const RETRY_MS = 5_000;
/** A database that is damaged again so soon is not rebuilt once more: its disk is. */
const REBUILT_MS = 600_000;

/** The controller, begun again with another store where its own fails or comes back. */
class Life implements GuardLife {
  readonly clock = new SystemClock();
  readonly #options: StartOptions;
  readonly #files: DataFiles;
  readonly #logTail = new LogTail();
  readonly #log = makeLog(this.#logTail);
  #loaded: LoadedConfig;
  #running: { readonly controller: RunningController; readonly store: Store } | null = null;
  #retry: Timer | null = null;
  #rebuiltAt = Number.NEGATIVE_INFINITY;
  #again: Promise<void> | null = null;

  constructor(options: StartOptions, loaded: LoadedConfig, files: DataFiles) {
    this.#options = options;
    this.#loaded = loaded;
    this.#files = files;
  }

  /** @returns the page's address */
  async start(isDamaged = false): Promise<Result<string, Trouble>> {
    const ready = readyStore(this.#loaded, this.#files, this.clock, isDamaged);
    if (!ready.ok) return ready;
    const { store, broken, told } = ready.value;
    for (const line of told) this.#log.error(line);
    const { development, guardFile, pageDir, version } = this.#options;
    const { config, file } = this.#loaded;
    const controller = await startController({
      config,
      clock: this.clock,
      log: this.#log,
      logTail: this.#logTail,
      store,
      reserve: ReserveFile.open(this.#files.reserve),
      broken,
      storeFailed: (fault) => this.#storeFailed(fault),
      restart: () => this.#begin(false),
      version,
      guardFile,
      pageDir,
      controlFile: this.#files.control,
      probe: development?.probe ?? (() => undefined),
      demo: development?.makeDemo(config, file) ?? null,
    });
    if (!controller.ok) {
      store.close();
      return err([controller.error]);
    }
    this.#running = { controller: controller.value, store };
    // The page stays where it is when the controller begins again.
    const port = Number(new URL(controller.value.url).port);
    this.#loaded = { ...this.#loaded, config: { ...config, listen: { ...config.listen, port } } };
    if (broken === null) tellSetupCode(store);
    else this.#tryAgain();
    return ok(controller.value.url);
  }

  check(): void {
    this.#running?.controller.guard.check();
  }

  heardMono(): number | null {
    return this.#running?.controller.guard.heardMono() ?? null;
  }

  async stop(): Promise<void> {
    this.#retry?.cancel();
    await this.#again;
    await this.#end();
  }

  async #end(): Promise<void> {
    await this.#running?.controller.stop();
    this.#running?.store.close();
    this.#running = null;
  }

  #storeFailed({ code }: StoreFault): void {
    if (code !== 'corrupt' || this.clock.mono() - this.#rebuiltAt < REBUILT_MS) return;
    this.#rebuiltAt = this.clock.mono();
    // Not from within: whoever is at the door is served first.
    this.clock.after('rebuild the database', 0, () => this.#begin(true));
  }

  #tryAgain(): void {
    this.#retry = this.clock.after('try the database again', RETRY_MS, () => {
      const opened = openStore(this.#loaded.dataDir, 'write');
      if (!opened.ok) {
        this.#tryAgain();
        return;
      }
      opened.value.close();
      this.#begin(false);
    });
  }

  #begin(isDamaged: boolean): void {
    this.#again ??= this.#end()
      .then(() => this.start(isDamaged))
      .then((started) => {
        this.#again = null;
        if (started.ok) return;
        for (const line of started.error) this.#log.fatal(line);
        this.#options.exit(1);
      });
  }
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
