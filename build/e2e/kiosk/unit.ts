/** The real page in a real browser, from the real server; what stands behind the server is a strict stand-in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { SystemClock } from '../../../device/clock/system.ts';
import { type DemoControls, demoRoutes } from '../../../main/api/demo.ts';
import type { MemberWays, PageSource } from '../../../main/api/ports.ts';
import { type RunningServer, startServer } from '../../../main/api/server.ts';
import { SimStaffSource } from '../../../main/api/test-staff.ts';
import type { IssueOutput, PlaceCodeOutput } from '../../../main/contract/member-ways.ts';
import { type ChooseInput, PageMessage, type ScanInput, type StatusMessage } from '../../../main/contract/page.ts';
import type { PageName } from '../../page/make.ts';
import { pagePart } from '../../page/part.ts';
import { ROOT } from '../../setup/runtime.mjs';
import { isBuilt } from '../../start/built.ts';
import { fakeCameraFlags } from '../camera-frames.ts';
import { type KioskScene, NOW, STATUS } from './scenes.ts';

/** As long as real ones. */
const SHOWN_CODE = `GL1:${'8UADZCKFEOEDJOD2KC54EM-DX.CH8F'.repeat(5).slice(0, 139)}`;
const SHOWN_URL = `https://genkan.example.jp/in?c=${'hW6qMq3vTb0ZmWVkZnJvbnQaZx8'.repeat(5).slice(0, 127)}`;

const PLACE_CODE: PlaceCodeOutput = { codes: { app: SHOWN_CODE, url: SHOWN_URL }, leftMs: 20_000, everyMs: 20_000 };
const ISSUED: IssueOutput = {
  card: { number: 'P-4K7M-22Q9', code: 'GK4K7M22Q9ABCDEFGHJKMNPQRSTV', until: NOW + 29 * 86_400_000 },
  why: null,
};

/** A controller that says what the test makes it say, and nothing that the contract doesn't have. */
export class StandInController implements PageSource, DemoControls {
  readonly scans: ScanInput[] = [];
  readonly handled: string[] = [];
  readonly choices: ChooseInput[] = [];
  /** True: nothing can be done at the simulated door, and no ticket is on offer any more. */
  refuses = false;
  #status: StatusMessage = STATUS;
  readonly #listeners = new Set<(message: PageMessage) => void>();

  status(): StatusMessage {
    return this.#status;
  }

  subscribe(listener: (message: PageMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  scan(input: ScanInput): boolean;
  scan(reader: string, code: string): 'taken' | 'no-such-reader';
  scan(input: ScanInput | string, code?: string): boolean | 'taken' | 'no-such-reader' {
    if (typeof input !== 'string') {
      this.scans.push(input);
      return true;
    }
    this.handled.push(`scan ${input} ${code}`);
    return this.#status.demo?.readers.includes(input) === true ? 'taken' : 'no-such-reader';
  }

  /** What members asked for besides, in words of the calls. */
  readonly asked: unknown[] = [];
  #placeCode: PlaceCodeOutput = PLACE_CODE;
  #issued: IssueOutput = ISSUED;
  readonly ways: MemberWays = {
    placeCode: () => this.#placeCode,
    issue: (input) => {
      this.asked.push({ issue: input });
      return this.#issued;
    },
    withdraw: (input) => {
      this.asked.push({ withdraw: input });
      return !this.refuses;
    },
    carryOver: (input) => {
      this.asked.push({ carryOver: input });
      return !this.refuses;
    },
  };

  /** Says what members get who ask; left out: as ever. */
  answer({ placeCode = PLACE_CODE, issued = ISSUED }: KioskScene['answers'] = {}): void {
    this.#placeCode = placeCode;
    this.#issued = issued;
  }

  readonly staffCalls: string[] = [];

  callStaff({ door }: { readonly door: string }): boolean {
    this.staffCalls.push(door);
    return !this.refuses;
  }

  choose(input: ChooseInput): boolean {
    this.choices.push(input);
    return !this.refuses;
  }

  door(id: string, act: string): 'done' | 'nothing-to-do' | 'no-such-door' {
    this.handled.push(`door ${id} ${act}`);
    return this.refuses ? 'nothing-to-do' : 'done';
  }

  say(message: PageMessage): void {
    const said = PageMessage.parse(message);
    if (said.kind === 'status') this.#status = said;
    for (const listener of [...this.#listeners]) listener(said);
  }

  /** What no controller says. */
  sayWrong(message: unknown): void {
    for (const listener of [...this.#listeners]) listener(message as PageMessage);
  }

  be(change: Partial<StatusMessage>): void {
    this.say({ ...this.#status, ...change });
  }
}

export interface Unit extends AsyncDisposable {
  readonly controller: StandInController;
  /** From now on another controller and other staff stand behind the address: they know nothing of what was. */
  renew(): void;
  readonly url: string;
  /** Takes the controller away; `return` on the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** The page as it stands in `dist`; where the sources are newer, built into a folder of its own. */
export async function builtPage(name: PageName): Promise<{ readonly dir: string } & Disposable> {
  if (isBuilt(pagePart(name))) return { dir: join(ROOT, 'dist', name), [Symbol.dispose]: () => undefined };
  const { buildPage } = await import('../../page/make.ts');
  const dir = mkdtempSync(join(tmpdir(), 'genkan-page-'));
  await buildPage(name, dir);
  return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}

export async function startUnit(pageDir: string, status: Partial<StatusMessage> = {}): Promise<Unit> {
  const newController = (): StandInController => {
    const made = new StandInController();
    made.say({ ...STATUS, ...status });
    return made;
  };
  let controller = newController();
  let staff = new SimStaffSource();
  const behind = asOf(() => controller);
  const listen = async (port: number): Promise<RunningServer> => {
    const started = await startServer({
      host: '127.0.0.1',
      port,
      pageDir,
      page: behind,
      staff: asOf(() => staff),
      health: { health: () => ({ status: 200, body: { status: 'ok' } }) },
      routes: demoRoutes(behind),
      clock: new SystemClock(),
      log: () => undefined,
    });
    if (!started.ok) throw new Error(started.error.detail);
    return started.value;
  };
  let running: RunningServer | null = await listen(0);
  const { url, port } = running.address;
  const stop = async (): Promise<void> => {
    await running?.close();
    running = null;
  };
  const start = async (): Promise<void> => {
    running = await listen(port);
  };
  const renew = (): void => {
    controller = newController();
    staff = new SimStaffSource();
  };
  return {
    get controller() {
      return controller;
    },
    ...{ url, renew, stop, start, [Symbol.asyncDispose]: stop },
  };
}

/** Whatever is asked of it is asked of what `now` gives then. */
function asOf<T extends object>(now: () => T): T {
  return new Proxy(now(), {
    get: (_first, key) => {
      const one = now();
      const value: unknown = Reflect.get(one, key);
      return typeof value === 'function' ? value.bind(one) : value;
    },
  });
}

export interface BrowserSetup {
  /** A film that the camera shows; null: no camera is plugged in. */
  readonly film?: string | null;
}

export function openBrowser({ film = null }: BrowserSetup = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...fakeCameraFlags(film), '--autoplay-policy=no-user-gesture-required'],
  });
}
