/** Who has loaded the page. A session is a random token in a cookie, and lives as long as it is used. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { ApiLimits } from './limits.ts';
import type { SignInSource } from './staff-port.ts';
import { StaffSession } from './staff-session.ts';
import { TokenBucket } from './token-bucket.ts';

export interface Session {
  readonly staff: StaffSession;
  /** All connections of the session share them: coming back doesn't refill them. */
  readonly scans: TokenBucket;
  readonly staffCalls: TokenBucket;
  readonly signIns: TokenBucket;
}

interface Entry extends Session {
  usedAt: number;
}

export class Sessions {
  readonly #clock: Clock;
  readonly #limits: ApiLimits;
  readonly #source: SignInSource;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, limits: ApiLimits, source: SignInSource) {
    this.#clock = clock;
    this.#limits = limits;
    this.#source = source;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** A new member session's token. The least recently used makes room where there are too many. */
  create(): string {
    const limits = this.#limits;
    const oldest = this.#entries.keys().next();
    if (this.#entries.size >= limits.sessions && !oldest.done) this.#drop(oldest.value);
    const token = randomBytes(32).toString('base64url');
    const bucket = (perSecond: number, burst: number) => new TokenBucket(this.#clock, perSecond, burst);
    this.#entries.set(token, {
      staff: new StaffSession(this.#clock, this.#source, limits),
      scans: bucket(limits.scansPerSecond, limits.scansBurst),
      staffCalls: bucket(limits.staffCallsPerSecond, limits.staffCallsBurst),
      signIns: bucket(limits.signInsPerSecond, limits.signInsBurst),
      usedAt: this.#clock.mono(),
    });
    return token;
  }

  /** The session of a token, which counts as a use; null where there is none (any more). */
  use(token: string | null): Session | null {
    if (token === null) return null;
    const entry = this.#entries.get(token);
    if (entry === undefined) return null;
    const now = this.#clock.mono();
    if (now - entry.usedAt >= this.#limits.sessionIdleMs) {
      this.#drop(token);
      return null;
    }
    this.#entries.delete(token);
    entry.usedAt = now;
    this.#entries.set(token, entry);
    return entry;
  }

  /** The server ends: nobody is signed in any longer. */
  close(): void {
    for (const token of [...this.#entries.keys()]) this.#drop(token);
  }

  #drop(token: string): void {
    this.#entries.get(token)?.staff.signOut('page-gone');
    this.#entries.delete(token);
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
