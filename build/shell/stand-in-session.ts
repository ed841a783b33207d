/** A session of the stand-in: the handlers that the shell sets, asked before a real Chromium sends or permits anything. */
import { EventEmitter } from 'node:events';
import type { CDPSession } from 'playwright-core';
import type {
  BeforeRequest,
  BeforeSendHeaders,
  PermissionCheck,
  PermissionRequest,
} from '../../main/shell/electron.ts';
import { recorded, type Uses } from './recorder.ts';

type Media = 'video' | 'audio';
type ResourceType = Parameters<BeforeRequest>[0]['resourceType'];

/** A request as the handlers see it. `initiatorOrigin`: absent where the browser itself began it. */
export interface Outgoing {
  readonly url: string;
  readonly resourceType: ResourceType;
  readonly initiatorOrigin?: string;
  readonly requestHeaders: Record<string, string>;
}

/** Chromium's name of a permission, with Electron's, and its media type where it is one. */
const PERMISSIONS: readonly { chromium: string; electron: string; media?: Media }[] = [
  { chromium: 'camera', electron: 'media', media: 'video' },
  { chromium: 'microphone', electron: 'media', media: 'audio' },
  { chromium: 'geolocation', electron: 'geolocation' },
  { chromium: 'notifications', electron: 'notifications' },
  { chromium: 'clipboard-read', electron: 'clipboard-read' },
  { chromium: 'midi', electron: 'midi' },
  { chromium: 'idle-detection', electron: 'idle-detection' },
  { chromium: 'local-fonts', electron: 'local-fonts' },
];

/** Until a handler is set everything is allowed, as in Electron. */
export class StandInSession extends EventEmitter {
  #check: PermissionCheck = () => true;
  #request: PermissionRequest = (_contents, _permission, callback) => callback(true);
  #beforeRequest: BeforeRequest = (_details, callback) => callback({});
  #beforeSendHeaders: BeforeSendHeaders = (_details, callback) => callback({});
  #verifyCertificate: (request: object, callback: (result: number) => void) => void = (_request, callback) =>
    callback(-3);
  readonly webRequest;

  constructor(uses: Uses) {
    super();
    this.webRequest = recorded(uses, 'webRequest', {
      onBeforeRequest: (listener: BeforeRequest): void => {
        this.#beforeRequest = listener;
      },
      onBeforeSendHeaders: (listener: BeforeSendHeaders): void => {
        this.#beforeSendHeaders = listener;
      },
    });
  }

  setPermissionCheckHandler(handler: PermissionCheck): void {
    this.#check = handler;
  }

  setPermissionRequestHandler(handler: PermissionRequest): void {
    this.#request = handler;
  }

  setCertificateVerifyProc(handler: (request: object, callback: (result: number) => void) => void): void {
    this.#verifyCertificate = handler;
  }

  /** Chromium without Electron has no such questions to ask: that they are answered is on the record alone. */
  setDevicePermissionHandler(): void {}
  setDisplayMediaRequestHandler(): void {}
  setSpellCheckerEnabled(): void {}
  async setProxy(): Promise<void> {}

  /** What the certificate handler says: 0 trust, -2 refuse, -3 as Chromium thinks. */
  askCertificate(): number {
    let answer = -3;
    this.#verifyCertificate({}, (result) => {
      answer = result;
    });
    return answer;
  }

  /** Whether a page of `origin` gets a permission: the check and the request must both agree. */
  mayUse(origin: string, permission: string, media: readonly Media[] = [], isMainFrame = true): boolean {
    return (
      this.checks(origin, permission, media[0], isMainFrame) && this.requests(origin, permission, media, isMainFrame)
    );
  }

  /** What the handler of checks says. */
  checks(origin: string, permission: string, mediaType?: Media, isMainFrame = true): boolean {
    return this.#check({}, permission, `${origin}/`, { isMainFrame, ...(mediaType && { mediaType }) });
  }

  /** What the handler of requests says. */
  requests(origin: string, permission: string, media: readonly Media[] = [], isMainFrame = true): boolean {
    let granted = false;
    this.#request({}, permission, (answer) => (granted = answer), {
      isMainFrame,
      requestingUrl: `${origin}/`,
      ...(media.length > 0 && { mediaTypes: [...media], securityOrigin: `${origin}/` }),
    });
    return granted;
  }

  /** Makes a real browser context answer as the handlers do. */
  async applyPermissions(cdp: CDPSession, browserContextId: string, origin: string): Promise<void> {
    for (const { chromium, electron, media } of PERMISSIONS) {
      const setting = this.mayUse(origin, electron, media && [media]) ? 'granted' : 'denied';
      await cdp.send('Browser.setPermission', { permission: { name: chromium }, setting, origin, browserContextId });
    }
  }

  /** Null: the request is not to be sent. Else the headers to send. */
  ask(request: Outgoing): Record<string, string> | null {
    let cancelled = false;
    let headers = request.requestHeaders;
    this.#beforeRequest(request, ({ cancel }) => (cancelled = cancel === true));
    if (cancelled) return null;
    this.#beforeSendHeaders(request, ({ requestHeaders }) => {
      if (requestHeaders === undefined) return;
      headers = Object.fromEntries(Object.entries(requestHeaders).map(([name, value]) => [name, String(value)]));
    });
    return headers;
  }
}
