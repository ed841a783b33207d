/** The page's WebSocket: who may open one, and what it may cost. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { WebSocket, WebSocketServer } from 'ws';
import type { Clock, Timer } from '../core/clock.ts';
import { checkHost, checkOrigin } from './gate.ts';
import { type LimitedLog, placeOf } from './limited-log.ts';
import type { ApiLimits } from './limits.ts';
import type { PageSource } from './ports.ts';
import type { ApiClient } from './procedures.ts';
import { kioskRouter } from './router.ts';
import { type Session, type Sessions, tokenOf } from './sessions.ts';
import type { StaffSource } from './staff-port.ts';
import { TokenBucket } from './token-bucket.ts';

export const SOCKET_PATH = '/trpc';

export interface SocketsOptions {
  readonly server: Server;
  /** The port that the server listens on. */
  readonly port: number;
  readonly page: PageSource;
  readonly staff: StaffSource;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly log: LimitedLog;
  readonly limits: ApiLimits;
}

/** @returns what ends all connections, at once. */
export function serveSockets(options: SocketsOptions): () => void {
  const { server, sessions, page, staff, log, limits, port } = options;
  const wss = new WebSocketServer({
    noServer: true,
    WebSocket: boundedSocket(limits, log),
    maxPayload: limits.messageBytes,
    maxFragments: limits.messageFragments,
    maxBufferedChunks: 1_024,
    perMessageDeflate: false,
  });
  const sessionOf = new WeakMap<IncomingMessage, Session>();
  wss.on('connection', (socket: WebSocket) => boundMessages(socket, options));
  applyWSSHandler({
    wss,
    router: kioskRouter,
    maxBatchSize: limits.callsPerMessage,
    createContext: ({ req, res }) => {
      const session = sessionOf.get(req);
      if (session === undefined) throw new Error('a WebSocket without a session');
      return { page, staff, session: session.staff, client: apiClient(res, session, limits, log) };
    },
    onError: ({ error, path }) => {
      if (error.code !== 'INTERNAL_SERVER_ERROR' || path === undefined) return;
      log('call-failed', `${path in kioskRouter._def.procedures ? path : 'a call'}: ${placeOf(error.cause ?? error)}`);
    },
  });
  server.on('upgrade', (req: IncomingMessage, stream: Duplex, head: Buffer) => {
    const token = tokenOf(port, req.headers.cookie);
    const session = admit(req, stream, token, wss.clients.size, options);
    if (session === null) return;
    sessionOf.set(req, session);
    wss.handleUpgrade(req, stream, head, (socket) => {
      keepAlive(socket, options, () => sessions.use(token));
      socket.once('close', session.staff.connected());
      wss.emit('connection', socket, req);
    });
  });
  return () => {
    for (const socket of wss.clients) {
      socket.close(1001);
      socket.terminate();
    }
    wss.close();
  };
}

/** The session that may open a WebSocket now; otherwise answers why not and returns null. */
function admit(
  req: IncomingMessage,
  stream: Duplex,
  token: string | null,
  clients: number,
  { port, sessions, log, limits }: SocketsOptions,
): Session | null {
  if (req.url?.split('?')[0] !== SOCKET_PATH) return refuse(stream, '404 Not Found', 'there is no such address');
  const foreign = checkHost(req.headers, port) ?? checkOrigin(req.headers, 'refused');
  if (foreign !== null) {
    log(foreign.code, 'a WebSocket was refused');
    return refuse(stream, foreign.status === 421 ? '421 Misdirected Request' : '403 Forbidden', foreign.line);
  }
  const session = sessions.use(token);
  if (session === null) {
    log('no-session', 'a WebSocket was refused');
    return refuse(stream, '401 Unauthorized', 'no session: load the page first');
  }
  if (clients >= limits.clients) {
    log('too-many-clients', `${clients} WebSockets are open`);
    return refuse(stream, '503 Service Unavailable', 'too many pages are open: close one');
  }
  return session;
}

function refuse(stream: Duplex, status: string, line: string): null {
  const body = JSON.stringify({ ok: false, error: line });
  stream.on('error', () => stream.destroy());
  stream.once('finish', () => stream.destroy());
  stream.end(
    [
      `HTTP/1.1 ${status}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      'X-Content-Type-Options: nosniff',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
  return null;
}

/** A WebSocket that cuts off a client that doesn't read, whatever is being sent to it. */
function boundedSocket(limits: ApiLimits, log: LimitedLog): typeof WebSocket {
  return class BoundedSocket extends WebSocket {
    override send(...args: unknown[]): void {
      if (this.bufferedAmount > limits.unsentBytes) {
        log('slow-client', `over ${limits.unsentBytes} bytes wait for a page that doesn't read`);
        this.terminate();
        return;
      }
      Reflect.apply(super.send, this, args);
    }
  };
}

function boundMessages(socket: WebSocket, { clock, limits, log }: SocketsOptions): void {
  const messages = new TokenBucket(clock, limits.messagesPerSecond, limits.messagesBurst);
  socket.prependListener('message', () => {
    if (messages.take()) return;
    log('flooding-client', `over ${limits.messagesPerSecond} messages a second`);
    socket.terminate();
  });
}

/** Pings; a client that stays silent till the next ping is gone. `inUse` is called while it answers. */
function keepAlive(socket: WebSocket, { clock, limits, log }: SocketsOptions, inUse: () => void): void {
  let answered = true;
  let timer: Timer;
  const ping = () => {
    if (!answered) {
      log('silent-client', `no answer to a ping for ${limits.pingMs} ms`);
      socket.terminate();
      return;
    }
    answered = false;
    inUse();
    socket.ping();
    timer = clock.after('page ping', limits.pingMs, ping);
  };
  timer = clock.after('page ping', limits.pingMs, ping);
  socket.on('pong', () => {
    answered = true;
  });
  socket.once('close', () => timer.cancel());
}

function apiClient(socket: WebSocket, session: Session, limits: ApiLimits, log: LimitedLog): ApiClient {
  let watches = 0;
  return {
    queuedMessages: limits.queuedMessages,
    takeScan: () => session.scans.take(),
    takeStaffCall: () => session.staffCalls.take(),
    takeSignIn: () => session.signIns.take(),
    takeWatch: () => {
      if (watches >= limits.watchesPerClient) return null;
      watches += 1;
      return () => {
        watches -= 1;
      };
    },
    cut: () => {
      log('slow-client', `over ${limits.queuedMessages} messages wait for a page`);
      socket.terminate();
    },
  };
}
