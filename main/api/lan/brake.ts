/** Bounds how fast an address may connect, and slows whoever tries tokens. A known token is never slowed. */
import type { Clock, Timer } from '../../core/clock.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { LanLimits } from './limits.ts';

interface Source {
  readonly bucket: TokenBucket;
  unknown: number;
  lastUnknown: number;
}

export class Brake {
  readonly #clock: Clock;
  readonly #limits: LanLimits;
  /** In the order in which they were last heard. */
  readonly #sources = new Map<string, Source>();
  readonly #waiting = new Map<Timer, string>();
  readonly #all: TokenBucket;

  constructor(clock: Clock, limits: LanLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#all = new TokenBucket(clock, limits.handshakesPerSecond, limits.handshakesBurst);
  }

  /** False where connections come too fast: a TLS handshake keeps the processor busy for milliseconds. */
  mayConnect(address: string): boolean {
    return this.#source(address).bucket.take() && this.#all.take();
  }

  /**
   * An unknown token came from this address.
   * @param answer is called after the pause @returns false: too many wait already, and nobody is to be answered
   */
  unknown(address: string, answer: () => void): boolean {
    const { slowMs, slowestMs, calmMs, waitingAnswers } = this.#limits;
    const source = this.#source(address);
    const now = this.#clock.mono();
    source.unknown = now - source.lastUnknown > calmMs ? 1 : source.unknown + 1;
    source.lastUnknown = now;
    // One at a time for each address: tries side by side are no faster.
    if (this.#waiting.size >= waitingAnswers || [...this.#waiting.values()].includes(address)) return false;
    const pauseMs = Math.min(slowestMs, slowMs * 2 ** Math.min(source.unknown - 1, 16));
    const timer = this.#clock.after('answer to an unknown terminal', pauseMs, () => {
      this.#waiting.delete(timer);
      answer();
    });
    this.#waiting.set(timer, address);
    return true;
  }

  close(): void {
    for (const timer of this.#waiting.keys()) timer.cancel();
    this.#waiting.clear();
  }

  #source(address: string): Source {
    const { handshakesPerSecondPerSource, handshakesBurstPerSource, sources } = this.#limits;
    const known = this.#sources.get(address);
    const source = known ?? {
      bucket: new TokenBucket(this.#clock, handshakesPerSecondPerSource, handshakesBurstPerSource),
      unknown: 0,
      lastUnknown: Number.NEGATIVE_INFINITY,
    };
    this.#sources.delete(address);
    this.#sources.set(address, source);
    const [oldest] = this.#sources.keys();
    if (this.#sources.size > sources && oldest !== undefined) this.#sources.delete(oldest);
    return source;
  }
}
