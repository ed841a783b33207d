// Two units on a real network of their own: they find each other by mDNS, prove themselves over TLS, and share what they
// count; the cable is pulled and put back. Needs root, for network namespaces.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { canNamespace, ip } from '../../../build/e2e/namespace.ts';

const ROOT = canNamespace();
const NAMES = [`gk${process.pid}a`, `gk${process.pid}b`];
const SWITCH = `gk${process.pid}s`;
const DAY = 20_776;

interface Told {
  readonly unit: string;
  readonly key: string;
  readonly usage: number;
  readonly heard: number;
  readonly digest: string;
}

class Door {
  readonly told: Partial<Told>[] = [];
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(name: string, address: string) {
    const program = join(import.meta.dirname, 'test-door.ts');
    this.#child = spawn('ip', ['netns', 'exec', name, process.execPath, program, address]);
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.told.push(JSON.parse(line)));
    this.#child.stderr.on('data', (data) => this.log.push(String(data)));
  }

  readonly log: string[] = [];

  say(order: object): void {
    this.#child.stdin.write(`${JSON.stringify(order)}\n`);
  }

  get last(): Partial<Told> {
    return Object.assign({}, ...this.told);
  }

  async until(check: (last: Partial<Told>) => boolean, timeout = 60_000): Promise<void> {
    await expect.poll(() => check(this.last), { timeout, interval: 50, message: this.log.join('') }).toBe(true);
  }

  end(): void {
    this.#child.stdin.end();
  }
}

/** A switch in a namespace of its own, so that nothing of the machine is touched. */
function wire(): void {
  ip('netns', 'add', SWITCH);
  ip('-n', SWITCH, 'link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0');
  ip('-n', SWITCH, 'link', 'set', 'br0', 'up');
  for (const [index, name] of NAMES.entries()) {
    ip('netns', 'add', name);
    ip('-n', name, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', `port${index}`, 'netns', SWITCH);
    ip('-n', SWITCH, 'link', 'set', `port${index}`, 'master', 'br0', 'up');
    ip('-n', name, 'address', 'add', `10.77.0.${index + 1}/24`, 'dev', 'eth0');
    ip('-n', name, 'link', 'set', 'lo', 'up');
    ip('-n', name, 'link', 'set', 'eth0', 'up');
  }
}

afterAll(() => {
  if (!ROOT) return;
  for (const name of [...NAMES, SWITCH]) {
    try {
      ip('netns', 'del', name);
    } catch {
      // It was never made.
    }
  }
});

test.skipIf(!ROOT)('found, shared, cut, healed (skipped without root: network namespaces)', async () => {
  wire();
  const doors = NAMES.map((name, index) => new Door(name, `10.77.0.${index + 1}`));
  const [a, b] = doors;
  if (a === undefined || b === undefined) throw new Error('two doors');
  for (const door of doors) await door.until(({ key }) => key !== undefined);
  const units = doors.map(({ last }) => ({ unit: last.unit, name: 'door', key: last.key }));
  for (const door of doors) door.say({ do: 'begin', roster: { sites: [{ site: 'home', units }] } });
  for (const door of doors) await door.until(({ heard }) => heard === 1);

  a.say({ do: 'count', memberId: 'ann', day: DAY });
  await b.until(({ usage }) => usage === 1);

  ip('-n', SWITCH, 'link', 'set', 'port0', 'down');
  for (const door of doors) await door.until(({ heard }) => heard === 0);
  a.say({ do: 'count', memberId: 'bob', day: DAY });
  b.say({ do: 'count', memberId: 'bob', day: DAY });
  b.say({ do: 'count', memberId: 'bob', day: DAY + 1 });
  ip('-n', SWITCH, 'link', 'set', 'port0', 'up');
  for (const door of doors) await door.until(({ usage }) => usage === 3);
  for (const door of doors) door.say({ do: 'tell' });
  await a.until(({ digest }) => digest === b.last.digest && digest !== undefined);
  for (const door of doors) door.end();
});
