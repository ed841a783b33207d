/** Lines to a hub over WebSocket: TLS by the system's roots, or by one pinned key; plain on loopback alone. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions } from 'node:https';
import { type Duplex, PassThrough } from 'node:stream';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { type ClientOptions, WebSocket } from 'ws';
import type { Clock } from '../../main/core/clock.ts';
import { WIRE } from '../wire/limits.ts';
import type { Dialer, HubAddress, Line, LineSink } from './ports.ts';
import { findRoots } from './roots.ts';

/** WebSocket's code for what breaks a rule; 1000 is a proper end. */
const ENDED = 1_000;
/** Bytes of a close frame's reason. */
const MOST_WHY = 120;
const HANG_UP_MS = 500;
const MOST_CERTIFICATES = 10;

export class WebSocketDialer implements Dialer {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  dial(address: HubAddress, sink: LineSink): Line {
    const socket = new WebSocket(address.url, WIRE.subprotocol, optionsOf(this.#clock, address));
    let isOver = false;
    const end = (why: string) => {
      if (isOver) return;
      isOver = true;
      socket.terminate();
      sink.closed(why);
    };
    socket.on('open', () => {
      if (!isOver) sink.opened();
    });
    socket.on('message', (data, isBinary) => {
      if (isOver) return;
      if (isBinary) end('the hub sent bytes instead of text');
      else sink.said(bytesOf(data));
    });
    socket.on('error', (error) => end(errorText(error)));
    socket.on('unexpected-response', (_, response: IncomingMessage) =>
      end(`the hub’s server answered ${response.statusCode ?? 'nothing'}: is the address that of a hub?`),
    );
    socket.on('close', (code) => end(`the connection ended (${code})`));
    return {
      send: (text) => {
        if (!isOver && socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      listen: (on) => {
        if (on) socket.resume();
        else socket.pause();
      },
      close: (why) => {
        if (isOver) return;
        isOver = true;
        this.#hangUp(socket, why);
      },
    };
  }

  /** Says why, and doesn't wait long for the other side to agree. */
  #hangUp(socket: WebSocket, why: string): void {
    socket.resume();
    if (socket.readyState !== WebSocket.OPEN) {
      socket.terminate();
      return;
    }
    socket.close(ENDED, Buffer.from(why).subarray(0, MOST_WHY).toString('latin1'));
    this.#clock.after('link hangs up', HANG_UP_MS, () => socket.terminate());
  }
}

function optionsOf(clock: Clock, address: HubAddress): ClientOptions {
  const options: ClientOptions = {
    perMessageDeflate: false,
    maxPayload: WIRE.messageBytes,
    handshakeTimeout: WIRE.greetingMs,
    followRedirects: false,
  };
  if (!address.url.startsWith('wss:')) return options;
  return { ...options, agent: new CheckedAgent(clock, address.pin) };
}

/** Hands on a connection once it is known to be the hub's: nothing is sent before. */
class CheckedAgent extends Agent {
  readonly #clock: Clock;
  readonly #pin: string | null;

  constructor(clock: Clock, pin: string | null) {
    super({ keepAlive: false });
    this.#clock = clock;
    this.#pin = pin;
  }

  override createConnection({ host, port, servername }: RequestOptions, ready?: Ready): undefined {
    const place = { host: host ?? '', port: Number(port), servername: servername ?? '' };
    this.#open(place).then(
      (socket) => ready?.(null, socket),
      // Without an error nobody looks at the stream.
      (error: unknown) => ready?.(error instanceof Error ? error : new Error('no connection'), new PassThrough()),
    );
  }

  async #open(place: Place): Promise<TLSSocket> {
    const socket = await secured({ ...place, rejectUnauthorized: false });
    const isTrusted = this.#pin === null ? socket.authorized : pinOf(socket) === this.#pin;
    if (isTrusted) return socket;
    const issuer = issuerOf(socket);
    socket.destroy();
    if (this.#pin !== null) throw new PinError();
    const roots = await findRoots(this.#clock, issuer);
    return secured({ ...place, ca: [...roots] });
  }
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly servername: string;
}

type Ready = (error: Error | null, stream: Duplex) => void;

function secured(options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...options, timeout: WIRE.greetingMs, ALPNProtocols: ['http/1.1'] });
    socket.on('error', reject);
    socket.on('timeout', () => socket.destroy(new Error('the connection is too slow')));
    socket.once('secureConnect', () => {
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

/** Who has signed the last one of the certificates that came. */
function issuerOf(socket: TLSSocket): string {
  let last = socket.getPeerX509Certificate();
  for (let count = 0; last?.issuerCertificate !== undefined && count < MOST_CERTIFICATES; count += 1)
    last = last.issuerCertificate;
  return last?.issuer ?? '';
}

class PinError extends Error {
  readonly code = 'PIN';
}

function pinOf(socket: TLSSocket): string | null {
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
  return key === undefined ? null : createHash('sha256').update(key).digest('base64');
}

function bytesOf(data: unknown): Buffer {
  if (Buffer.isBuffer(data)) return data;
  throw new Error('text messages come as one buffer');
}

function errorText(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'PIN') return 'the hub’s certificate has another key than the pinned one';
  if (/CERT|SIGNED|ISSUER|ALTNAME/.test(code)) return `the hub’s certificate is not trusted (${code})`;
  if (/^ERR_SSL/.test(code)) return `no TLS is spoken there (${code})`;
  return code === '' ? 'the connection failed' : `the connection failed (${code})`;
}
