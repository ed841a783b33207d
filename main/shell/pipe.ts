/**
 * What the controller tells the shell over the inherited pipe (standard input), a JSON object a line:
 * `{"token":"…"}` proves that this is the unit's own screen; a newer one takes the place of the older.
 * `{"permit":"…"}` lets the page end the shell once, within a minute; a newer one takes the place of the older.
 * The pipe's end changes nothing here: what was said still holds.
 */
import { timingSafeEqual } from 'node:crypto';
import type { Readable } from 'node:stream';
import * as z from 'zod/mini';
import type { Clock } from '../core/clock.ts';
import type { Say } from './say.ts';

/** 32 bytes in base64url are 43 characters. */
const Secret = z.string().check(z.regex(/^[\w-]{43,128}$/));
const PipeLine = z.union([z.strictObject({ token: Secret }), z.strictObject({ permit: Secret })]);

export const LONGEST_LINE_BYTES = 512;
export const PERMIT_LIFE_MS = 60_000;

/** Of one process of the shell. */
export interface Secrets {
  /** The newest; null until one has come. */
  token(): string | null;
  /** Whether `offered` is the permit that the controller gave. Any attempt uses the permit up. */
  spendPermit(offered: string): boolean;
}

/** @param onToken called when there is another token than before */
export function readPipe(pipe: Readable, clock: Clock, say: Say, onToken: () => void): Secrets {
  let token: string | null = null;
  let permit: { readonly text: string; readonly untilMono: number } | null = null;
  const lines = new LineSplitter((line) => {
    const parsed = PipeLine.safeParse(line === null ? null : readJson(line));
    if (!parsed.success) {
      say('Shell: a line on the pipe is neither a token nor a permit; left out');
      return;
    }
    if ('permit' in parsed.data) {
      permit = { text: parsed.data.permit, untilMono: clock.mono() + PERMIT_LIFE_MS };
      return;
    }
    if (parsed.data.token === token) return;
    token = parsed.data.token;
    onToken();
  });
  pipe.on('data', (chunk: Buffer) => lines.push(chunk));
  // A broken pipe is an ended pipe.
  pipe.on('error', () => {});
  return {
    token: () => token,
    spendPermit: (offered) => {
      const held = permit;
      permit = null;
      return held !== null && clock.mono() <= held.untilMono && sameText(held.text, offered);
    },
  };
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Cuts bytes at LF. A line that is too long is dropped up to its end, and told as null. */
class LineSplitter {
  readonly #onLine: (line: string | null) => void;
  #kept = Buffer.alloc(0);
  #dropping = false;

  constructor(onLine: (line: string | null) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(0x0a); end !== -1; end = rest.indexOf(0x0a)) {
      this.#keep(rest.subarray(0, end));
      this.#onLine(this.#dropping ? null : this.#kept.toString('utf8'));
      this.#kept = Buffer.alloc(0);
      this.#dropping = false;
      rest = rest.subarray(end + 1);
    }
    this.#keep(rest);
  }

  #keep(part: Buffer): void {
    if (this.#dropping || this.#kept.length + part.length > LONGEST_LINE_BYTES) {
      this.#dropping = true;
      this.#kept = Buffer.alloc(0);
    } else if (part.length > 0) {
      this.#kept = Buffer.concat([this.#kept, part]);
    }
  }
}
