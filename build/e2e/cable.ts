/** The network between one unit and a hub, in this process: it can be cut, led to another hub, and halted in mid-stream. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../main/core/clock.ts';

const MOST_DROPS = 1_000_000;

export class Cable {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #target: number;
  #isCut = false;
  #left = Number.POSITIVE_INFINITY;
  #used: () => void = () => undefined;
  /** The connection that was made last. */
  #unit: Socket | null = null;
  /** What waits to be let through in drops; null: all goes through. */
  #drops: Buffer | null = null;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    server.on('connection', (socket) => this.#join(socket));
  }

  /** @param target the hub's port on loopback */
  static async lay(target: number): Promise<Cable> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Cable(server, target);
  }

  /** What the unit takes for the hub's address. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the cable has been taken up');
    return `http://127.0.0.1:${address.port}/`;
  }

  /** Nothing comes through, and what was under way is lost. */
  cut(): void {
    this.#isCut = true;
    this.#drop();
  }

  /** Whole again, to the hub at `target` from now on. */
  lead(target: number = this.#target): void {
    this.#isCut = false;
    this.#drops = null;
    this.#left = Number.POSITIVE_INFINITY;
    if (target === this.#target) return;
    this.#target = target;
    this.#drop();
  }

  /**
   * Lets so many bytes more through to the unit, then nothing, though neither side is told: what came has time to be worked
   * at before a cut. Resolves when that has happened.
   */
  haltAfter(bytes: number): Promise<void> {
    this.#left = bytes;
    return new Promise((resolve) => {
      this.#used = resolve;
    });
  }

  /** Lets what the hub says through to the unit a byte at a time: the line lives, and no message ever comes. */
  drip(clock: Clock, everyMs: number): void {
    this.#drops = Buffer.alloc(0);
    const drop = () => {
      if (this.#drops === null) return;
      this.#unit?.write(this.#drops.subarray(0, 1));
      this.#drops = this.#drops.subarray(1);
      clock.after('a drop', everyMs, drop);
    };
    drop();
  }

  /** Takes nothing of the unit any more, which hears the hub as before. */
  deafen(): void {
    this.#unit?.unpipe();
    this.#unit?.pause();
  }

  takeUp(): void {
    this.cut();
    this.#server.close();
  }

  #join(unit: Socket): void {
    if (this.#isCut) {
      unit.destroy();
      return;
    }
    const hub = connect(this.#target, '127.0.0.1');
    for (const [from, to] of [
      [unit, hub],
      [hub, unit],
    ] as const) {
      this.#open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#open.delete(from);
        to.destroy();
      });
    }
    this.#unit = unit;
    unit.pipe(hub);
    hub.on('data', (data: Buffer) => this.#down(unit, data));
  }

  #down(unit: Socket, data: Buffer): void {
    if (this.#drops !== null) {
      this.#drops = Buffer.concat([this.#drops, data]).subarray(0, MOST_DROPS);
      return;
    }
    unit.write(data.subarray(0, Math.max(0, Math.min(data.length, this.#left))));
    this.#left -= data.length;
    if (this.#left <= 0) this.#used();
  }

  #drop(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
