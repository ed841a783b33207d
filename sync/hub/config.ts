/** What the hub is told by its environment. Every mistake is named by its variable. */
import { isIP } from 'node:net';
import * as z from 'zod';
import { err, ok, type Result } from '../../main/core/result.ts';

export interface HubConfig {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Where SQLite keeps its file, when there is no `databaseUrl`. */
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** A proxy ends TLS before us, and says who calls in `X-Forwarded-For`. */
  readonly behindProxy: boolean;
  /** Names under which the hub is called; none: any, but on loopback that one alone. */
  readonly names: readonly string[];
  readonly perAddress: number | null;
  /** A start prints a one-time admin code though somebody has a token: whoever had one may have lost it. */
  readonly newAdminCode: boolean;
}

const whole = (most: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .pipe(z.int().max(most));
const file = z.string().min(1).max(4_096);

const Environment = z.object({
  HUB_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:-]{1,253}$/, 'a host name or an address')
    .default('127.0.0.1'),
  HUB_PORT: whole(65_535).default(8378),
  HUB_DATA: file.default('.hub'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(?:ql)?:\/\//, 'postgres://…')
    .optional(),
  HUB_TLS_CERT: file.optional(),
  HUB_TLS_KEY: file.optional(),
  HUB_BEHIND_PROXY: z.enum(['0', '1']).default('0'),
  HUB_NAMES: z.string().max(2_000).default(''),
  HUB_PER_ADDRESS: whole(100_000).optional(),
  HUB_NEW_ADMIN_CODE: z.enum(['0', '1']).default('0'),
});

const EXPECTED: Readonly<Record<string, string>> = {
  HUB_HOST: 'a host name or an address, such as 127.0.0.1',
  HUB_PORT: 'a port, 0 to 65535',
  HUB_DATA: 'a folder',
  DATABASE_URL: 'an address beginning with postgres://',
  HUB_BEHIND_PROXY: '0 or 1',
  HUB_NEW_ADMIN_CODE: '0 or 1',
  HUB_NAMES: 'host names with commas between them',
  HUB_PER_ADDRESS: 'how many connections one address may have, 1 to 100000',
};

/** @returns lines that say what is wrong, without what was there */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Result<HubConfig, readonly string[]> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const names = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
    return err([...names].map((name) => `${name}: expected ${EXPECTED[name] ?? 'a file'}`));
  }
  const { HUB_TLS_CERT: cert, HUB_TLS_KEY: key, ...rest } = parsed.data;
  if ((cert === undefined) !== (key === undefined)) return err(['HUB_TLS_CERT and HUB_TLS_KEY: give both or none']);
  const config: HubConfig = {
    host: rest.HUB_HOST,
    port: rest.HUB_PORT,
    dataDir: rest.HUB_DATA,
    databaseUrl: rest.DATABASE_URL ?? null,
    tls: cert === undefined || key === undefined ? null : { cert, key },
    behindProxy: rest.HUB_BEHIND_PROXY === '1',
    names: rest.HUB_NAMES.split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ''),
    perAddress: rest.HUB_PER_ADDRESS ?? null,
    newAdminCode: rest.HUB_NEW_ADMIN_CODE === '1',
  };
  if (!isLoopback(config.host) && config.tls === null && !config.behindProxy)
    return err(['HUB_HOST: without TLS only on loopback: set HUB_TLS_CERT and HUB_TLS_KEY, or HUB_BEHIND_PROXY=1']);
  return ok(config);
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Whether a request's `Host` is one of ours: a page of somebody else's must not reach us under its own name. */
export function isOurHost(config: HubConfig, host: string | undefined): boolean {
  if (host === undefined) return false;
  const name = host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1');
  if (config.names.includes(name) || name === config.host.toLowerCase()) return true;
  return isLoopback(config.host) ? isLoopback(name) : config.names.length === 0;
}
