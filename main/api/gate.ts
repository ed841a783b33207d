/**
 * Who may talk to the server at all. Loopback alone doesn't keep web pages out: one on any site can send requests to
 * 127.0.0.1, and one whose name is rebound to 127.0.0.1 can read the answers.
 */

export interface Refusal {
  readonly status: 403 | 421;
  readonly code: 'foreign-host' | 'foreign-origin';
  /** One line, the same for everybody. */
  readonly line: string;
}

interface GateHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}

const FOREIGN_ORIGIN: Refusal = {
  status: 403,
  code: 'foreign-origin',
  line: 'this address serves its own page only',
};

/** Null when `Host` is one of our own names. */
export function checkHost(headers: GateHeaders, port: number): Refusal | null {
  const names = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  if (names.includes(headers.host?.toLowerCase() ?? '')) return null;
  return { status: 421, code: 'foreign-host', line: `this is not the host asked for: use http://127.0.0.1:${port}/` };
}

/**
 * Null when `Origin` is the very origin that was asked (`Host` is checked already). `missing`: whether a program that
 * isn't a browser, and so sends none, may pass.
 */
export function checkOrigin(headers: GateHeaders, missing: 'allowed' | 'refused'): Refusal | null {
  if (headers.origin === undefined) return missing === 'allowed' ? null : FOREIGN_ORIGIN;
  return headers.origin.toLowerCase() === `http://${headers.host?.toLowerCase()}` ? null : FOREIGN_ORIGIN;
}
