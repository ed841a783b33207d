import type { ChildProcess } from 'node:child_process';
import type { Clock, Timer } from '../core/clock.ts';
import { LineSplitter, lineOf, parseFromGuard } from '../guard/parse.ts';
import { type FromGuard, LONGEST_PULSE_MS, MAX_LINE, type ToGuard } from '../guard/protocol.ts';
import { type GuardStart, startGuard } from './guard-start.ts';

/** A guard that lived this long died of something new: it is restarted at once. */
const STEADY_MS = 10_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** A board answers the guard within 1 s. */
const ANSWER_MS = 1_500;
/** How long after a command's end the guard may be silent about it. With a restart, the line rests within 2 s. */
const OVERDUE_MS = 1_000;
/** This process may have been stopped itself: it first reads what the guard has said meanwhile. */
const GRACE_MS = 250;
const STOP_MS = 1_000;
/**
 * A guard says `ready` 2 s after its start at the latest; the start itself may take its time on a slow card. Each one that
 * did not get there gives the next one twice the time: a machine that slow must not kill guards for ever.
 */
const START_MS = 10_000;
const LONGEST_START_MS = 80_000;
/** A guard that is asked whether it is there, while no command hangs on it, has more time: it may be a slow machine. */
const PONG_MS = 5_000;
const MOST_UNREAD_BYTES = 65_536;

type Said<Kind> = Extract<FromGuard, { say: Kind }>;

export interface GuardSink {
  /** The guard runs, what could be reached is at rest, commands are taken. */
  up(pid: number): void;
  /** It ended or could not be started; commands are refused until `up`. It is started again by itself. */
  down(detail: string): void;
  line(message: Said<'line'>): void;
  failed(message: Said<'failed'>): void;
  device(message: Said<'device'>): void;
  /** About an input or output on a board; left out where there is none. */
  readonly part?: (message: Said<'part'> | Said<'input'>) => void;
}

export interface GuardClientOptions extends Omit<Extract<ToGuard, { do: 'open' }>, 'do'> {
  readonly clock: Clock;
  /** How the guard is started. */
  readonly spawn: GuardStart;
}

interface Running {
  readonly child: ChildProcess;
  readonly since: number;
  /** Resolves when it has ended and all it said was read. */
  readonly ended: Promise<void>;
  readonly starting: Timer;
  up: boolean;
  heardMono: number;
}

/** What is expected of the guard for one door: to say something about `seq` by `byMono`. */
interface Expectation {
  readonly seq: number;
  /** When the command ends. */
  readonly endMono: number;
  /** It has said that the line is energised; what is missing is the end. */
  readonly answered: boolean;
  readonly byMono: number;
}

/** The controller's end of the guard: starts it, keeps it running, commands it. No call waits or throws. */
export class GuardClient {
  readonly #options: GuardClientOptions;
  readonly #open: string;
  readonly #expected = new Map<string, Expectation & { readonly timer: Timer }>();
  #sink: GuardSink | null = null;
  #running: Running | null = null;
  #restart: Timer | null = null;
  #pong: Timer | null = null;
  #pauseMs = 0;
  #startMs = START_MS;

  /** Throws when the locks are more than the protocol carries. */
  constructor(options: GuardClientOptions) {
    this.#options = options;
    const { locks, inputs = [], outputs = [] } = options;
    this.#open = lineOf({ do: 'open', locks, inputs, outputs });
    if (Buffer.byteLength(this.#open) > MAX_LINE) throw new RangeError('the locks are too many for the guard');
  }

  /** The running guard's process, if any. */
  pid(): number | null {
    return this.#running?.child.pid ?? null;
  }

  start(sink: GuardSink): void {
    if (this.#sink !== null) throw new Error('the guard was started twice');
    this.#sink = sink;
    this.#launch();
  }

  /** Answered by `line` or `failed`; by nothing when it only moves the end of a running command. */
  energise(door: string, seq: number, untilMono: number): void {
    const sent = this.#send({ do: 'energise', door, seq, until: untilMono });
    if (!sent) {
      this.#refuse(door, seq);
      return;
    }
    const now = this.#options.clock.mono();
    const endMono = Math.min(untilMono, now + LONGEST_PULSE_MS);
    const before = this.#expected.get(door);
    // What only moves the end of a running command is not answered.
    if (before?.answered) this.#expect(door, { seq, endMono, answered: true, byMono: endMono + OVERDUE_MS });
    else this.#expect(door, { seq, endMono, answered: false, byMono: before?.byMono ?? now + ANSWER_MS });
  }

  /**
   * Energises at `atMono`, at most 1 s from now, unless another command for the door comes before. Answered as `energise`,
   * then; the guard does it also where this process is too busy to.
   */
  energiseAt(door: string, seq: number, atMono: number, untilMono: number): void {
    if (!this.#send({ do: 'energise-at', door, seq, at: atMono, until: untilMono })) {
      this.#refuse(door, seq);
      return;
    }
    const endMono = Math.min(untilMono, atMono + LONGEST_PULSE_MS);
    const before = this.#expected.get(door);
    // Where the line is energised until then and beyond, its end is moved, which is not answered.
    const answered = before?.answered === true && before.endMono > atMono;
    this.#expect(door, { seq, endMono, answered, byMono: answered ? endMono + OVERDUE_MS : atMono + ANSWER_MS });
  }

  /** Asks the guard for a sign of life; one that gives none within 5 s is replaced. `heardMono` says when the last came. */
  check(): void {
    if (this.#pong !== null || !this.#send({ do: 'ping' })) return;
    const { clock } = this.#options;
    const hangs = (): void => {
      this.#pong = clock.after('guard hangs', GRACE_MS, () => this.#kill());
    };
    this.#pong = clock.after('guard answers ping', PONG_MS, hangs);
  }

  /** When the running guard last said anything; null: none is up. */
  heardMono(): number | null {
    return this.#running?.up ? this.#running.heardMono : null;
  }

  /** Answered by `line` or `failed`. */
  rest(door: string, seq: number): void {
    const sent = this.#send({ do: 'rest', door, seq });
    if (!sent) {
      this.#refuse(door, seq);
      return;
    }
    const now = this.#options.clock.mono();
    const byMono = Math.min(this.#expected.get(door)?.byMono ?? Number.POSITIVE_INFINITY, now + ANSWER_MS);
    this.#expect(door, { seq, endMono: now, answered: false, byMono });
  }

  /** What is no command to a lock, and isn't answered. False: the guard takes nothing now. */
  tell(message: Extract<ToGuard, { do: 'output' | 'plug' | 'wake' }>): boolean {
    return this.#send(message);
  }

  /** Everything to rest, then the guard ends: by itself within 1 s, or by force. */
  async stop(): Promise<void> {
    this.#sink = null;
    this.#restart?.cancel();
    this.#forgetExpected();
    const running = this.#running;
    this.#running = null;
    if (running === null) return;
    running.starting.cancel();
    running.child.stdin?.end(lineOf({ do: 'stop' }));
    const force = this.#options.clock.after('guard stop by force', STOP_MS, () => running.child.kill('SIGKILL'));
    await running.ended;
    force.cancel();
  }

  #launch(): void {
    const child = startGuard(this.#options.spawn);
    const ended = new Promise<void>((resolve) => {
      child.once('close', () => resolve());
      child.once('error', () => resolve());
    });
    const { clock } = this.#options;
    const starting = clock.after('guard start', this.#startMs, () => {
      this.#startMs = Math.min(2 * this.#startMs, LONGEST_START_MS);
      this.#kill();
    });
    const since = clock.mono();
    const running: Running = { child, since, ended, starting, up: false, heardMono: since };
    const splitter = new LineSplitter();
    this.#running = running;
    child.stdin.on('error', () => undefined);
    child.stdout.on('error', () => undefined);
    child.stdout.on('data', (bytes: Buffer) => {
      for (const line of splitter.feed(bytes)) this.#hear(running, line === null ? null : parseFromGuard(line));
    });
    child.once('error', (error) => this.#lost(running, `the guard could not be started: ${error.message}`));
    child.once('exit', (code, signal) => this.#lost(running, `the guard ended by ${signal ?? `exit status ${code}`}`));
    child.stdin.write(this.#open);
  }

  #lost(running: Running, detail: string): void {
    if (this.#running !== running) return;
    this.#running = null;
    running.starting.cancel();
    this.#forgetExpected();
    const { clock } = this.#options;
    if (clock.mono() - running.since >= STEADY_MS) this.#pauseMs = 0;
    this.#restart = clock.after('guard restart', this.#pauseMs, () => this.#launch());
    this.#pauseMs = Math.min(Math.max(FIRST_PAUSE_MS, 2 * this.#pauseMs), LONGEST_PAUSE_MS);
    this.#sink?.down(detail);
  }

  #hear(running: Running, message: FromGuard | null): void {
    if (this.#running !== running || message === null) return;
    running.heardMono = this.#options.clock.mono();
    switch (message.say) {
      case 'ready':
        running.up = true;
        this.#startMs = START_MS;
        running.starting.cancel();
        this.#sink?.up(message.pid);
        break;
      case 'line':
        this.#heardOf(message.door, message.seq, message.energised);
        this.#sink?.line(message);
        break;
      case 'failed':
        this.#heardOf(message.door, message.seq, false);
        this.#sink?.failed(message);
        break;
      case 'device':
        this.#sink?.device(message);
        break;
      case 'part':
      case 'input':
        this.#sink?.part?.(message);
        break;
      case 'pong':
        this.#forgetPong();
        break;
      default:
        message satisfies never;
    }
  }

  #heardOf(door: string, seq: number, energised: boolean): void {
    const expected = this.#expected.get(door);
    if (expected === undefined) return;
    if (energised) this.#expect(door, { ...expected, answered: true, byMono: expected.endMono + OVERDUE_MS });
    else if (seq >= expected.seq) this.#forget(door);
  }

  /** A guard that stays silent hangs: it is killed, and its successor begins with rest. */
  #expect(door: string, expectation: Expectation): void {
    const { clock } = this.#options;
    this.#forget(door);
    const wait = (name: string, ms: number, then: () => void): void => {
      this.#expected.set(door, { ...expectation, timer: clock.after(`${door} ${name}`, ms, then) });
    };
    wait('guard answers', expectation.byMono - clock.mono(), () => wait('guard hangs', GRACE_MS, () => this.#kill()));
  }

  #kill(): void {
    this.#running?.child.kill('SIGKILL');
  }

  #forget(door: string): void {
    this.#expected.get(door)?.timer.cancel();
    this.#expected.delete(door);
  }

  #forgetPong(): void {
    this.#pong?.cancel();
    this.#pong = null;
  }

  #forgetExpected(): void {
    this.#forgetPong();
    for (const door of [...this.#expected.keys()]) this.#forget(door);
  }

  #send(message: ToGuard): boolean {
    const running = this.#running;
    const stdin = running?.child.stdin;
    if (!running?.up || !stdin?.writable || stdin.writableLength > MOST_UNREAD_BYTES) return false;
    stdin.write(lineOf(message));
    return true;
  }

  #refuse(door: string, seq: number): void {
    // Soon, not within the caller's own call.
    queueMicrotask(() => this.#sink?.failed({ say: 'failed', door, seq, detail: 'the guard is not up' }));
  }
}
