/** For tests: the real server over a simulated controller, plain HTTP requests, and the page's own client. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { WebSocket } from 'ws';
import { VirtualClock } from '../../device/clock/virtual.ts';
import type { ChooseInput, OutcomeMessage, PageMessage, ScanInput, StatusMessage } from '../contract/page.ts';
import { API_LIMITS, type ApiLimits } from './limits.ts';
import type { ApiEvent, ExtraRoute, HealthSource, MemberWays, PageSource } from './ports.ts';
import type { KioskRouter } from './router.ts';
import { type RunningServer, startBoundedServer } from './server.ts';
import type { StaffSource } from './staff-port.ts';
import { SimStaffSource } from './test-staff.ts';

/** Nothing but a code that changes each 20 s. */
export const SIM_WAYS: MemberWays = {
  placeCode: () => ({ codes: { app: 'GL1:CODE', url: null }, leftMs: 20_000, everyMs: 20_000 }),
  issue: () => ({ card: null, why: 'off' }),
  withdraw: () => false,
  carryOver: () => false,
};

export const STATUS: StatusMessage = {
  kind: 'status',
  version: '0.1.0',
  site: { name: 'みなとジム', timezone: 'Asia/Tokyo' },
  languages: ['ja', 'en'],
  helpPhone: null,
  reach: false,
  ways: { provisional: null, carryOver: null },
  clock: 'synced',
  doubt: null,
  store: 'works',
  degraded: false,
  hub: null,
  doors: [
    {
      id: 'front',
      name: '正面',
      state: 'locked',
      onDoubtfulClock: 'admit-open',
      onStoreFailure: 'refuse',
      alarms: [],
      camera: 'front-cam',
      wedge: null,
      placeCode: [],
    },
  ],
  devices: [],
  demo: null,
};

export function outcome(of: number): OutcomeMessage {
  return { kind: 'outcome', of, doorId: 'front', outcome: 'opened' };
}

/** A controller's page source: has the reader `front-cam`, and says what the test makes it say. */
export class SimPageSource implements PageSource {
  readonly listeners = new Set<(message: PageMessage) => void>();
  readonly scans: ScanInput[] = [];
  /** Taken where the ticket is `t`. */
  readonly choices: ChooseInput[] = [];
  current: StatusMessage = STATUS;
  /** A bug to throw from the next calls. */
  bug: Error | null = null;
  #waiting: (() => void)[] = [];

  status(): StatusMessage {
    return this.current;
  }

  subscribe(listener: (message: PageMessage) => void): () => void {
    this.listeners.add(listener);
    this.#changed();
    return () => {
      this.listeners.delete(listener);
      this.#changed();
    };
  }

  scan(input: ScanInput): boolean {
    if (this.bug !== null) throw this.bug;
    if (input.reader !== 'front-cam') return false;
    this.scans.push(input);
    return true;
  }

  readonly ways = SIM_WAYS;

  readonly calls: string[] = [];

  callStaff({ door }: { readonly door: string }): boolean {
    this.calls.push(door);
    return door === 'front';
  }

  choose(input: ChooseInput): boolean {
    if (input.ticketId !== 't') return false;
    this.choices.push(input);
    return true;
  }

  publish(message: PageMessage): void {
    for (const listener of [...this.listeners]) listener(message);
  }

  /** Resolves when exactly `count` listen. */
  async watchedBy(count: number): Promise<void> {
    while (this.listeners.size !== count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #changed(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

export interface TestServer extends AsyncDisposable {
  readonly running: RunningServer;
  readonly port: number;
  readonly page: SimPageSource;
  /** Unless the test brings its own. */
  readonly staff: SimStaffSource;
  readonly clock: VirtualClock;
  readonly log: ApiEvent[];
  readonly pageDir: string;
}

export interface TestServerSetup {
  readonly page?: PageSource;
  readonly staff?: StaffSource;
  readonly clock?: VirtualClock;
  readonly limits?: Partial<ApiLimits>;
  readonly health?: HealthSource;
  readonly routes?: readonly ExtraRoute[];
  /** The files of the built page; null: it isn't built. */
  readonly files?: Readonly<Record<string, string>> | null;
}

export const FILES = {
  'index.html': '<!doctype html><title>Genkan</title>',
  'assets/index-Ab3_d-9Z.js': 'export {};',
  'reader.wasm': '\0asm',
};

const HEALTHY: HealthSource = { health: () => ({ status: 200, body: { status: 'ok' } }) };

export async function startTestServer(setup: TestServerSetup = {}): Promise<TestServer> {
  const pageDir = mkdtempSync(join(tmpdir(), 'genkan-page-'));
  for (const [name, text] of Object.entries(setup.files === undefined ? FILES : (setup.files ?? {}))) {
    mkdirSync(join(pageDir, name, '..'), { recursive: true });
    writeFileSync(join(pageDir, name), text);
  }
  const page = new SimPageSource();
  const staff = new SimStaffSource();
  const clock = setup.clock ?? new VirtualClock();
  const log: ApiEvent[] = [];
  const started = await startBoundedServer(
    {
      host: '127.0.0.1',
      port: 0,
      pageDir,
      page: setup.page ?? page,
      staff: setup.staff ?? staff,
      health: setup.health ?? HEALTHY,
      routes: setup.routes ?? [],
      clock,
      log: (event) => log.push(event),
    },
    { ...API_LIMITS, ...setup.limits },
  );
  if (!started.ok) throw new Error(started.error.detail);
  const running = started.value;
  const stop = async () => {
    await running.close();
    rmSync(pageDir, { recursive: true });
  };
  return { running, port: running.address.port, page, staff, clock, log, pageDir, [Symbol.asyncDispose]: stop };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export function ask(port: number, path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.once('error', reject);
      res.once('end', () =>
        resolve({ status: res.statusCode ?? 0, headers: res.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
    req.once('error', reject);
    req.end(body);
  });
}

/** Sends bytes as they are; resolves with all that came back when the server has ended the connection. */
export function askRaw(port: number, bytes: string, onSocket: (socket: Socket) => void = () => {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.once('error', () => resolve(text));
    socket.once('close', () => resolve(text));
    onSocket(socket);
  });
}

/** Loads the page, as a browser does. @returns the cookie to send back */
export async function loadPage(port: number): Promise<string> {
  const { headers } = await ask(port, '/');
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

export function socketHeaders(port: number, cookie: string): { host: string; origin: string; cookie: string } {
  return { host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}`, cookie };
}

/** A bare WebSocket with a session. Resolves when it is open. */
export async function openSocket(port: number, cookie?: string): Promise<WebSocket> {
  const headers = socketHeaders(port, cookie ?? (await loadPage(port)));
  const socket = new WebSocket(`ws://127.0.0.1:${port}/trpc`, { headers });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => {});
  return socket;
}

export function closed(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    if (socket.readyState === WebSocket.CLOSED) resolve(1006);
    socket.once('close', (code) => resolve(code));
  });
}

interface Reply {
  readonly id: number | null;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** The messages of a WebSocket, one at a time. */
export function replies(socket: WebSocket): () => Promise<Reply> {
  const arrived: Reply[] = [];
  let wake: () => void = () => {};
  socket.on('message', (data) => {
    arrived.push(JSON.parse(String(data)));
    wake();
  });
  return async () => {
    for (;;) {
      const next = arrived.shift();
      if (next !== undefined) return next;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}

/** The typed client that the page uses, with the page's cookie. */
export async function openClient(port: number) {
  const headers = socketHeaders(port, await loadPage(port));
  class PageWebSocket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, { headers });
    }
  }
  const socket = createWSClient({
    url: `ws://127.0.0.1:${port}/trpc`,
    // The ws package's class is what a browser's is, for all that the client asks of it.
    WebSocket: PageWebSocket as unknown as typeof globalThis.WebSocket,
    retryDelayMs: () => 0,
  });
  const client = createTRPCClient<KioskRouter>({ links: [wsLink({ client: socket })] });
  return { client, [Symbol.asyncDispose]: () => socket.close() };
}

/** Collects what `watch` sends. */
export function watchAll(client: Awaited<ReturnType<typeof openClient>>['client']) {
  const messages: PageMessage[] = [];
  const waiting: (() => void)[] = [];
  const subscription = client.watch.subscribe(undefined, {
    onData: (message) => {
      messages.push(message);
      for (const resolve of waiting.splice(0)) resolve();
    },
  });
  return {
    messages,
    stop: () => subscription.unsubscribe(),
    /** Resolves when `count` messages are there. */
    atLeast: async (count: number) => {
      while (messages.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
