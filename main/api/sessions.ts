/** Who has loaded the page. A session is a random token in a cookie, and lives as long as it is used. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { ApiLimits } from './limits.ts';
import type { Role } from './router.ts';
import { TokenBucket } from './token-bucket.ts';

export interface Session {
  readonly role: Role;
  /** All connections of the session share it: coming back doesn't refill it. */
  readonly scans: TokenBucket;
}

interface Entry extends Session {
  usedAt: number;
}

export class Sessions {
  readonly #clock: Clock;
  readonly #limits: ApiLimits;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, limits: ApiLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** A new member session's token. The least recently used makes room where there are too many. */
  create(): string {
    const { scansPerSecond, scansBurst, sessions } = this.#limits;
    const oldest = this.#entries.keys().next();
    if (this.#entries.size >= sessions && !oldest.done) this.#entries.delete(oldest.value);
    const token = randomBytes(32).toString('base64url');
    const scans = new TokenBucket(this.#clock, scansPerSecond, scansBurst);
    this.#entries.set(token, { role: 'member', scans, usedAt: this.#clock.mono() });
    return token;
  }

  /** The session of a token, which counts as a use; null where there is none (any more). */
  use(token: string | null): Session | null {
    if (token === null) return null;
    const entry = this.#entries.get(token);
    if (entry === undefined) return null;
    this.#entries.delete(token);
    const now = this.#clock.mono();
    if (now - entry.usedAt >= this.#limits.sessionIdleMs) return null;
    entry.usedAt = now;
    this.#entries.set(token, entry);
    return entry;
  }
}

/** Cookies know no ports, so the name has it: two units on one machine keep apart. */
function cookieName(port: number): string {
  return `genkan-${port}`;
}

export function sessionCookie(port: number, token: string): string {
  return `${cookieName(port)}=${token}; Path=/; HttpOnly; SameSite=Strict`;
}

/** The token in a `Cookie` header; null where it has none. */
export function tokenOf(port: number, header: string | undefined): string | null {
  const prefix = `${cookieName(port)}=`;
  const found = (header ?? '').split(';').find((part) => part.trim().startsWith(prefix));
  return found === undefined ? null : found.trim().slice(prefix.length);
}
