/** WebSockets of units at `/v1/unit`: the transport's own bounds, and who calls from where. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { WIRE } from '../../wire/limits.ts';
import { networkOf } from '../network.ts';
import { framed } from './frames.ts';
import type { Caller, Sendable, UnitSocket } from './ports.ts';
import type { UnitServer } from './server.ts';

export const UNIT_PATH = '/v1/unit';

export interface GateOptions {
  readonly behindProxy: boolean;
  readonly isOurHost: (host: string | undefined) => boolean;
}

/** @returns what cuts all connections off */
export function openGate(server: Server, units: UnitServer, options: GateOptions): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    // A little more than is allowed gets a goodbye with its reason; far more ends at the frame's header.
    maxPayload: 2 * WIRE.messageBytes,
    // A compressor takes more memory than all the rest of a connection, and lets a small message become a large one.
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(WIRE.subprotocol) ? WIRE.subprotocol : false),
  });
  server.on('upgrade', (req, socket, head) => {
    const refusal = refusalOf(req, options);
    if (refusal !== null) {
      refuse(socket, refusal);
      return;
    }
    sockets.handleUpgrade(req, socket, head, (ws) => {
      const caller = { host: req.headers.host ?? '', address: networkOf(addressOf(req, options.behindProxy)) };
      connect(new WsSocket(ws, socket), ws, units, caller);
    });
  });
  return () => {
    for (const ws of sockets.clients) ws.terminate();
  };
}

function connect(unit: UnitSocket, ws: WebSocket, units: UnitServer, caller: Caller): void {
  const session = units.accept(unit, caller);
  ws.on('message', (data: Buffer, isBinary) => {
    if (data.length > WIRE.messageBytes)
      session.goodbye('too-large', `a message is at most ${WIRE.messageBytes} bytes`);
    else if (isBinary) session.goodbye('not-a-message', 'messages are text');
    else session.receive(String(data));
  });
  // What isn't WebSocket any more is not waited for.
  ws.on('error', () => {
    session.closed();
    ws.terminate();
  });
  ws.on('close', () => session.closed());
}

class WsSocket implements UnitSocket {
  readonly #ws: WebSocket;
  readonly #under: Duplex;

  /** @param under what carries it */
  constructor(ws: WebSocket, under: Duplex) {
    this.#ws = ws;
    this.#under = under;
  }

  get unsent(): number {
    return this.#ws.bufferedAmount;
  }

  /** Past `ws`, which would write header and message of each by themselves; it frames all else on this connection. */
  send(messages: readonly Sendable[], sent: (() => void) | null): number {
    if (this.#ws.readyState !== WebSocket.OPEN) {
      sent?.();
      return 0;
    }
    const pieces = framed(messages);
    const last = pieces.length - 1;
    if (last > 0) this.#under.cork();
    for (const [at, piece] of pieces.entries()) {
      if (at === last && sent !== null) this.#under.write(piece, () => sent());
      else this.#under.write(piece);
    }
    if (last > 0) this.#under.uncork();
    return pieces.reduce((sum, { length }) => sum + length, 0);
  }

  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }

  end(): void {
    this.#ws.close(1000);
  }

  cut(): void {
    this.#ws.terminate();
  }
}

function refusalOf(req: IncomingMessage, { isOurHost }: GateOptions): string | null {
  if (req.url?.split('?')[0] !== UNIT_PATH) return '404 Not Found';
  if (!isOurHost(req.headers.host)) return '421 Misdirected Request';
  const offered = (req.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  return offered.includes(WIRE.subprotocol) ? null : '400 Bad Request';
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Behind a proxy the last of the addresses is the one that it has seen. */
function addressOf(req: IncomingMessage, behindProxy: boolean): string {
  const direct = req.socket.remoteAddress ?? '';
  if (!behindProxy) return direct;
  const forwarded = req.headers['x-forwarded-for'];
  const last = (typeof forwarded === 'string' ? forwarded : '').split(',').at(-1)?.trim() ?? '';
  return last === '' ? direct : last.slice(0, 64);
}
