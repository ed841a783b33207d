/**
 * The LAN's server: terminals that decide by themselves report here who passed. It hands in what happened and answers
 * once that is durable; nothing that can open a door is within its reach. The LAN is untrusted: addresses are checked
 * before a byte is read, tokens before a body is.
 */
import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TerminalConfig } from '../../contract/lan.ts';
import { parsePassage } from '../../contract/passage.ts';
import type { Clock } from '../../core/clock.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { sendJson, sendRefusal } from '../headers.ts';
import { readJson } from '../json-body.ts';
import { type LimitedLog, limitedLog, placeOf } from '../limited-log.ts';
import { type ListenFault, listen } from '../listen.ts';
import type { ApiLog } from '../ports.ts';
import { TokenBucket } from '../token-bucket.ts';
import { Brake } from './brake.ts';
import { LAN_LIMITS, type LanLimits } from './limits.ts';
import type { PassageFault, PassageSink } from './ports.ts';
import { Terminals } from './tokens.ts';

/** Where terminals report. */
export const PASSAGES = '/terminals/passages';

export interface LanServerOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** PEM texts; null: plain, for loopback alone. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly terminals: readonly TerminalConfig[];
  readonly passages: PassageSink;
  readonly clock: Clock;
  readonly log: ApiLog;
}

export interface LanFault {
  readonly code: 'certificate' | ListenFault['code'];
  /** One line: what, where, what to do. */
  readonly detail: string;
}

export interface RunningLanServer {
  /** Of the endpoint. */
  readonly url: string;
  readonly port: number;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

export async function startLanServer(
  options: LanServerOptions,
  limits: LanLimits = LAN_LIMITS,
): Promise<Result<RunningLanServer, LanFault>> {
  const made = makeServer(options, limits);
  if (!made.ok) return made;
  const server = made.value;
  const { clock, host } = options;
  const site: Site = {
    options,
    limits,
    log: limitedLog(options.log, clock, limits.logEveryMs),
    terminals: new Terminals(options.terminals),
    buckets: new Map(
      options.terminals.map(({ id }) => [id, new TokenBucket(clock, limits.reportsPerSecond, limits.reportsBurst)]),
    ),
    brake: new Brake(clock, limits),
  };
  const sockets = watchConnections(server, site);
  server.on('error', (error) => site.log('server-failed', placeOf(error)));
  server.on('request', (req, res) => void answer(site, req, res));
  const listening = await listen(server, 'lan', host, options.port);
  if (!listening.ok) return listening;
  const port = listening.value;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      site.brake.close();
      for (const socket of sockets) socket.destroy();
    });
  const name = host.includes(':') ? `[${host}]` : host;
  return ok({ url: `${options.tls === null ? 'http' : 'https'}://${name}:${port}${PASSAGES}`, port, close });
}

interface Site {
  readonly options: LanServerOptions;
  readonly limits: LanLimits;
  readonly log: LimitedLog;
  readonly terminals: Terminals;
  readonly buckets: ReadonlyMap<string, TokenBucket>;
  readonly brake: Brake;
}

function makeServer({ tls }: LanServerOptions, limits: LanLimits): Result<Server, LanFault> {
  const bounds = {
    requestTimeout: limits.requestMs,
    headersTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.requestCheckMs,
    keepAliveTimeout: limits.idleMs,
    maxHeaderSize: limits.headerBytes,
  };
  try {
    const secure = { ...tls, minVersion: 'TLSv1.2', handshakeTimeout: limits.handshakeMs } as const;
    const server = tls === null ? createPlainServer(bounds) : createTlsServer({ ...bounds, ...secure });
    server.maxConnections = limits.connections;
    return ok(server);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const detail = `lan.tls: certificate and key can't be used (${why}): name PEM files that belong together`;
    return err({ code: 'certificate', detail });
  }
}

/** Ends connections of addresses that no terminal reports from, before they are read. */
function watchConnections(server: Server, { terminals, brake, limits, log }: Site): ReadonlySet<Socket> {
  const open = new Map<Socket, string>();
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const others = [...open.values()].filter((other) => other === address).length;
    if (!terminals.mayConnect(address)) {
      log('foreign-source', 'a connection came from an address that no terminal reports from');
      socket.destroy();
    } else if (others >= limits.connectionsPerSource || !brake.mayConnect(address)) {
      log('flooding-terminal', 'connections of one address came too fast, or too many at once');
      socket.destroy();
    } else {
      open.set(socket, address);
      sockets.add(socket);
      socket.once('close', () => {
        open.delete(socket);
        sockets.delete(socket);
      });
    }
  });
  // A handshake that fails is the other side's business.
  server.on('tlsClientError', (_error, socket: Socket) => socket.destroy());
  return sockets;
}

/** A bug behind the endpoint must not take the door down with it. */
async function answer(site: Site, req: IncomingMessage, res: ServerResponse): Promise<void> {
  res.on('error', () => res.destroy());
  try {
    res.setHeader('Cache-Control', 'no-store');
    await route(site, req, res);
  } catch (error) {
    site.log('request-failed', placeOf(error));
    if (res.headersSent) res.destroy();
    else sendRefusal(res, 500, 'this could not be done; the log says why');
  }
}

async function route(site: Site, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const terminal = site.terminals.find(req.headers.authorization, req.socket.remoteAddress ?? '');
  if (terminal === null) return refuseUnknown(site, req, res);
  if (req.url !== PASSAGES) return unread(res, 404, `there is no such address: report to ${PASSAGES}`);
  if (req.method !== 'POST') {
    res.setHeader('Allow', 'POST');
    return unread(res, 405, 'report by POST');
  }
  if (site.buckets.get(terminal.id)?.take() !== true) {
    site.log('flooding-terminal', `${terminal.id} reports faster than ${site.limits.reportsPerSecond} a second`);
    res.setHeader('Retry-After', '1');
    return unread(res, 429, 'too fast: send it again after a second');
  }
  return take(site, terminal, req, res);
}

function refuseUnknown({ brake, log }: Site, req: IncomingMessage, res: ServerResponse): void {
  log('unknown-terminal', 'a token is no terminal’s, or came from an address that is not its terminal’s');
  const refuse = () => {
    res.setHeader('WWW-Authenticate', 'Bearer');
    unread(res, 401, 'send the token of a terminal, from its address: Authorization: Bearer TOKEN');
  };
  if (!brake.unknown(req.socket.remoteAddress ?? '', refuse)) req.socket.destroy();
}

const BODY_FAULTS = {
  'too-large': { status: 413, line: 'the body is too large: send one passage in at most 4 kB' },
  'not-json': { status: 400, line: 'the body is not JSON in UTF-8: send a passage as JSON' },
} as const;

const FAULTS: Record<PassageFault, { readonly line: string; readonly retryAfterS: number }> = {
  store: { line: 'it could not be recorded now: keep it and send it again', retryAfterS: 5 },
  'no-site': { line: 'this unit has no site yet: keep it and send it again', retryAfterS: 60 },
  'no-door': { line: 'the site has no such door now: keep it and send it again', retryAfterS: 60 },
};

async function take(
  { options, limits, log }: Site,
  terminal: TerminalConfig,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const body = await readJson(req, limits.bodyBytes);
  if (!body.ok && body.error === 'gone') return;
  if (!body.ok) {
    const { status, line } = BODY_FAULTS[body.error === 'too-large' ? 'too-large' : 'not-json'];
    log('bad-passage', `${terminal.id}: ${line}`);
    return unread(res, status, line);
  }
  const passage = parsePassage(body.value);
  if (!passage.ok) {
    // The path is left out of the log: a key that isn't ours may be anything.
    log('bad-passage', `${terminal.id} reports a passage in a wrong form: its answer says what`);
    return sendRefusal(res, 400, `${passage.error.path}: ${passage.error.expected}`);
  }
  const recorded = options.passages.report(terminal, passage.value);
  if (recorded.ok) return sendJson(res, 200, { ok: true, ...recorded.value });
  const { line, retryAfterS } = FAULTS[recorded.error];
  res.setHeader('Retry-After', String(retryAfterS));
  return sendRefusal(res, 503, line);
}

/** The body stays unread, so the connection can't go on. */
function unread(res: ServerResponse, status: number, line: string): void {
  res.setHeader('Connection', 'close');
  sendRefusal(res, status, line);
}
