/**
 * A window's contents: a place for a page of a real Chromium. What the page tries is put to the shell's handlers first,
 * and what happens to it is told as Electron's events.
 */
import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { CDPSession, Frame, Page } from 'playwright-core';
import { SystemClock } from '../../device/clock/system.ts';
import type { Cancellable } from '../../main/shell/electron.ts';
import { bridge } from './stand-in-bridge.ts';
import type { Outgoing, StandInSession } from './stand-in-session.ts';

/** Walls that a test takes down to see whether the next one holds alone. */
export type Wall = 'navigation' | 'requests';

export interface ContentsParts {
  readonly id: number;
  readonly newPage: () => Promise<Page>;
  readonly session: StandInSession;
  readonly preload: string;
  readonly wallsDown: readonly Wall[];
  /** A verb called by a frame. */
  readonly invoke: (frame: Frame, channel: string, args: readonly unknown[]) => Promise<unknown>;
}

/** Chromium's words for why a load failed, with the numbers that Electron gives. */
const NET_ERRORS: Readonly<Record<string, number>> = {
  'net::ERR_FAILED': -2,
  'net::ERR_ABORTED': -3,
  'net::ERR_BLOCKED_BY_CLIENT': -20,
  'net::ERR_CONNECTION_RESET': -101,
  'net::ERR_CONNECTION_REFUSED': -102,
  'net::ERR_EMPTY_RESPONSE': -324,
};

/** A page that says nothing for so long hangs. */
const PULSE_LIMIT_MS = 2_000;

/** An event that can be called off. */
export class Attempt implements Cancellable {
  readonly url: string;
  readonly isMainFrame: boolean;
  prevented = false;

  constructor(url = '', isMainFrame = true) {
    this.url = url;
    this.isMainFrame = isMainFrame;
  }

  preventDefault = (): void => {
    this.prevented = true;
  };
}

/** Of Chromium's `Fetch.requestPaused`. */
interface Paused {
  readonly requestId: string;
  readonly frameId: string;
  readonly resourceType: string;
  readonly redirectedRequestId?: string;
  readonly request: { readonly url: string; readonly headers: Record<string, string> };
}

interface Place {
  readonly page: Page;
  readonly cdp: CDPSession;
  readonly mainFrameId: string;
  readonly browserContextId: string;
}

export class StandInContents extends EventEmitter {
  readonly id: number;
  readonly #parts: ContentsParts;
  #place: Promise<Place> | null = null;
  #ownLoad: string | null = null;
  #openHandler: () => { action: 'deny' | 'allow' } = () => ({ action: 'allow' });

  constructor(parts: ContentsParts) {
    super();
    this.id = parts.id;
    this.#parts = parts;
  }

  /** Settles as the load does; what went wrong is told by the events as well. */
  async loadURL(url: string): Promise<void> {
    const { page } = await this.#here();
    this.#ownLoad = url;
    await page.goto(url, { timeout: 0 });
  }

  stop(): void {
    this.#here()
      .then(({ cdp }) => cdp.send('Page.stopLoading'))
      // Gone already.
      .catch(() => {});
  }

  /** Its process ends for real; the next load gets another. */
  forcefullyCrashRenderer(): void {
    this.#here()
      .then(({ cdp }) => cdp.send('Page.crash'))
      // It never answers: it has crashed.
      .catch(() => {});
  }

  setWindowOpenHandler(handler: () => { action: 'deny' | 'allow' }): void {
    this.#openHandler = handler;
  }

  setZoomMode(): void {}
  setIgnoreMenuShortcuts(): void {}
  async setVisualZoomLevelLimits(): Promise<void> {}

  /** The page that is there now. */
  async page(): Promise<Page> {
    return (await this.#here()).page;
  }

  /** Asks the page for a sign of life and tells what Electron's own watch would. */
  async feelPulse(): Promise<void> {
    const { cdp } = await this.#here();
    const alive = await new Promise<boolean>((resolve) => {
      const timer = new SystemClock().after('stand-in pulse', PULSE_LIMIT_MS, () => resolve(false));
      cdp.send('Runtime.evaluate', { expression: '1' }).then(
        () => {
          timer.cancel();
          resolve(true);
        },
        () => {},
      );
    });
    this.emit(alive ? 'responsive' : 'unresponsive');
  }

  /** A page that nobody asked for: a popup. True when the handler let it be. */
  mayOpen(): boolean {
    return this.#openHandler().action === 'allow';
  }

  #here(): Promise<Place> {
    this.#place ??= this.#newPlace();
    return this.#place;
  }

  async #newPlace(): Promise<Place> {
    const page = await this.#parts.newPage();
    const cdp = await page.context().newCDPSession(page);
    const { targetInfo } = await cdp.send('Target.getTargetInfo');
    const { frameTree } = await cdp.send('Page.getFrameTree');
    const place = { page, cdp, mainFrameId: frameTree.frame.id, browserContextId: targetInfo.browserContextId ?? '' };
    const preload = await readFile(this.#parts.preload, 'utf8');
    await bridge(cdp, preload, (channel, args) => this.#parts.invoke(page.mainFrame(), channel, args));
    cdp.on('Fetch.requestPaused', (paused) => {
      // A page that has gone can't be answered.
      this.#onRequest(place, paused).catch(() => {});
    });
    await cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
    this.#tell(place);
    return place;
  }

  #tell({ page }: Place): void {
    let status = -1;
    const shown = (): boolean => page.url().startsWith('http');
    page.on('response', (response) => {
      if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) status = response.status();
    });
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame() && shown()) this.emit('did-navigate', {}, page.url(), status);
    });
    page.on('load', () => {
      if (shown()) this.emit('did-finish-load');
    });
    page.on('requestfailed', (request) => {
      if (!request.isNavigationRequest()) return;
      const text = request.failure()?.errorText ?? '';
      const main = request.frame() === page.mainFrame();
      this.emit('did-fail-load', {}, NET_ERRORS[text] ?? -2, text, request.url(), main);
    });
    page.on('crash', () => {
      this.#place = null;
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
    });
  }

  async #onRequest(place: Place, paused: Paused): Promise<void> {
    const { cdp } = place;
    const { requestId, resourceType, request } = paused;
    const main = paused.frameId === place.mainFrameId;
    if (resourceType === 'Document' && !this.#mayGo(paused, main)) {
      await cdp.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
      return;
    }
    const outgoing = this.#outgoing(place, paused, main);
    const headers = this.#parts.wallsDown.includes('requests') ? request.headers : this.#parts.session.ask(outgoing);
    if (headers === null) {
      await cdp.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
      return;
    }
    if (resourceType === 'Document') {
      const { origin } = new URL(request.url);
      await this.#parts.session.applyPermissions(cdp, place.browserContextId, origin);
    }
    const list = Object.entries(headers).map(([name, value]) => ({ name, value }));
    await cdp.send('Fetch.continueRequest', { requestId, headers: list });
  }

  #mayGo(paused: Paused, main: boolean): boolean {
    const { url } = paused.request;
    const events = paused.redirectedRequestId
      ? ['will-redirect']
      : ['will-frame-navigate', ...(main ? ['will-navigate'] : [])];
    const own = main && url === this.#ownLoad && !paused.redirectedRequestId;
    if (own) this.#ownLoad = null;
    if (own || this.#parts.wallsDown.includes('navigation')) return true;
    return events.every((event) => {
      const attempt = new Attempt(url, main);
      this.emit(event, attempt);
      return !attempt.prevented;
    });
  }

  #outgoing({ page }: Place, paused: Paused, main: boolean): Outgoing {
    const { resourceType, request } = paused;
    const document = resourceType === 'Document';
    const known = OUTGOING_TYPES[resourceType] ?? 'other';
    return {
      url: request.url,
      resourceType: document ? (main ? 'mainFrame' : 'subFrame') : known,
      requestHeaders: { ...request.headers },
      ...(!document && { initiatorOrigin: new URL(page.url()).origin }),
    };
  }
}

const OUTGOING_TYPES: Readonly<Record<string, Outgoing['resourceType']>> = {
  Stylesheet: 'stylesheet',
  Script: 'script',
  Image: 'image',
  Font: 'font',
  Media: 'media',
  XHR: 'xhr',
  Fetch: 'xhr',
  WebSocket: 'webSocket',
  Ping: 'ping',
  CSPViolationReport: 'cspReport',
};
