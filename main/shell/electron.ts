/**
 * The part of Electron that the shell uses, and no more. The compiler holds it against Electron's own types at both
 * ends: `main.ts` hands the real module in as `ShellElectron`, and the tests' stand-in is one too. Members are written
 * as properties because the compiler compares the parameters of methods in either direction, and would miss mistakes.
 */
import type {
  App,
  BeforeSendResponse,
  BrowserWindowConstructorOptions,
  CallbackResponse,
  CommandLine,
  MediaAccessPermissionRequest,
  Menu,
  OnBeforeRequestListenerDetails,
  OnBeforeSendHeadersListenerDetails,
  PermissionCheckHandlerHandlerDetails,
  RenderProcessGoneDetails,
  Session,
  WebContents,
  WebContentsWillFrameNavigateEventParams,
  WebFrameMain,
} from 'electron';

export type WindowOptions = BrowserWindowConstructorOptions;

/** An event whose usual consequence can be called off. */
export interface Cancellable {
  readonly preventDefault: () => void;
}

type Navigation = Cancellable & Pick<WebContentsWillFrameNavigateEventParams, 'url' | 'isMainFrame'>;

export interface ShellContents
  extends Pick<
    WebContents,
    'id' | 'loadURL' | 'stop' | 'forcefullyCrashRenderer' | 'setVisualZoomLevelLimits' | 'setIgnoreMenuShortcuts'
  > {
  readonly setZoomMode: (mode: 'disabled') => void;
  readonly setWindowOpenHandler: (handler: () => { action: 'deny' }) => void;
  readonly on: {
    (event: 'will-navigate', listener: (details: Navigation) => void): unknown;
    (event: 'will-frame-navigate', listener: (details: Navigation) => void): unknown;
    (event: 'will-redirect', listener: (details: Navigation) => void): unknown;
    (event: 'will-attach-webview', listener: (event: Cancellable) => void): unknown;
    (event: 'context-menu', listener: (event: Cancellable) => void): unknown;
    (event: 'did-navigate', listener: (event: object, url: string, httpResponseCode: number) => void): unknown;
    (event: 'did-finish-load', listener: () => void): unknown;
    (event: 'did-fail-load', listener: FailedLoadListener): unknown;
    (event: 'render-process-gone', listener: (event: object, details: RenderProcessGoneDetails) => void): unknown;
    (event: 'unresponsive', listener: () => void): unknown;
    (event: 'responsive', listener: () => void): unknown;
  };
}

type FailedLoadListener = (event: object, code: number, text: string, url: string, isMainFrame: boolean) => void;

export interface ShellWindow {
  readonly webContents: ShellContents;
  readonly focus: () => void;
  readonly on: (event: 'close', listener: (event: Cancellable) => void) => unknown;
}

export interface ShellApp
  extends Pick<
    App,
    'isPackaged' | 'enableSandbox' | 'requestSingleInstanceLock' | 'whenReady' | 'quit' | 'getAppPath'
  > {
  readonly commandLine: Pick<CommandLine, 'appendSwitch' | 'hasSwitch' | 'getSwitchValue'>;
  readonly on: {
    (event: 'web-contents-created', listener: (event: object, contents: ShellContents) => void): unknown;
    (event: 'certificate-error', listener: CertificateErrorListener): unknown;
    (event: 'select-client-certificate', listener: ClientCertificateListener): unknown;
    (
      event: 'child-process-gone',
      listener: (event: object, details: { type: string; reason: string }) => void,
    ): unknown;
    (event: 'second-instance', listener: () => void): unknown;
    (event: 'before-quit', listener: () => void): unknown;
  };
}

type CertificateErrorListener = (
  event: Cancellable,
  contents: object,
  url: string,
  error: string,
  certificate: object,
  callback: (isTrusted: boolean) => void,
) => void;

type ClientCertificateListener = (
  event: Cancellable,
  contents: object | null,
  url: string,
  certificates: object[],
  callback: () => void,
) => void;

type CheckDetails = Pick<PermissionCheckHandlerHandlerDetails, 'mediaType' | 'isMainFrame'>;
export type PermissionCheck = (
  contents: object | null,
  permission: string,
  requestingOrigin: string,
  details: CheckDetails,
) => boolean;

type RequestDetails = Pick<
  MediaAccessPermissionRequest,
  'isMainFrame' | 'requestingUrl' | 'mediaTypes' | 'securityOrigin'
>;
export type PermissionRequest = (
  contents: object,
  permission: string,
  callback: (granted: boolean) => void,
  details: RequestDetails,
) => void;

export type BeforeRequest = (
  details: Pick<OnBeforeRequestListenerDetails, 'url' | 'resourceType'>,
  callback: (response: CallbackResponse) => void,
) => void;

export type BeforeSendHeaders = (
  details: Pick<OnBeforeSendHeadersListenerDetails, 'url' | 'initiatorOrigin' | 'requestHeaders'>,
  callback: (response: BeforeSendResponse) => void,
) => void;

export interface ShellSession extends Pick<Session, 'setProxy' | 'setSpellCheckerEnabled'> {
  readonly setPermissionCheckHandler: (handler: PermissionCheck) => void;
  readonly setPermissionRequestHandler: (handler: PermissionRequest) => void;
  readonly setDevicePermissionHandler: (handler: () => boolean) => void;
  readonly setDisplayMediaRequestHandler: (
    handler: (request: object, callback: (streams: null) => void) => void,
  ) => void;
  readonly setCertificateVerifyProc: (handler: (request: object, callback: (result: number) => void) => void) => void;
  readonly on: (event: 'will-download', listener: (event: Cancellable) => void) => unknown;
  readonly webRequest: {
    readonly onBeforeRequest: (listener: BeforeRequest) => void;
    readonly onBeforeSendHeaders: (listener: BeforeSendHeaders) => void;
  };
}

/** Who called a verb. `senderFrame` is null when the frame has gone since. */
export interface Caller {
  readonly sender: Pick<WebContents, 'id'>;
  readonly senderFrame: CallerFrame | null;
}

/** `parent` is null in a window's main frame; `origin` is `null` (the word) for an opaque one. */
export interface CallerFrame extends Pick<WebFrameMain, 'origin'> {
  readonly parent: object | null;
}

export interface ShellElectron {
  readonly app: ShellApp;
  readonly BrowserWindow: new (options: WindowOptions) => ShellWindow;
  readonly Menu: { readonly setApplicationMenu: (menu: Menu | null) => void };
  readonly session: {
    readonly fromPartition: (partition: string, options: { cache: boolean }) => ShellSession;
  };
  readonly ipcMain: {
    readonly handle: (channel: string, listener: (event: Caller, ...args: unknown[]) => unknown) => void;
  };
}
