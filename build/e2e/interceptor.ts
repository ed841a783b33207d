/**
 * Somebody between a unit and its hub, who ends the encryption with a certificate of their choice: hears what is said,
 * says it again, and says other things in the hub's name.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';

export interface Shown {
  readonly cert: string;
  readonly key: string;
}

/** What is remembered of what the hub has said, in bytes. */
const MEMORY = 200_000;
const TEXT_FRAME = 0x81;

export class Interceptor {
  readonly #server: Server;
  readonly #target: number;
  #unit: TLSSocket | null = null;
  #said = Buffer.alloc(0);
  /** Connections that were tried, since another certificate is shown. */
  tries = 0;
  /** Bytes that the unit has said, since then. */
  heard = 0;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    server.on('connection', () => {
      this.tries += 1;
    });
    server.on('tlsClientError', (_, socket) => socket.destroy());
    server.on('secureConnection', (socket) => this.#join(socket));
  }

  /** @param target the hub's port on loopback */
  static async begin(target: number, shown: Shown): Promise<Interceptor> {
    const server = createServer(shown);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Interceptor(server, target);
  }

  /** What the unit takes for the hub's address. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('nobody is between them any more');
    return `https://127.0.0.1:${address.port}/`;
  }

  /** From the next connection on, which has to be made now. */
  show(shown: Shown): void {
    this.#server.setSecureContext(shown);
    this.tries = 0;
    this.heard = 0;
    this.#unit?.destroy();
  }

  /** The last message of a type that the hub has said, as it came. */
  last(type: string): string {
    const begin = this.#said.lastIndexOf(`{"type":"${type}"`);
    // Frames of 126 bytes and more say their length in the two bytes before.
    if (begin < 4 || this.#said[begin - 4] !== TEXT_FRAME) throw new Error(`the hub has said no ${type}`);
    return this.#said.subarray(begin, begin + this.#said.readUInt16BE(begin - 2)).toString();
  }

  /** To the unit, in the hub's name. */
  say(text: string, count = 1): void {
    const frame = frameOf(Buffer.from(text));
    for (let at = 0; at < count; at += 1) this.#unit?.write(frame);
  }

  /** Resolves when the unit has hung up. */
  hungUp(): Promise<void> {
    const unit = this.#unit;
    return new Promise((resolve) => {
      if (unit === null || unit.destroyed) resolve();
      else unit.once('close', () => resolve());
    });
  }

  end(): void {
    this.#unit?.destroy();
    this.#server.close();
  }

  #join(unit: TLSSocket): void {
    this.#unit = unit;
    const hub: Socket = connect(this.#target, '127.0.0.1');
    unit.on('error', () => hub.destroy());
    unit.on('close', () => hub.destroy());
    hub.on('error', () => unit.destroy());
    hub.on('close', () => unit.destroy());
    unit.on('data', (data: Buffer) => {
      this.heard += data.length;
      hub.write(data);
    });
    hub.on('data', (data: Buffer) => {
      this.#said = Buffer.concat([this.#said, data]).subarray(-MEMORY);
      unit.write(data);
    });
  }
}

/** As a server frames a text (RFC 6455), unmasked. */
function frameOf(text: Buffer): Buffer {
  if (text.length < 126) return Buffer.concat([Buffer.from([TEXT_FRAME, text.length]), text]);
  const head = Buffer.alloc(text.length < 65_536 ? 4 : 10);
  head[0] = TEXT_FRAME;
  head[1] = text.length < 65_536 ? 126 : 127;
  if (text.length < 65_536) head.writeUInt16BE(text.length, 2);
  else head.writeBigUInt64BE(BigInt(text.length), 2);
  return Buffer.concat([head, text]);
}
