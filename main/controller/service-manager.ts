/**
 * What the unit tells the service manager that started it (systemd's sd_notify): that it is ready, and that it is alive,
 * which it says only while its own loop turns and its guard answers. Nothing is told where nobody listens.
 */
import koffi from 'koffi';
import type { Clock, Timer } from '../core/clock.ts';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
/** Where the address of a socket keeps its path. */
const LONGEST_PATH = 107;

export interface ServiceManager {
  /** What it waits for a sign of life before it ends us; null: it doesn't watch. */
  readonly watchdogMs: number | null;
  /** Says `READY=1`, `WATCHDOG=1`, `STOPPING=1`. Neither waits nor throws: a lost message is an unsaid one. */
  tell(state: string): void;
}

/** @param env the process's own, where the manager leaves its address */
export function findServiceManager(
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
): ServiceManager | null {
  const path = env['NOTIFY_SOCKET'] ?? '';
  const bytes = Buffer.from(path.replace(/^@/, '\0'));
  if (!/^[/@]./.test(path) || bytes.length > LONGEST_PATH) return null;
  const send = openSender(bytes);
  if (send === null) return null;
  const watchesUs = env['WATCHDOG_PID'] === undefined || env['WATCHDOG_PID'] === String(pid);
  const watchdogMs = Number(env['WATCHDOG_USEC'] ?? 0) / 1_000;
  return { watchdogMs: watchesUs && watchdogMs > 0 ? watchdogMs : null, tell: send };
}

/** Node has no datagrams over Unix sockets. */
function openSender(path: Buffer): ((text: string) => void) | null {
  const libc = koffi.load('libc.so.6');
  const socket = libc.func('int socket(int domain, int type, int protocol)');
  const sendto = libc.func(
    'long sendto(int fd, const uint8_t *data, size_t length, int flags, const uint8_t *address, uint32_t size)',
  );
  const fd: unknown = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (typeof fd !== 'number' || fd < 0) return null;
  const family = new Uint8Array(Uint16Array.of(AF_UNIX).buffer);
  const address = Buffer.concat([family, path]);
  return (text) => {
    const data = Buffer.from(text);
    sendto(fd, data, data.length, MSG_DONTWAIT | MSG_NOSIGNAL, address, address.length);
  };
}

/** The guard, as far as its life is concerned. */
export interface GuardLife {
  /** Asks it for a sign of life. One that gives none is replaced. */
  check(): void;
  /** When the running guard last said anything; null: none is up. */
  heardMono(): number | null;
}

/** How often the guard is asked where nobody watches us. */
const UNWATCHED_MS = 5_000;

/**
 * Asks the guard for a sign of life at regular times, and passes it on to the service manager. When either stops, the
 * manager ends and starts both.
 */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #guard: GuardLife;
  readonly #manager: ServiceManager | null;
  readonly #everyMs: number;
  #timer: Timer | null = null;

  constructor(clock: Clock, guard: GuardLife, manager: ServiceManager | null) {
    this.#clock = clock;
    this.#guard = guard;
    this.#manager = manager;
    this.#everyMs = Math.min(UNWATCHED_MS, (manager?.watchdogMs ?? Number.POSITIVE_INFINITY) / 4);
  }

  start(): void {
    this.#manager?.tell('READY=1');
    this.#turn();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#manager?.tell('STOPPING=1');
  }

  #turn(): void {
    const heard = this.#guard.heardMono();
    const watchdogMs = this.#manager?.watchdogMs ?? null;
    const isRecent = heard !== null && watchdogMs !== null && this.#clock.mono() - heard <= watchdogMs / 2;
    if (isRecent) this.#manager?.tell('WATCHDOG=1');
    this.#guard.check();
    this.#timer = this.#clock.after('sign of life', this.#everyMs, () => this.#turn());
  }
}
