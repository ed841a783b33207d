/** Chromium's command line: what the shell adds to it, and what it doesn't start with. */
import { err, ok, type Result } from '../core/result.ts';
import type { ShellApp } from './electron.ts';

const ADDED: readonly (readonly [name: string, value?: string])[] = [
  ['disable-pinch'],
  ['overscroll-history-navigation', '0'],
  ['disable-renderer-backgrounding'],
  // No name is ever looked up: the controller's address is a number.
  ['host-resolver-rules', 'MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE [::1]'],
];

/** Each of these takes a wall down or lets another program in. */
export const REFUSED_SWITCHES: readonly string[] = [
  'no-sandbox',
  'disable-setuid-sandbox',
  'disable-namespace-sandbox',
  'disable-seccomp-filter-sandbox',
  'single-process',
  'disable-web-security',
  'disable-site-isolation-trials',
  'allow-running-insecure-content',
  'enable-blink-features',
  'ignore-certificate-errors',
  'unsafely-treat-insecure-origin-as-secure',
  'use-fake-ui-for-media-stream',
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-allow-origins',
  'inspect',
  'inspect-brk',
  'load-extension',
  'proxy-server',
  'log-net-log',
];

export function refuseSwitches(app: Pick<ShellApp, 'commandLine'>): Result<null, string> {
  const found = REFUSED_SWITCHES.find((name) => app.commandLine.hasSwitch(name));
  return found === undefined ? ok(null) : err(`--${found} makes the shell unsafe: start it without`);
}

export function addSwitches(app: Pick<ShellApp, 'commandLine'>): void {
  for (const [name, value] of ADDED) app.commandLine.appendSwitch(name, value);
}
