/**
 * A network of its own between this machine and a program that runs in a namespace, with a cable that can be pulled: what
 * was connected hears nothing of it, as with a real one. Needs root.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { until } from '../../device/sim/wait.ts';

/** RFC 5737 would do for a text; this is a range that no house uses by itself. */
const NET = '10.78';
let made = 0;

export function ip(...args: readonly string[]): void {
  execFileSync('ip', [...args], { stdio: 'pipe' });
}

/** Whether this user may have namespaces. */
export function canNamespace(): boolean {
  if (process.getuid?.() !== 0) return false;
  const name = `gk${process.pid}t`;
  try {
    ip('netns', 'add', name);
    ip('netns', 'del', name);
    return true;
  } catch {
    return false;
  }
}

export class Namespace {
  readonly #name: string;
  readonly #outside: string;
  readonly #subnet: number;
  readonly #relays: ChildProcess[] = [];

  constructor() {
    made += 1;
    this.#name = `gk${process.pid}n${made}`;
    this.#outside = `gk${process.pid}v${made}`;
    this.#subnet = (process.pid + made) % 250;
    ip('netns', 'add', this.#name);
    ip('link', 'add', this.#outside, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.#name);
    ip('address', 'add', `${this.#address(1)}/24`, 'dev', this.#outside);
    ip('link', 'set', this.#outside, 'up');
    ip('-n', this.#name, 'address', 'add', `${this.#address(2)}/24`, 'dev', 'eth0');
    ip('-n', this.#name, 'link', 'set', 'lo', 'up');
    ip('-n', this.#name, 'link', 'set', 'eth0', 'up');
  }

  /** Words before a program's own, so that it runs inside. */
  get command(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#name];
  }

  /** Leads a port of loopback here over the cable to one of loopback inside. @returns the port here */
  async lead(inside: number): Promise<number> {
    const here = await freePort();
    const over = `${this.#address(2)}:${inside}`;
    const [program = '', ...rest] = this.command;
    const options = { stdio: 'ignore' } as const;
    const listen = (port: number, address: string) => `TCP-LISTEN:${port},bind=${address},fork,reuseaddr`;
    this.#relays.push(
      spawn(program, [...rest, 'socat', listen(inside, this.#address(2)), `TCP:127.0.0.1:${inside}`], options),
      spawn('socat', [listen(here, '127.0.0.1'), `TCP:${over},connect-timeout=5`], options),
    );
    await until('the relay', () => isListening(here), { withinMs: 10_000 });
    return here;
  }

  pull(): void {
    ip('-n', this.#name, 'link', 'set', 'eth0', 'down');
  }

  plug(): void {
    ip('-n', this.#name, 'link', 'set', 'eth0', 'up');
  }

  remove(): void {
    for (const relay of this.#relays) relay.kill('SIGKILL');
    ip('netns', 'del', this.#name);
  }

  #address(host: 1 | 2): string {
    return `${NET}.${this.#subnet}.${host}`;
  }
}

function isListening(port: number): boolean {
  try {
    return execFileSync('ss', ['-Hltn', `sport = :${port}`], { encoding: 'utf8' }).includes('LISTEN');
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
