/** `door.scan_to_relay`: last byte of a code on the serial line → first byte of the relay command, as installed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { SystemClock } from '../../device/clock/system.ts';
import { Pty } from '../../device/sim/pty.ts';
import { until } from '../../device/sim/wait.ts';
import type { Timer } from '../../main/core/clock.ts';
import { Appliance, type UnitFolder } from '../e2e/appliance.ts';
import { codeOf } from './data.ts';
import { quantile, type Row, rowOf } from './row.ts';

const TRIALS = 300;
const WARM_UP = 30;
/** Short, so that many trials fit, and long enough that no stall of the machine outlasts a command. */
const PULSE_MS = 100;

/** A pair of lines with a program between them. */
export class Bench {
  readonly #clock = new SystemClock();
  readonly scanner: Pty;
  readonly relay: Pty;

  constructor(scanner: Pty, relay: Pty) {
    this.scanner = scanner;
    this.relay = relay;
  }

  static async make(name: string): Promise<Bench> {
    const clock = new SystemClock();
    return new Bench(await Pty.make(clock, `${name}-scanner`), await Pty.make(clock, `${name}-relay`));
  }

  /** Milliseconds from sending the code to the relay's first byte; resolves once the relay rests again. */
  async trial(code: string): Promise<number> {
    const before = this.relay.recorded.length;
    const sent = this.#clock.mono();
    this.scanner.send(`${code}\r`);
    const bytes = () => this.relay.recorded.slice(before).reduce((sum, { bytes }) => sum + bytes.length, 0);
    await until('both frames of a pulse', () => bytes() >= 8, { seen: () => this.relay.hex().slice(-60) });
    return (this.relay.recorded[before]?.mono ?? Number.NaN) - sent;
  }

  async remove(): Promise<void> {
    await this.scanner.remove();
    await this.relay.remove();
  }
}

export function doorConfig(scanner: string, relay: string, pulseMs = PULSE_MS): object {
  return {
    id: 'front',
    pulseMs,
    repeatMs: 0,
    lock: { driver: 'serial-relay', path: relay },
    readers: [
      { id: 'front-in', driver: 'serial', path: scanner },
      { id: 'front-cam', driver: 'camera' },
    ],
  };
}

/** A page that watches, as the unit's own screen does all day. */
export async function connectPage(url: string): Promise<WebSocket> {
  const document = await fetch(url);
  const cookie = document.headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`${url.replace('http', 'ws')}trpc`, { headers: { cookie, origin: url.slice(0, -1) } });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'watch' } }));
  return socket;
}

export async function benchDoor(makeFolder: (doors: readonly object[]) => UnitFolder): Promise<Row[]> {
  const [ours, echoes] = [await Bench.make('ours'), await Bench.make('echo')];
  const folder = makeFolder([doorConfig(ours.scanner.path, ours.relay.path)]);
  const unit = await Appliance.start(folder, { program: 'genkan' });
  const echo = await startEcho(echoes, join(folder.path, 'echo.db'));
  const page = await connectPage(unit.url);
  const stopPolling = pollHealth(unit);
  try {
    await unit.healthy('the unit is ok');
    const [candidate, reference]: [number[], number[]] = [[], []];
    for (let trial = 0; trial < TRIALS + WARM_UP; trial += 1) {
      // Every fifth member has an open plan and is admitted at any hour.
      const first = await ours.trial(codeOf(trial * 5 + 2));
      const second = await echoes.trial('C0000000');
      if (trial < WARM_UP) continue;
      candidate.push(first);
      reference.push(second);
    }
    return [row('p50', 0.5, 1.4, candidate, reference), row('p99', 0.99, 1.5, candidate, reference)];
  } finally {
    stopPolling();
    page.close();
    await unit.stop();
    echo.stdin?.end();
    await ours.remove();
    await echoes.remove();
  }
}

/** Asks healthz once a second, as whoever watches the unit does. Returns how to stop. */
function pollHealth(unit: Appliance): () => void {
  const clock = new SystemClock();
  let asked: Timer;
  const ask = (): void => {
    asked = clock.after('healthz', 1_000, () => void unit.health().then(ask, () => undefined));
  };
  ask();
  return () => asked.cancel();
}

function row(name: string, at: number, most: number, candidate: readonly number[], reference: readonly number[]): Row {
  const measured = { value: quantile(candidate, at), reference: quantile(reference, at) };
  return rowOf(
    { name: `door.scan_to_relay.${name}`, unit: 'ms', ...measured },
    { text: `<= ${most}x serial echo + one durable commit`, holds: (_, ratio) => ratio !== null && ratio <= most },
  );
}

async function startEcho({ scanner, relay }: Bench, database: string): Promise<ChildProcess> {
  const program = join(import.meta.dirname, 'echo.ts');
  const child = spawn(process.execPath, [program, scanner.path, relay.path, database], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let ready = false;
  child.stdout.once('data', () => {
    ready = true;
  });
  await until('the echo runs', () => ready);
  return child;
}
