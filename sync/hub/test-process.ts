/** The hub as it is run: a process of its own, with its own environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hubArgs, LONG_RUNNING_ENV } from '../../build/e2e/programs.ts';
import { SystemClock } from '../../device/clock/system.ts';
import { Call, type CallOptions, Identity, pairMessage } from '../conformance/unit.ts';
import { type HubClient, hubClient } from './ctl/client.ts';

export const clock = new SystemClock();
const PATIENCE_MS = 30_000;

export class HubProcess {
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | null = null;
  #said = '';
  errors = '';
  code = '';
  url = '';

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Resolves when it listens. A second start takes the port of the first. */
  async start(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    const env = { ...LONG_RUNNING_ENV, HUB_PORT: port, ...this.#env };
    const child = spawn(process.execPath, [...hubArgs()], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#said = '';
    child.stdout.on('data', (data) => {
      this.#said += String(data);
    });
    child.stderr.on('data', (data) => {
      this.errors += String(data);
    });
    await until(() => this.#said.includes('://') || child.exitCode !== null, 'the hub’s line');
    this.code = /code: (\S+)/.exec(this.#said)?.[1] ?? this.code;
    this.url = /(https?:\S+)/.exec(this.#said)?.[1] ?? '';
  }

  /** @returns its exit status, or the signal's name */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | string> {
    const child = this.#child;
    if (child === null) return 0;
    this.#child = null;
    if (child.exitCode !== null) return child.exitCode;
    const ended = new Promise<number | string>((resolve) => {
      child.once('close', (code, by) => resolve(code ?? by ?? 'gone'));
    });
    child.kill(signal);
    return ended;
  }

  exit(): Promise<number> {
    const child = this.#child;
    return new Promise((resolve) => {
      if (child === null || child.exitCode !== null) resolve(child?.exitCode ?? 0);
      else child.once('close', (code) => resolve(code ?? 0));
    });
  }

  /** As the hub's operator, by the one-time code. */
  async claim(): Promise<HubClient> {
    const { token } = await hubClient(this.url, null).setup.claim.mutate({ code: this.code, person: 'Ana' });
    return hubClient(this.url, token);
  }

  get unitUrl(): string {
    return this.url.replace(/^http/, 'ws').replace(/\/$/, '/v1/unit');
  }

  call(options: Partial<CallOptions> = {}): Call {
    return new Call(this.unitUrl, { clock, waitMs: PATIENCE_MS, ca: null, subprotocol: 'genkan.1', ...options });
  }
}

export async function until(look: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = clock.mono() + PATIENCE_MS;
  while (!(await look())) {
    if (clock.mono() > deadline) throw new Error(`waited for ${what}`);
    await new Promise<void>((resolve) => {
      clock.after(what, 20, resolve);
    });
  }
}

/** A folder for what a test's hubs keep. */
export function dataFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'genkan-hub-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Makes the tenant where it isn't there, and codes for units of one site. */
export async function codesFor(admin: HubClient, tenant: string, count: number): Promise<string[]> {
  const known = await admin.tenants.list.query({});
  if (!known.some(({ id }) => id === tenant)) await admin.tenants.create.mutate({ id: tenant, name: tenant });
  const codes: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const { code } = await admin.pairing.create.mutate({ tenant, site: 'tokyo', name: `unit ${at}` });
    codes.push(code.replaceAll('-', ''));
  }
  return codes;
}

/** A new unit of the tenant, paired over the network. */
export async function paired(hub: HubProcess, admin: HubClient, tenant = 'gym'): Promise<Identity> {
  const [code = ''] = await codesFor(admin, tenant, 1);
  const identity = new Identity();
  const call = hub.call();
  call.send(await pairMessage(call, identity, code));
  await call.next('paired');
  call.end();
  return identity;
}
