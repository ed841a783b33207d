/** `genkan start`: reads the configuration, takes the data folder, runs until it is told to end. */
import { join, resolve } from 'node:path';
import { SystemClock } from '../../device/clock/system.ts';
import type { Timer } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type DataFiles, prepareDataDir } from '../store/data-dir.ts';
import type { StoreFault } from '../store/faults.ts';
import type { Store } from '../store/store.ts';
import { type LoadedConfig, loadConfig, type Trouble } from './config-file.ts';
import { endOn } from './end-on.ts';
import { GuardAhead, type GuardStart } from './guard-start.ts';
import { takeLock } from './lock-file.ts';
import { LogTail, makeLog } from './log.ts';
import type { Point } from './probe.ts';
import { type RebuildWhy, readyStore } from './ready-store.ts';
import { Rebuilds } from './rebuilds.ts';
import { ReserveFile } from './reserve-file.ts';
import { findServiceManager, type GuardLife, KeepAlive } from './service-manager.ts';
import { ConfigTrial } from './setup/config-trial.ts';
import { dataOf, isHalfDone, leftBehind } from './setup/half-done.ts';
import type { NextLife, SetupHost } from './setup/host.ts';
import type { StartOptions } from './start-options.ts';
import { StoreRetry } from './store-retry.ts';
import { type RunningController, startController } from './wire.ts';

/** @returns trouble that kept it from starting; it runs on otherwise */
export async function runController(options: StartOptions): Promise<Result<void, Trouble>> {
  const trial = new ConfigTrial(resolve(options.configFile));
  const isTooMany = trial.isOn && !trial.attempt();
  const loaded = loadOnTrial(options.configFile, trial);
  if (!loaded.ok) return loaded;
  const { dataDir } = loaded.value;
  const files = prepareDataDir(dataDir);
  if (!files.ok) return err([files.error.detail]);
  const giveBack = takeLock(files.value.lock);
  if (giveBack === null) return err([`dataDir: ${dataDir} is in use by a running controller: end that first`]);
  const isUndone = isHalfDone(trial, dataDir, files.value);
  const why = isUndone ? 'the power went before it was done' : 'the unit ended again and again with it';
  const found = isUndone || isTooMany ? leftBehind(trial, [why], dataDir) : [];
  const settled = found.length === 0 ? loaded : loadConfig(options.configFile);
  if (!settled.ok) return settled;
  const command = { command: process.execPath, args: [options.guardFile] };
  const ahead = new GuardAhead(command);
  const life = new Life({ ...options, guardStart: { ...command, ahead } }, settled.value, files.value, trial, found);
  const started = await life.begin();
  if (!started.ok) {
    ahead.release();
    return started;
  }
  const keepAlive = new KeepAlive(life.clock, life, findServiceManager(options.env, process.pid));
  keepAlive.start();
  endOn(options, life.clock, () => {
    keepAlive.stop();
    return life.stop().then(giveBack);
  });
  options.announce(`Genkan: ${started.value}`);
  return ok(undefined);
}

/** A configuration on trial that can't be read is left for the one before. */
function loadOnTrial(file: string, trial: ConfigTrial): Result<LoadedConfig, Trouble> {
  const loaded = loadConfig(file);
  return loaded.ok || !trial.goBack() ? loaded : loadConfig(file);
}

/** A new configuration is kept once the unit has run with it for so long. */
const TRIAL_MS = 10_000;
/** Whoever ordered it gets an answer first. */
const AGAIN_MS = 300;

interface LifeOptions extends StartOptions {
  readonly guardStart: GuardStart;
}

/** The controller, begun again with another store where its own fails or comes back. */
class Life implements GuardLife {
  readonly clock = new SystemClock();
  readonly #options: LifeOptions;
  readonly #files: DataFiles;
  readonly #rebuilds: Rebuilds;
  readonly #retry = new StoreRetry(this.clock);
  readonly #trial: ConfigTrial;
  readonly #logTail = new LogTail();
  readonly #log = makeLog(this.#logTail);
  #loaded: LoadedConfig;
  #running: { readonly controller: RunningController; readonly store: Store } | null = null;
  #again: Promise<void> | null = null;
  #trialEnd: Timer | null = null;
  #wentBack: Trouble | null;

  /** @param told what became of a configuration that was on trial; empty: nothing */
  constructor(options: LifeOptions, loaded: LoadedConfig, files: DataFiles, trial: ConfigTrial, told: Trouble) {
    this.#options = options;
    this.#loaded = loaded;
    this.#files = files;
    this.#rebuilds = new Rebuilds(this.clock, files.database);
    this.#trial = trial;
    this.#wentBack = told.length === 0 ? null : told;
    for (const line of told) this.#log.error(line);
  }

  /** Starts, with the configuration before where the one on trial doesn't. @returns the page's address */
  async begin(rebuild: RebuildWhy | null = null): Promise<Result<string, Trouble>> {
    const started = await this.#started(rebuild);
    if (started.ok) this.#keepSoon();
    if (started.ok || !this.#trial.isOn) return started;
    this.#wentBack = this.#leave(started.error);
    for (const line of this.#wentBack) this.#log.error(line);
    const reloaded = this.#reload();
    return reloaded.ok ? this.start(rebuild) : reloaded;
  }

  /** Within a moment another controller runs here, after `prepare` and with this configuration. */
  beginAgain({ config, now, prepare }: NextLife): ReturnType<SetupHost['beginAgain']> {
    const store = now === null && prepare === null ? null : (this.#running?.store ?? null);
    if (config !== null) {
      const written = this.#trial.begin(config, store === null ? null : dataOf(store, now !== null));
      if (!written.ok) return written;
    }
    this.#probe('configuration-written');
    const brought = this.#bring(now);
    if (!brought.ok) {
      this.#trial.goBack();
      return err({ code: 'refused', lines: brought.error });
    }
    this.#wentBack = null;
    this.clock.after('begin again', AGAIN_MS, () => this.#begin(null, prepare));
    return ok(undefined);
  }

  #probe(point: Point): void {
    this.#options.development?.probe(point);
  }

  #bring(data: NextLife['now']): Result<void, Trouble> {
    const brought = data?.() ?? ok(undefined);
    if (data !== null) this.#probe('data-there');
    return brought;
  }

  /** @returns the page's address */
  async start(rebuild: RebuildWhy | null = null): Promise<Result<string, Trouble>> {
    const ready = readyStore(this.#loaded, this.#files, this.clock, rebuild);
    if (!ready.ok) return ready;
    const { store, broken, told, unfinished } = ready.value;
    for (const line of told) this.#log.error(line);
    const { development, guardStart, rowsFile, pageDir, version } = this.#options;
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
      restart: () => this.#begin(null),
      putBack: () => this.#rebuild('put-back'),
      version,
      host: this.#host(),
      guardStart,
      rowsFile,
      pageDir,
      controlFile: this.#files.control,
      probe: (point) => this.#probe(point),
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
    else this.#tryAgain(unfinished);
    return ok(controller.value.url);
  }

  check(): void {
    this.#running?.controller.guard.check();
  }

  heardMono(): number | null {
    return this.#running?.controller.guard.heardMono() ?? null;
  }

  async stop(): Promise<void> {
    this.#retry.cancel();
    this.#trialEnd?.cancel();
    await this.#again;
    await this.#end();
  }

  async #end(): Promise<void> {
    await this.#running?.controller.stop();
    this.#running?.store.close();
    this.#running = null;
  }

  #host(): SetupHost {
    const { file, dataDir } = this.#loaded;
    const fontsDir = join(this.#options.pageDir, 'assets');
    return {
      configFile: file,
      files: this.#files,
      dataDir,
      paper: { command: process.execPath, args: [this.#options.paperFile, fontsDir] },
      wentBack: this.#wentBack,
      beginAgain: (next) => this.beginAgain(next),
    };
  }

  /** A bug that a configuration brings to light must not end the process while there is one to go back to. */
  async #started(rebuild: RebuildWhy | null): Promise<Result<string, Trouble>> {
    try {
      return await this.start(rebuild);
    } catch (error) {
      if (!this.#trial.isOn) throw error;
      return err([error instanceof Error ? error.message : 'it could not be started']);
    }
  }

  #keepSoon(): void {
    if (!this.#trial.isOn) return;
    this.#trialEnd?.cancel();
    this.#trialEnd = this.clock.after('configuration kept', TRIAL_MS, () => this.#trial.keep());
  }

  /** The file as it is now; folder and address stay those of this process. */
  #reload(): Result<void, Trouble> {
    const loaded = loadConfig(this.#loaded.file);
    if (!loaded.ok) return loaded;
    if (loaded.value.dataDir !== this.#loaded.dataDir) return err(['dataDir: the folder of the running unit']);
    const { listen } = this.#loaded.config;
    this.#loaded = { ...loaded.value, config: { ...loaded.value.config, listen } };
    return ok(undefined);
  }

  #storeFailed({ code }: StoreFault): void {
    if (code === 'corrupt') this.#rebuild('damaged');
  }

  /** @returns whether it will be */
  #rebuild(why: RebuildWhy): boolean {
    const allowed = this.#rebuilds.allow(why);
    if (!allowed.ok) {
      if (allowed.error !== null) this.#log.error(allowed.error);
      return false;
    }
    // Not from within: whoever is at the door is served first.
    this.clock.after('rebuild the database', 0, () => this.#begin(why));
    return true;
  }

  #tryAgain(unfinished: RebuildWhy | null): void {
    const { dataDir } = this.#loaded;
    const { database } = this.#files;
    const again = (rebuild: RebuildWhy | null) => this.#begin(rebuild);
    this.#retry.watch({ dataDir, database, unfinished }, again, () => this.#rebuilds.allow('damaged').ok);
  }

  #begin(rebuild: RebuildWhy | null, prepare: NextLife['prepare'] = null): void {
    this.#again ??= this.#end()
      .then(() => this.#next(rebuild, prepare))
      .then((started) => {
        this.#again = null;
        if (started.ok) return;
        for (const line of started.error) this.#log.fatal(line);
        this.#options.exit(1);
      });
  }

  async #next(rebuild: RebuildWhy | null, prepare: NextLife['prepare']): Promise<Result<string, Trouble>> {
    const prepared = this.#bring(prepare);
    if (!prepared.ok) this.#wentBack = this.#leave(prepared.error);
    const reloaded = this.#reload();
    if (reloaded.ok) return this.begin(rebuild);
    this.#wentBack = this.#leave(reloaded.error);
    return this.begin(rebuild);
  }

  #leave(why: Trouble): Trouble {
    return leftBehind(this.#trial, why, this.#loaded.dataDir);
  }
}

/** Whoever stands at the unit's own console may make the first manager. A journal is no console. */
function tellSetupCode(store: Store): void {
  const code = store.setupCode();
  if (code !== null && process.stderr.isTTY) process.stderr.write(`Setup code for the first manager: ${code}\n`);
}
