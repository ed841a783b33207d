/**
 * The server of the unit's own screen, on loopback only: the built page, the typed calls, healthz. What anybody on this
 * machine may send is bounded (`limits.ts`), and what any web page may send is turned away (`gate.ts`).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../core/clock.ts';
import { ok, type Result } from '../core/result.ts';
import { checkHost, checkOrigin } from './gate.ts';
import { sendJson, sendRefusal, setHeaders } from './headers.ts';
import { type BodyFault, readJson } from './json-body.ts';
import { type LimitedLog, limitedLog, placeOf } from './limited-log.ts';
import { API_LIMITS, type ApiLimits } from './limits.ts';
import { type ListenFault, listen } from './listen.ts';
import { type PageFiles, pageFiles } from './page-files.ts';
import type { ApiLog, ExtraRoute, HealthSource, PageSource } from './ports.ts';
import { Sessions, sessionCookie, tokenOf } from './sessions.ts';
import { serveSockets } from './sockets.ts';
import type { StaffSource } from './staff-port.ts';

export interface ServerOptions {
  readonly host: '127.0.0.1' | '::1';
  /** 0: any that is free. */
  readonly port: number;
  /** Where the built page is. */
  readonly pageDir: string;
  readonly page: PageSource;
  readonly staff: StaffSource;
  readonly health: HealthSource;
  readonly routes: readonly ExtraRoute[];
  readonly clock: Clock;
  readonly log: ApiLog;
}

export interface RunningServer {
  readonly address: { readonly host: string; readonly port: number; readonly url: string };
  /** Ends every connection at once. */
  close(): Promise<void>;
}

export function startServer(options: ServerOptions): Promise<Result<RunningServer, ListenFault>> {
  return startBoundedServer(options, API_LIMITS);
}

export async function startBoundedServer(
  options: ServerOptions,
  limits: ApiLimits,
): Promise<Result<RunningServer, ListenFault>> {
  const { clock, page, staff } = options;
  const server = createServer({
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.requestCheckMs,
    maxHeaderSize: limits.headerBytes,
  });
  server.maxConnections = limits.connections;
  const listening = await listen(server, 'listen', options.host, options.port);
  if (!listening.ok) return listening;
  const port = listening.value;
  const log = limitedLog(options.log, clock, limits.logEveryMs);
  const sessions = new Sessions(clock, limits, staff);
  const files = pageFiles(options.pageDir, () => log('page-missing', `no index.html in ${options.pageDir}`));
  const site: Site = { port, options, limits, log, sessions, files };
  server.on('error', (error) => log('server-failed', placeOf(error)));
  server.on('request', (req, res) => void answer(site, req, res));
  const endSockets = serveSockets({ server, port, page, staff, sessions, clock, log, limits });
  const name = options.host === '::1' ? '[::1]' : options.host;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      endSockets();
      sessions.close();
      server.closeAllConnections();
    });
  return ok({ address: { host: options.host, port, url: `http://${name}:${port}/` }, close });
}

interface Site {
  readonly port: number;
  readonly options: ServerOptions;
  readonly limits: ApiLimits;
  readonly log: LimitedLog;
  readonly sessions: Sessions;
  readonly files: PageFiles;
}

/** A bug behind a route must not take the door down with it: it is logged, and the client is told that it failed. */
async function answer(site: Site, req: IncomingMessage, res: ServerResponse): Promise<void> {
  res.on('error', () => res.destroy());
  try {
    setHeaders(res);
    await route(site, req, res);
  } catch (error) {
    site.log('request-failed', placeOf(error));
    if (res.headersSent) res.destroy();
    else sendRefusal(res, 500, 'this could not be done; the log says why');
  }
}

async function route(site: Site, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const foreign =
    checkHost(req.headers, site.port) ?? (reads(req) ? null : checkOrigin(req.headers, missingOrigin(req)));
  if (foreign !== null) {
    site.log(foreign.code, `${reads(req) ? 'a request' : 'a request to change something'} was refused`);
    return sendRefusal(res, foreign.status, foreign.line);
  }
  const path = req.url?.split('?')[0] ?? '';
  const extra = site.options.routes.find((one) => one.method === req.method && one.path === path);
  if (extra !== undefined) return answerExtra(site, extra, req, res);
  if (!reads(req)) return sendRefusal(res, 404, 'there is no such address');
  if (path === '/healthz') {
    const { status, body } = site.options.health.health();
    return sendJson(res, status, body);
  }
  if (path === '/') res.setHeader('Set-Cookie', cookie(site, req));
  return site.files(req, res, () => sendRefusal(res, 404, 'there is no such address'));
}

function reads(req: IncomingMessage): boolean {
  return req.method === 'GET' || req.method === 'HEAD';
}

/** A browser always says where a POST comes from; the demo may also be driven by programs that aren't browsers. */
function missingOrigin(req: IncomingMessage): 'allowed' | 'refused' {
  return req.url?.startsWith('/demo/') ? 'allowed' : 'refused';
}

function cookie({ sessions, port }: Site, req: IncomingMessage): string {
  const token = tokenOf(port, req.headers.cookie);
  return sessionCookie(port, token !== null && sessions.use(token) !== null ? token : sessions.create());
}

const BODY_FAULTS: Record<Exclude<BodyFault, 'gone'>, { readonly status: number; readonly line: string }> = {
  'too-large': { status: 413, line: 'the body is too large: send at most 4 kB' },
  'not-json': { status: 400, line: 'the body is not JSON: send an object as JSON' },
};

async function answerExtra(site: Site, extra: ExtraRoute, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = await readJson(req, site.limits.bodyBytes);
  if (body.ok) {
    const { status, body: answered } = extra.handle(body.value);
    return sendJson(res, status, answered);
  }
  if (body.error === 'gone') return;
  const { status, line } = BODY_FAULTS[body.error];
  // What is left of the body stays unread.
  if (body.error === 'too-large') res.setHeader('Connection', 'close');
  return sendRefusal(res, status, line);
}
