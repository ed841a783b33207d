/**
 * `genkan doctor`: looks over devices, machine, data and site, and says what to do. Beside a running controller it asks
 * that one for its devices and opens nothing; without one it looks at them from outside. Only `--test` moves anything.
 */
import { existsSync } from 'node:fs';
import { SystemKernelTime } from '../../device/clock/kernel-time.ts';
import { SystemClock } from '../../device/clock/system.ts';
import { Tree } from '../../device/discovery/tree.ts';
import type { GpioKernel } from '../../device/lines/gpio/kernel.ts';
import { BUILT_AT } from '../controller/built-at.ts';
import { trustNow } from '../controller/clock-trust.ts';
import { type LoadedConfig, loadConfig } from '../controller/config-file.ts';
import { takeLock } from '../controller/lock-file.ts';
import type { Clock, ClockTrust } from '../core/clock.ts';
import type { Result } from '../core/result.ts';
import { type DataFiles, dataFiles, openStore, prepareDataDir } from '../store/data-dir.ts';
import type { StoreFault } from '../store/faults.ts';
import type { Store } from '../store/store.ts';
import { bad, type Check, fine, inWords } from './doctor-check.ts';
import { checkPart, partsOf } from './doctor-devices.ts';
import { inventory } from './doctor-inventory.ts';
import { machineChecks } from './doctor-machine.ts';
import { askHealth, runningChecks } from './doctor-running.ts';
import { testDoor } from './doctor-test.ts';
import { dataChecks, lanChecks, type SettingsLook, settingsChecks, siteChecks } from './doctor-unit.ts';
import { type Console, EXIT, type ExitCode, fail } from './exit.ts';

export interface DoctorOptions {
  readonly configFile: string;
  readonly json: boolean;
  /** The door to open once; null: nothing moves. */
  readonly test: string | null;
  readonly guardFile: string;
}

export async function doctorCommand(console: Console, options: DoctorOptions): Promise<ExitCode> {
  const clock = new SystemClock();
  const tree = new Tree();
  const gpio = await gpioOf(tree);
  const loaded = loadConfig(options.configFile);
  const unit = loaded.ok ? await unitOf(loaded.value, clock) : null;
  if (options.test !== null) {
    if (!loaded.ok) return fail(console, loaded.error);
    const tested = await test(loaded.value, clock, options, options.test);
    return tell(console, options, tested);
  }
  const checks = [
    loaded.ok
      ? fine('config', loaded.value.file)
      : bad('config', loaded.error.join('; '), 'correct it: each mistake is named by its path'),
    ...(unit?.checks ?? []),
    ...(loaded.ok && unit !== null && !unit.isRunning
      ? partsOf(loaded.value.config).map((part) => checkPart(tree, gpio, part))
      : []),
    ...machineChecks(tree, {
      nodeVersion: process.versions.node,
      now: clock.wall(),
      clock: unit?.trust ?? trustWithoutStore(clock),
      usesGpio: loaded.ok && partsOf(loaded.value.config).some(({ part }) => part.driver.startsWith('gpio')),
    }),
    ...inventory(tree, gpio),
  ];
  return tell(console, options, checks);
}

function tell(console: Console, { json }: DoctorOptions, checks: readonly Check[]): ExitCode {
  const ok = checks.every((check) => check.ok);
  console.out(json ? `${JSON.stringify({ ok, checks })}\n` : inWords(checks));
  return ok ? EXIT.done : EXIT.failed;
}

/** Where the machine has GPIO chips: koffi isn't loaded for nothing. */
async function gpioOf(tree: Tree): Promise<GpioKernel | null> {
  if (!tree.list('/dev').some((name) => name.startsWith('gpiochip'))) return null;
  const { linuxGpio } = await import('../../device/lines/gpio/linux.ts');
  return linuxGpio;
}

interface UnitLook {
  readonly isRunning: boolean;
  readonly trust: ClockTrust;
  readonly checks: readonly Check[];
}

async function unitOf({ config, dataDir, siteFile, settingsFile }: LoadedConfig, clock: Clock): Promise<UnitLook> {
  const files = dataFiles(dataDir);
  const isRunning = isHeld(files);
  const health = isRunning ? await askHealth(files.control, config.listen, clock) : null;
  const store = existsSync(files.database) ? openStore(dataDir, 'read') : null;
  const own = store?.ok === true ? store.value : null;
  const checks = [
    ...controllerChecks(health),
    ...dataChecks(dataDir, files),
    ...storeChecks(store),
    ...(store?.ok === false ? [] : siteChecks(config, settingsOf(own), siteFile)),
    ...(store?.ok === false ? [] : settingsChecks(settingsOf(own), siteFile, settingsFile)),
    ...lanChecks(config, clock.wall()),
  ];
  const trust = health?.ok === true ? health.value.clock : trustOf(clock, own);
  own?.close();
  return { isRunning, trust, checks };
}

function settingsOf(store: Store | null): SettingsLook {
  const site = store?.master() ?? null;
  return { imported: store?.settings() ?? null, site, isPaired: (store?.documentRule() ?? null) !== null };
}

function storeChecks(store: Result<Store, StoreFault> | null): readonly Check[] {
  if (store === null || store.ok) return [];
  const { code, detail } = store.error;
  // After an update, say.
  if (code === 'missing') return [fine('data/store', detail, 'start the controller once, then run this again')];
  return [bad('data/store', detail, 'do what it says, then start the controller')];
}

function controllerChecks(health: Awaited<ReturnType<typeof askHealth>> | null): readonly Check[] {
  if (health === null) return [fine('controller', 'does not run: devices are looked at from outside')];
  return health.ok
    ? runningChecks(health.value)
    : [bad('controller', health.error, 'run this as the controller’s user; if it hangs, systemctl restart genkan')];
}

/** A controller has the folder. */
function isHeld({ lock }: DataFiles): boolean {
  if (!existsSync(lock)) return false;
  const giveBack = takeLock(lock);
  giveBack?.();
  return giveBack === null;
}

function trustOf(clock: Clock, store: Store | null): ClockTrust {
  return store === null ? trustWithoutStore(clock) : trustNow(clock, store);
}

function trustWithoutStore(clock: Clock): ClockTrust {
  if (clock.wall() < BUILT_AT) return 'doubtful';
  return new SystemKernelTime().ntp() ? 'synced' : 'held';
}

async function test(
  { config, dataDir }: LoadedConfig,
  clock: Clock,
  { guardFile }: DoctorOptions,
  door: string,
): Promise<readonly Check[]> {
  const name = `test/${door}`;
  const files = prepareDataDir(dataDir);
  if (!files.ok) return [bad(name, `not opened: ${files.error.detail}`, TEST_TODO)];
  const giveBack = takeLock(files.value.lock);
  if (giveBack === null) {
    const todo = 'open the door by a code or on the staff screen, or end the controller first';
    return [bad(name, 'not opened: a controller runs, and its doors are its own', todo)];
  }
  const store = openStore(dataDir, 'write');
  if (!store.ok) return [bad(name, `not opened: ${store.error.detail}`, TEST_TODO)];
  const trust = trustNow(clock, store.value);
  const checks = await testDoor({ config, door, clock, trust, store: store.value, guardFile });
  store.value.close();
  giveBack();
  return checks;
}

const TEST_TODO = 'a test is on the record, too: mend that first';
