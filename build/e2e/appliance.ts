/**
 * A real unit for tests and benches: the bundled controller with its guard, in a folder of its own, on loopback.
 * Whoever starts one ends it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as z from 'zod';
import { SystemClock } from '../../device/clock/system.ts';
import { until } from '../../device/sim/wait.ts';
import { appFolder } from '../setup/app.mjs';
import { ROOT } from '../setup/runtime.mjs';
import { NODE_FLAGS } from '../start/node-flags.ts';
import { LONG_RUNNING_ENV } from './programs.ts';

export const DEMO_SITE = join(ROOT, 'resources/demo/site.json');

/** In an emulated machine a start takes half a minute, and longer where the emulator has little of a core. */
const PATIENCE_MS = 120_000;

const ASK_EVERY_MS = 20;

const clock = new SystemClock();

/** `develop` has simulated devices to play with; `genkan` is what is installed. */
export type Program = 'develop' | 'genkan';

const Health = z.object({
  status: z.string(),
  pid: z.int().optional(),
  revision: z.int().optional(),
  doors: z.array(z.object({ id: z.string(), state: z.string(), alarms: z.array(z.string()) })).default([]),
  devices: z.array(z.object({ id: z.string(), door: z.string(), ok: z.boolean(), detail: z.string() })).default([]),
});

const Event = z.looseObject({
  seq: z.int(),
  type: z.string(),
  of: z.int().nullable(),
  doorId: z.string().nullable(),
  direction: z.string().nullable(),
  result: z.looseObject({ granted: z.boolean(), reason: z.string(), memberId: z.string().nullable() }).nullable(),
  detail: z.record(z.string(), z.unknown()),
});
export type RecordedEvent = z.infer<typeof Event>;

/** A folder with a configuration and, beside it, all that the unit writes. */
export class UnitFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'genkan-unit-'));
  readonly config = join(this.path, 'genkan.config.json');
  readonly database = join(this.path, 'data/genkan.db');

  /** @param config what differs from a unit with the demo site on a free port */
  constructor(config: Readonly<Record<string, unknown>>) {
    this.configure(config);
  }

  configure(config: Readonly<Record<string, unknown>>): void {
    const base = { dataDir: 'data', listen: { port: 0 }, site: DEMO_SITE };
    writeFileSync(this.config, JSON.stringify({ ...base, ...config }));
  }

  /** The record as it is on disk now; empty before the first start. */
  events(): RecordedEvent[] {
    return this.query('SELECT body FROM event ORDER BY seq').map(({ body }) => Event.parse(JSON.parse(String(body))));
  }

  query(sql: string): Record<string, unknown>[] {
    const db = new Database(this.database, { readonly: true, fileMustExist: true });
    try {
      return z.array(z.record(z.string(), z.unknown())).parse(db.prepare(sql).all());
    } finally {
      db.close();
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running `genkan COMMAND`. */
export class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';

  constructor(program: Program, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [...NODE_FLAGS, join(appFolder(ROOT), `${program}.js`), ...args], {
      env: { ...LONG_RUNNING_ENV, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (text: Buffer) => {
      this.stdout += text.toString();
    });
    this.child.stderr?.on('data', (text: Buffer) => {
      this.stderr += text.toString();
    });
    this.ended = new Promise((resolve) => this.child.on('close', (code, signal) => resolve({ code, signal })));
  }
}

/** Runs a command to its end. */
export async function genkan(
  args: readonly string[],
  program: Program = 'develop',
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const running = new Running(program, args);
  running.child.stdin?.end();
  const { code } = await running.ended;
  return { code, stdout: running.stdout, stderr: running.stderr };
}

export class Appliance {
  readonly running: Running;
  readonly url: string;

  private constructor(running: Running, url: string) {
    this.running = running;
    this.url = url;
  }

  /** Starts a unit and waits until its page is up. Rejects with what it said when it ends instead. */
  static async start(
    folder: UnitFolder,
    options: { program?: Program; env?: Record<string, string> } = {},
  ): Promise<Appliance> {
    const running = new Running(options.program ?? 'develop', ['start', '--config', folder.config], options.env);
    let ended = false;
    void running.ended.then(() => {
      ended = true;
    });
    const line = await until('the address', () => /^Genkan: (http:\S+)$/m.exec(running.stdout) ?? ended, {
      withinMs: PATIENCE_MS,
      seen: () => running.stderr,
    });
    if (line === true) throw new Error(`the unit did not start: ${running.stderr}`);
    return new Appliance(running, String(line[1]));
  }

  get pid(): number {
    return Number(this.running.child.pid);
  }

  async health(): Promise<z.infer<typeof Health>> {
    const answer = await fetch(`${this.url}healthz`);
    return Health.parse(await answer.json());
  }

  /** Waits until `probe` likes what healthz says. */
  async healthy(
    what: string,
    probe: (health: z.infer<typeof Health>) => boolean = ({ status }) => status === 'ok',
  ): Promise<void> {
    let last = 'nothing';
    let asking = false;
    let liked = false;
    // Asked without a pause, the unit and who asks it would be busy with that alone.
    const askAgain = (): void => {
      clock.after('healthz again', ASK_EVERY_MS, () => {
        asking = false;
      });
    };
    await until(
      what,
      () => {
        if (!asking && !liked) {
          asking = true;
          this.health().then(
            (health) => {
              last = JSON.stringify(health);
              liked = probe(health);
              askAgain();
            },
            (error: unknown) => {
              last = String(error);
              askAgain();
            },
          );
        }
        return liked;
      },
      { withinMs: 15_000, seen: () => last },
    );
  }

  async demo(route: 'scan' | 'door', body: Readonly<Record<string, string>>): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${this.url}demo/${route}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return answer.status;
  }

  /** SIGTERM, as systemd would. */
  async stop(): Promise<Ended> {
    this.running.child.kill('SIGTERM');
    return this.running.ended;
  }

  async kill(): Promise<void> {
    this.running.child.kill('SIGKILL');
    await this.running.ended;
  }
}

/** The process ids of the guards that `pid` started. */
export function guardsOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return children === '' ? [] : children.split(' ').map(Number);
  } catch {
    return [];
  }
}
