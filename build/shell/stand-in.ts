/**
 * Stands in for Electron where its binary can't be had: the part of its API that the shell uses (the compiler compares
 * both with Electron's own types), over a real Chromium. What a browser can't show is only recorded; what that leaves
 * untested is said in `main/shell/NOTES.md`.
 */
import { EventEmitter } from 'node:events';
import { type Browser, type BrowserContext, chromium, type Frame, type Page, type Request } from 'playwright-core';
import type { Caller, ShellElectron, WindowOptions } from '../../main/shell/electron.ts';
import { QUIET_FLAGS } from '../e2e/chromium.ts';
import { noUses, recorded, type Uses } from './recorder.ts';
import { Attempt, StandInContents, type Wall } from './stand-in-contents.ts';
import { StandInSession } from './stand-in-session.ts';

export interface StandInOptions {
  readonly browser: Promise<Browser>;
  /** The bundled shell's folder. */
  readonly appPath: string;
  /** The command line, without the dashes. */
  readonly switches?: Readonly<Record<string, string>>;
  readonly packaged?: boolean;
  /** False: another shell runs already. */
  readonly first?: boolean;
  readonly wallsDown?: readonly Wall[];
  /** Gives every frame `rawIpc(channel, …args)`, as a renderer that was taken over would have it. */
  readonly rawIpc?: boolean;
  readonly onQuit?: () => void;
}

type Handler = Parameters<ShellElectron['ipcMain']['handle']>[1];

/** Flags for any machine that tests; none of them is the shell's. The camera is Chromium's test picture. */
const CHROMIUM_FLAGS = ['--headless', ...QUIET_FLAGS, '--use-fake-device-for-media-stream'];

const CONTENTS_ID = 7;

/** With a new folder of its own for its data. The caller closes it. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: CHROMIUM_FLAGS });
}

/** Null where the page is just coming into being, as only a popup's is when it asks for something. */
function pageOf(request: Request): Page | null {
  try {
    return request.frame().page();
  } catch {
    return null;
  }
}

class StandInWindow extends EventEmitter {
  readonly webContents: StandInContents;
  focused = 0;

  constructor(contents: StandInContents) {
    super();
    this.webContents = contents;
  }

  focus(): void {
    this.focused += 1;
  }

  /** True unless somebody called it off. */
  close(): boolean {
    const attempt = new Attempt();
    this.emit('close', attempt);
    return !attempt.prevented;
  }
}

class StandInApp extends EventEmitter {
  readonly isPackaged: boolean;
  readonly commandLine;
  readonly #options: StandInOptions;
  readonly #quit: () => void;

  constructor(options: StandInOptions, uses: Uses, quit: () => void) {
    super();
    this.#options = options;
    this.#quit = quit;
    this.isPackaged = options.packaged ?? true;
    const { switches = {} } = options;
    this.commandLine = recorded(uses, 'commandLine', {
      appendSwitch: (name: string, value?: string): void => {
        uses.switches.set(name, value);
      },
      hasSwitch: (name: string) => name in switches,
      getSwitchValue: (name: string) => switches[name] ?? '',
    });
  }

  enableSandbox(): void {}
  async whenReady(): Promise<void> {}

  requestSingleInstanceLock(): boolean {
    return this.#options.first ?? true;
  }

  getAppPath(): string {
    return this.#options.appPath;
  }

  quit(): void {
    this.#quit();
  }
}

export class StandIn {
  readonly uses: Uses = noUses();
  /** To tell what Electron would: `app.emit('child-process-gone', …)`. */
  readonly app: StandInApp;
  readonly electron: ShellElectron;
  readonly #options: StandInOptions;
  readonly #context: Promise<BrowserContext>;
  readonly #handlers = new Map<string, Handler>();
  readonly #sessions = new Map<string, StandInSession>();
  readonly #popups = new Set<Page>();
  readonly #opened = Promise.withResolvers<StandInWindow>();
  #contents: StandInContents | null = null;
  #pagesToCome = 0;
  #window: StandInWindow | null = null;
  #windowSession = new StandInSession(this.uses);

  constructor(options: StandInOptions) {
    this.#options = options;
    this.#context = this.#openContext();
    this.app = new StandInApp(options, this.uses, () => this.quit());
    this.electron = this.#electron();
  }

  /** The shell's window, once there is one. */
  window(): Promise<StandInWindow> {
    return this.#opened.promise;
  }

  /** Of that window, without being noted. */
  async contents(): Promise<StandInContents> {
    const { webContents } = await this.window();
    return this.#contents ?? webContents;
  }

  /** The window's session. */
  get session(): StandInSession {
    return this.#windowSession;
  }

  quit(): void {
    this.app.emit('before-quit');
    if (this.#window?.close() !== false) this.#options.onQuit?.();
  }

  async close(): Promise<void> {
    await (await this.#context).close();
  }

  async #openContext(): Promise<BrowserContext> {
    const context = await (await this.#options.browser).newContext({ viewport: { width: 1280, height: 800 } });
    context.on('page', (page) => {
      if (this.#pagesToCome > 0) this.#pagesToCome -= 1;
      else this.#onPopup(page);
    });
    // Nothing that a popup asks for is sent: Electron would not even have made it.
    await context.route('**/*', (route) => {
      const page = pageOf(route.request());
      return page === null || this.#popups.has(page) ? route.abort() : route.fallback();
    });
    await context.routeWebSocket(/.*/, (socket) => {
      const request = { url: socket.url(), resourceType: 'webSocket', requestHeaders: {} } as const;
      if (this.session.ask(request) === null) socket.close();
      else socket.connectToServer();
    });
    if (this.#options.rawIpc) {
      await context.exposeBinding('rawIpc', ({ frame }, channel: string, ...args: unknown[]) =>
        this.#invoke(frame, channel, args),
      );
    }
    return context;
  }

  #onPopup(page: Page): void {
    this.#popups.add(page);
    if (this.#contents?.mayOpen() === true) return;
    // It may be gone already.
    page.close().catch(() => {});
  }

  async #newPage(): Promise<Page> {
    const context = await this.#context;
    this.#pagesToCome += 1;
    return context.newPage();
  }

  /** As Electron calls a handler; a copy crosses, as between processes. */
  async call(channel: string, caller: Caller, ...args: readonly unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    return structuredClone(await handler(caller, ...structuredClone(args)));
  }

  async #invoke(frame: Frame, channel: string, args: readonly unknown[]): Promise<unknown> {
    const origin: string = await frame.evaluate('self.origin');
    const caller = { sender: { id: CONTENTS_ID }, senderFrame: { origin, parent: frame.parentFrame() } };
    return this.call(channel, caller, ...args);
  }

  #openContents(options: WindowOptions): StandInContents {
    this.uses.windows.push(options);
    const { partition = '', preload = '' } = options.webPreferences ?? {};
    this.#windowSession = this.#sessions.get(partition) ?? this.#windowSession;
    const contents = new StandInContents({
      id: CONTENTS_ID,
      newPage: () => this.#newPage(),
      session: this.#windowSession,
      preload,
      wallsDown: this.#options.wallsDown ?? [],
      invoke: (frame, channel, args) => this.#invoke(frame, channel, args),
    });
    this.#contents = contents;
    const seen = recorded(this.uses, 'contents', contents);
    this.app.emit('web-contents-created', {}, seen);
    return seen;
  }

  #adopt(window: StandInWindow): StandInWindow {
    this.#window = window;
    this.#opened.resolve(window);
    return recorded(this.uses, 'window', window);
  }

  #electron(): ShellElectron {
    const { uses } = this;
    const openContents = (options: WindowOptions): StandInContents => this.#openContents(options);
    const adopt = (window: StandInWindow): StandInWindow => this.#adopt(window);
    const fromPartition = (partition: string): StandInSession => {
      const session = new StandInSession(uses);
      this.#sessions.set(partition, session);
      return recorded(uses, 'session', session);
    };
    return {
      app: recorded(uses, 'app', this.app),
      BrowserWindow: class extends StandInWindow {
        constructor(options: WindowOptions) {
          super(openContents(options));
          // biome-ignore lint/correctness/noConstructorReturn: the same window, with its calls noted
          return adopt(this);
        }
      },
      Menu: recorded(uses, 'Menu', { setApplicationMenu: () => {} }),
      session: recorded(uses, 'sessions', { fromPartition }),
      ipcMain: recorded(uses, 'ipcMain', {
        handle: (channel: string, handler: Handler): void => {
          this.#handlers.set(channel, handler);
        },
      }),
    };
  }
}
