/**
 * A real hub for tests: its program in a process of its own on loopback, over SQLite in a folder unless its environment
 * says otherwise, and `hubctl`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../device/sim/wait.ts';
import { type HubClient, hubClient } from '../../sync/hub/ctl/client.ts';
import { readProfile } from '../../sync/hub/ctl/profile.ts';
import { hubArgs, hubctlArgs, LONG_RUNNING_ENV, PROGRAM_ENV } from './programs.ts';

export const TENANT = 'club';

/** Where a hub in a namespace runs, and how it is reached from here. */
export interface Elsewhere {
  /** Words before the program's own. */
  readonly command: readonly string[];
  /** Its port there. */
  readonly port: number;
  /** The port here that leads to it. */
  readonly reachedAt: number;
}

export class HubProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'genkan-hub-'));
  readonly #env: Readonly<Record<string, string>>;
  readonly #elsewhere: Elsewhere | null;
  #child: ChildProcess | null = null;
  #port = 0;
  url = '';
  /** What it has printed since its last start. */
  log = '';

  /** @param env what differs from a hub over SQLite in `folder` */
  constructor(env: Readonly<Record<string, string>> = {}, elsewhere: Elsewhere | null = null) {
    this.#env = env;
    this.#elsewhere = elsewhere;
    this.#port = elsewhere?.port ?? 0;
  }

  get port(): number {
    return this.#elsewhere?.reachedAt ?? this.#port;
  }

  /** Calls as whoever claimed it, without a process for each. */
  get calls(): HubClient {
    const profile = readProfile(join(this.folder, 'profile.json'));
    if (!profile.ok) throw new Error(profile.error);
    return hubClient(profile.value.url, profile.value.token);
  }

  /** Starts it; again on the port that it had. */
  async start(): Promise<string> {
    const own = { ...LONG_RUNNING_ENV, HUB_DATA: this.folder, HUB_PORT: String(this.#port) };
    const env = { ...own, ...this.#env };
    const words = [...(this.#elsewhere?.command ?? []), process.execPath, ...hubArgs()];
    const [program = '', ...args] = words;
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.log = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => {
        this.log += text.toString();
      });
    const line = await until('the hub', () => /^Genkan hub: (http:\S+)$/m.exec(this.log), {
      withinMs: 30_000,
      seen: () => this.log,
    });
    this.#port = Number(new URL(String(line[1])).port);
    this.url = `http://127.0.0.1:${this.port}/`;
    return this.log;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** The first start: an operator, a tenant, its site. */
  async found(site: unknown): Promise<void> {
    const said = await this.start();
    const code = /one-time admin code: (\S+)/.exec(said)?.[1] ?? '';
    await this.ctl('claim', this.url, code, 'ana');
    await this.ctl('tenant', 'create', TENANT, 'Club');
    const file = join(this.folder, 'site.json');
    writeFileSync(file, JSON.stringify(site));
    await this.ctl('site', 'import', file);
  }

  /** Rows as `hubctl entity put` takes them. */
  async put(...changes: readonly unknown[]): Promise<void> {
    const file = join(this.folder, 'rows.json');
    writeFileSync(file, JSON.stringify(changes));
    await this.ctl('entity', 'put', file);
  }

  /** @returns what it printed; rejects with what it complained of */
  async ctl(...args: readonly string[]): Promise<string> {
    const { code, out, complaint } = await this.tryCtl(...args);
    if (code !== 0) throw new Error(`hubctl ${args[0] ?? ''}: ${complaint}`);
    return out;
  }

  async tryCtl(
    ...args: readonly string[]
  ): Promise<{ readonly code: number | null; readonly out: string; readonly complaint: string }> {
    const env = { ...PROGRAM_ENV, HUBCTL_PROFILE: join(this.folder, 'profile.json') };
    const child = spawn(process.execPath, [...hubctlArgs(), '--tenant', TENANT, ...args], { env });
    let [out, complaint] = ['', ''];
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      complaint += text.toString();
    });
    child.stdin.end();
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, out, complaint };
  }

  kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.on('close', () => resolve());
      child.kill(signal);
    });
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
