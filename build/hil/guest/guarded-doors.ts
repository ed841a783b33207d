/** Four doors on one chip, as wiring goes, with a controller that holds them and the trace of their lines. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { GuardedLock, LockLine } from '../../../main/guard/protocol.ts';
import type { Guest } from './check.ts';
import { GpioSim } from './gpio-sim.ts';
import type { HoldArgument } from './holder.ts';
import { GpioTrace, type LineSet } from './trace.ts';

const GUARD = join(import.meta.dirname, 'guard.js');
const SYSFS = '/sys/class/gpio';

interface Wiring {
  readonly line: number;
  readonly activeLow: boolean;
  readonly driver: 'gpio' | 'gpio-sysfs';
  /** Where the pin goes when nobody drives it. */
  readonly pull: 'up' | 'down';
}

/** `floats` and `low` are energised when nobody drives them; `sysfs` stays as it was. */
export const DOORS = {
  plain: { line: 0, activeLow: false, driver: 'gpio', pull: 'down' },
  floats: { line: 1, activeLow: false, driver: 'gpio', pull: 'up' },
  low: { line: 2, activeLow: true, driver: 'gpio', pull: 'down' },
  sysfs: { line: 4, activeLow: false, driver: 'gpio-sysfs', pull: 'down' },
} as const satisfies Record<string, Wiring>;
export type Door = keyof typeof DOORS;
export const DOOR_NAMES = Object.keys(DOORS).filter((name): name is Door => Object.hasOwn(DOORS, name));

const Said = z.looseObject({ say: z.string(), pid: z.number().optional(), door: z.string().optional() });

export class GuardedDoors {
  readonly #guest: Guest;
  readonly #sim: GpioSim;
  readonly #trace: GpioTrace;
  readonly #base: number;

  constructor(guest: Guest) {
    this.#guest = guest;
    this.#sim = new GpioSim(guest);
    for (const { line, pull } of Object.values(DOORS)) this.#sim.pull(line, pull);
    this.#base = baseOf(this.#sim.label);
    guest.after(() => this.#unexport());
    this.#trace = new GpioTrace();
    guest.after(() => this.#trace.stop());
  }

  isEnergised(door: Door): boolean {
    const { line, activeLow } = DOORS[door];
    return this.#sim.value(line) === (activeLow ? 0 : 1);
  }

  /** Which doors are energised now. */
  energised(): Door[] {
    return DOOR_NAMES.filter((door) => this.isEnergised(door));
  }

  /** What the kernel was told about a door's line since the beginning, or since `mono`. */
  commands(door: Door, since = 0): (LineSet & { readonly energised: boolean })[] {
    const { line, activeLow } = DOORS[door];
    return this.#trace
      .sets()
      .filter((set) => set.number === this.#base + line && set.mono >= since)
      .map((set) => ({ ...set, energised: set.value === (activeLow ? 0 : 1) }));
  }

  /** A process that is gone has left the line of `sysfs` energised. */
  leaveEnergised(): void {
    const number = String(this.#base + DOORS.sysfs.line);
    writeFileSync(join(SYSFS, 'export'), number);
    writeFileSync(join(SYSFS, `gpio${number}`, 'direction'), 'high');
  }

  /** Starts a controller that holds all doors, and waits until all are energised. */
  async hold(ms: number, commands = 1): Promise<Holder> {
    const began = this.#guest.clock.mono();
    const holder = new Holder(this.#guest, { guard: GUARD, locks: this.locks(), ms, commands });
    await this.#guest.wait('all doors are energised', () => this.energised().length === DOOR_NAMES.length, {
      seen: () => `${this.energised()}; ${holder.heard()}`,
    });
    await this.#guest.wait('a guard', () => holder.guardPid() !== null);
    holder.startMs = this.#guest.clock.mono() - began;
    return holder;
  }

  /** The guard without a controller. @returns its exit status and what it said */
  rest(): Promise<{ readonly code: number | null; readonly said: string }> {
    const config = join('/tmp', `${this.#sim.label}.json`);
    const doors = this.locks().map(({ door, line }) => ({ id: door, lock: line, readers: [] }));
    writeFileSync(config, JSON.stringify({ doors }));
    const child = spawn(process.execPath, [GUARD, '--rest', config], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        said += bytes.toString();
      });
    }
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
  }

  locks(): GuardedLock[] {
    return DOOR_NAMES.map((door) => {
      const { line, activeLow, driver } = DOORS[door];
      const chip = this.#sim.path;
      const lockLine: LockLine =
        driver === 'gpio' ? { driver, chip, line, activeLow, bias: 'as-is' } : { driver, chip, line, activeLow };
      return { door, maxPulseMs: 10_000, line: lockLine };
    });
  }

  #unexport(): void {
    const number = String(this.#base + DOORS.sysfs.line);
    if (existsSync(join(SYSFS, `gpio${number}`))) writeFileSync(join(SYSFS, 'unexport'), number);
  }
}

/** A controller process. */
export class Holder {
  readonly child: ChildProcess;
  /** From its start until all doors were energised. */
  startMs = 0;
  #output = '';

  constructor(guest: Guest, argument: HoldArgument) {
    const program = process.argv[1] ?? '';
    this.child = spawn(process.execPath, [program, 'hold', JSON.stringify(argument)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.child.stdout?.on('data', (bytes: Buffer) => {
      this.#output += bytes.toString();
    });
    guest.after(async () => {
      const pids = [this.child.pid, this.guardPid()].filter((pid) => typeof pid === 'number');
      for (const pid of pids) kill(pid, 'SIGKILL');
      await guest.wait('controller and guard are gone', () => pids.every((pid) => !isAlive(pid)));
    });
  }

  heard(): string {
    return this.#output;
  }

  /** The guard that was up last. */
  guardPid(): number | null {
    const ups = this.#said().filter(({ say }) => say === 'up');
    return ups.at(-1)?.pid ?? null;
  }

  ups(): number {
    return this.#said().filter(({ say }) => say === 'up').length;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  killGuard(signal: NodeJS.Signals): void {
    const pid = this.guardPid();
    if (pid === null) throw new Error('there is no guard');
    kill(pid, signal);
  }

  guardIsAlive(): boolean {
    const pid = this.guardPid();
    return pid !== null && isAlive(pid);
  }

  #said(): z.infer<typeof Said>[] {
    const lines = this.#output.split('\n').slice(0, -1);
    return lines.map((line) => Said.parse(JSON.parse(line)));
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone.
  }
}

/** A process whose parent died stays a zombie where nobody reaps it. */
function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function baseOf(label: string): number {
  const chips = readdirSync(SYSFS).filter((name) => name.startsWith('gpiochip'));
  const chip = chips.find((name) => readFileSync(join(SYSFS, name, 'label'), 'utf8').trim() === label);
  if (chip === undefined) throw new Error(`no chip in ${SYSFS} is called ${label}`);
  return Number(readFileSync(join(SYSFS, chip, 'base'), 'utf8'));
}
