/**
 * Keeps the LAN server up: reads the certificate, listens, and tries again while it can't, since the network may come
 * later than the unit, and a wrong certificate must not keep a door shut.
 */
import { readFileSync } from 'node:fs';
import type { PassageSink } from '../api/lan/ports.ts';
import { type LanServerOptions, type RunningLanServer, startLanServer } from '../api/lan/server.ts';
import type { LanConfig } from '../contract/lan.ts';
import type { Clock, Timer } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { DeviceBoard } from './device-board.ts';
import type { Log } from './log.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export interface TerminalsLanParts {
  /** Paths absolute. */
  readonly lan: LanConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly devices: DeviceBoard;
  readonly passages: PassageSink;
}

export class TerminalsLan {
  readonly #parts: TerminalsLanParts;
  #server: RunningLanServer | null = null;
  #starting: Promise<void> = Promise.resolve();
  #retry: Timer | null = null;
  #pauseMs = FIRST_PAUSE_MS;
  #closed = false;

  constructor(parts: TerminalsLanParts) {
    this.#parts = parts;
    for (const { id, doorId } of parts.lan.terminals) {
      parts.devices.add({ id, door: doorId, kind: 'reader', driver: 'terminal' });
    }
  }

  start(): void {
    this.#starting = this.#try();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#retry?.cancel();
    await this.#starting;
    await this.#server?.close();
  }

  async #try(): Promise<void> {
    const { lan, clock, log, passages } = this.#parts;
    const { host, port, terminals } = lan;
    const tls = readTls(lan);
    const logged: LanServerOptions['log'] = ({ code, detail, times }) => log.warn({ code, times }, detail);
    const started = tls.ok
      ? await startLanServer({ host, port, tls: tls.value, terminals, passages, clock, log: logged })
      : err(tls.error);
    if (started.ok) {
      this.#server = started.value;
      log.info({ url: started.value.url, terminals: terminals.length }, 'terminals report here');
      this.#tell(true, `reports to ${started.value.url}`);
      return;
    }
    log.error({ code: started.error.code }, started.error.detail);
    this.#tell(false, started.error.detail);
    if (this.#closed) return;
    this.#retry = clock.after('lan', this.#pauseMs, () => this.start());
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
  }

  #tell(isUp: boolean, detail: string): void {
    const state = isUp ? ({ ok: true, detail } as const) : ({ ok: false, code: 'failed', detail } as const);
    for (const { id } of this.#parts.lan.terminals) this.#parts.devices.set(id, state);
  }
}

function readTls({ tls }: LanConfig): Result<LanServerOptions['tls'], { code: 'certificate'; detail: string }> {
  if (tls === null) return ok(null);
  const texts: string[] = [];
  for (const file of [tls.cert, tls.key]) {
    try {
      texts.push(readFileSync(file, 'utf8'));
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      return err({ code: 'certificate', detail: `lan.tls: ${file} can't be read (${why}): name a PEM file` });
    }
  }
  const [cert = '', key = ''] = texts;
  return ok({ cert, key });
}
