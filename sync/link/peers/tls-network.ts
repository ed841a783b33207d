/** Connections between units: TLS 1.3, a certificate on either side, JSON lines inside. A server of its own, off by default. */
import { connect, createServer, type Server, type TLSSocket } from 'node:tls';
import { err, ok, type Result } from '../../../main/core/result.ts';
import { WIRE } from '../../wire/limits.ts';
import { PEER } from '../../wire/peer.ts';
import { makeCertificate } from './certificate.ts';
import { Lines } from './lines.ts';
import type { PeerNetwork, PeerSink, PeerWire } from './ports.ts';

const HANDSHAKE_MS = 5_000;
const MOST_CONNECTIONS = 2 * WIRE.unitsOfSite;
/** What may wait for a side that doesn't read. */
const MOST_UNSENT = 4 * WIRE.messageBytes;
const SESSION_BYTES = 32;
const OPTIONS = { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', rejectUnauthorized: false } as const;

export class TlsNetwork implements PeerNetwork {
  readonly #host: string;
  readonly #port: number;
  readonly #sockets = new Set<TLSSocket>();
  readonly #own = makeCertificate();
  #server: Server | null = null;

  /** @param host an address of this unit @param port 0: any */
  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  async listen(called: (wire: PeerWire) => void): Promise<Result<number, string>> {
    const server = createServer({
      ...OPTIONS,
      ...this.#own,
      requestCert: true,
      handshakeTimeout: HANDSHAKE_MS,
    });
    server.maxConnections = MOST_CONNECTIONS;
    // A handshake that fails is the caller's trouble.
    server.on('tlsClientError', (_, socket) => socket.destroy());
    server.on('secureConnection', (socket) => this.#opened(socket, called));
    return new Promise((resolve) => {
      server.once('error', (error) => resolve(err(`lan.peers: can't listen on ${this.#host} (${codeOf(error)})`)));
      server.listen(this.#port, this.#host, () => {
        server.on('error', () => undefined);
        this.#server = server;
        const address = server.address();
        resolve(ok(address !== null && typeof address === 'object' ? address.port : this.#port));
      });
    });
  }

  call(host: string, port: number, open: (wire: PeerWire) => void, failed: (why: string) => void): void {
    const socket = connect({ ...OPTIONS, ...this.#own, host, port, timeout: HANDSHAKE_MS });
    const fail = (why: string) => {
      socket.destroy();
      failed(why);
    };
    const failedBefore = (error: Error) => fail(codeOf(error));
    const tooSlow = () => fail('no answer');
    socket.once('error', failedBefore);
    socket.once('timeout', tooSlow);
    socket.once('secureConnect', () => {
      socket.off('error', failedBefore);
      socket.off('timeout', tooSlow);
      socket.setTimeout(0);
      this.#opened(socket, open);
    });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    if (server !== null) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #opened(socket: TLSSocket, open: (wire: PeerWire) => void): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    socket.setNoDelay(true);
    if (socket.getPeerX509Certificate() === undefined) socket.destroy();
    else open(wireOf(socket));
  }
}

function wireOf(socket: TLSSocket): PeerWire {
  const session = socket.exportKeyingMaterial(SESSION_BYTES, PEER.exporter, Buffer.alloc(0)).toString('base64url');
  const address = `${socket.remoteAddress ?? 'nowhere'}:${socket.remotePort ?? 0}`;
  return {
    address,
    session,
    send: (text) => {
      if (!socket.destroyed) socket.write(`${text}\n`);
      return socket.writableLength <= MOST_UNSENT;
    },
    // What was said last, a goodbye, still goes out.
    close: () => socket.destroySoon(),
    take: (sink) => take(socket, sink),
  };
}

function take(socket: TLSSocket, sink: PeerSink): void {
  const lines = new Lines();
  let isOver = false;
  const end = (why: string) => {
    if (isOver) return;
    isOver = true;
    socket.destroy();
    sink.closed(why);
  };
  socket.on('data', (chunk: Buffer) => {
    const said = isOver ? [] : lines.push(chunk);
    if (said === null) end(`a message of over ${WIRE.messageBytes} bytes`);
    else for (const line of said) sink.said(line);
  });
  socket.on('error', (error) => end(codeOf(error)));
  socket.on('close', () => end('the connection ended'));
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : 'failed';
}
