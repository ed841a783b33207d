/** The program of the guest: runs one suite and tells the host, check by check. */
import { spawnSync } from 'node:child_process';
import { createReadStream, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SystemClock } from '../../../device/clock/system.ts';
import { type FromGuest, Lines, ToGuest, type Wish } from '../talk.ts';
import type { Check, Guest } from './check.ts';
import { holdDoors } from './holder.ts';
import { SUITES } from './suites.ts';
import { until } from './wait.ts';

const PORTS = '/sys/class/virtio-ports';
const LIMIT_MS = 80_000;
const LONGEST_DETAIL = 4_000;

class Host {
  readonly #file = openSync(join('/dev', portName()), 'r+');
  readonly #waiting = new Map<number, (answer: string) => void>();
  #wishes = 0;

  constructor() {
    const lines = new Lines();
    createReadStream('', { fd: this.#file, autoClose: false }).on('data', (bytes) => {
      for (const line of lines.feed(bytes.toString())) {
        const { id, answer } = ToGuest.parse(JSON.parse(line));
        this.#waiting.get(id)?.(answer);
      }
    });
  }

  say(message: FromGuest): void {
    writeSync(this.#file, `${JSON.stringify(message)}\n`);
  }

  wish(wish: Wish): Promise<string> {
    const id = this.#wishes;
    this.#wishes += 1;
    this.say({ say: 'wish', id, wish });
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }
}

/** There is no udev to give it its name. */
function portName(): string {
  const port = readdirSync(PORTS).find((name) => readFileSync(join(PORTS, name, 'name'), 'utf8').trim() === 'talk');
  if (port === undefined) throw new Error('the machine has no port to its host');
  return port;
}

async function runCheck({ name, run }: Check, host: Host, clock: SystemClock): Promise<void> {
  const began = clock.mono();
  const cleanUps: (() => void | Promise<void>)[] = [];
  const guest: Guest = {
    clock,
    modprobe,
    wish: (wish) => host.wish(wish),
    wait: (what, probe, options) => until(clock, what, probe, options),
    after: (cleanUp) => cleanUps.unshift(cleanUp),
    resetIsDue: (withinMs, sign) => host.say({ say: 'reset-due', name, withinMs, sign }),
  };
  const troubles: unknown[] = [];
  await Promise.race([run(guest), limit(clock)]).catch((error: unknown) => troubles.push(error));
  for (const cleanUp of cleanUps) {
    await Promise.race([cleanUp(), limit(clock)]).catch((error: unknown) => troubles.push(error));
  }
  const detail = troubles.map((trouble) => (trouble instanceof Error ? trouble.stack : String(trouble))).join('\n');
  const ok = troubles.length === 0;
  host.say({ say: 'result', name, ok, ms: clock.mono() - began, detail: detail.slice(0, LONGEST_DETAIL) });
}

function limit(clock: SystemClock): Promise<never> {
  return new Promise((_resolve, reject) => {
    clock.after('check limit', LIMIT_MS, () => reject(new Error(`not done after ${LIMIT_MS} ms`)));
  });
}

const modprobe: Guest['modprobe'] = (...modules) => {
  const root = process.env['HIL_ROOT'] ?? '/';
  for (const module of modules) {
    const words = typeof module === 'string' ? [module] : module;
    const { status, stderr } = spawnSync('modprobe', ['-d', root, ...words], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`modprobe ${words.join(' ')}: ${stderr}`);
  }
};

async function runSuite(name: string): Promise<void> {
  const suite = SUITES.find((one) => one.name === name);
  if (suite === undefined) throw new Error(`there is no suite ${name}`);
  const host = new Host();
  const clock = new SystemClock();
  host.say({ say: 'plan', names: suite.checks.map((check) => check.name) });
  for (const check of suite.checks) await runCheck(check, host, clock);
  host.say({ say: 'end' });
}

const [what = '', argument = ''] = process.argv.slice(2);
if (what === 'hold') holdDoors(argument);
else await runSuite(what);
