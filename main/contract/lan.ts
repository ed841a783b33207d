/**
 * The configuration's `lan`: the second server, off by default, and the terminals that may report to it; and the units of
 * the same site. A terminal's
 * token stands nowhere; its digest stands here.
 */
import * as z from 'zod';
import { IdText, intOf, listOf, objectOf, oneOf, textOf } from './fields.ts';
import { type DocumentError, pathText } from './issues.ts';

const ADDRESS = 'an IP address of this unit, such as 192.168.1.10';
const SOURCE = 'an IP address such as 192.168.1.20, or a range such as 192.168.1.0/28';
const SOURCES = 'a list of 1 to 16 addresses that the terminal reports from';
const DIGEST = 'the SHA-256 of the token: 64 small hex digits';
const TLS = '{ "cert", "key" }: only on 127.0.0.1 and ::1 may it be null';

const FileName = textOf(4_096).min(1, 'a path that is not empty');

/** A device that decides by itself and reports who passed: a face terminal, an alarm company's controller. */
const TerminalConfig = objectOf({
  id: IdText,
  doorId: IdText,
  /** Of passages that don't say it themselves. */
  direction: oneOf(['in', 'out']).default('in'),
  tokenDigest: z.string(DIGEST).regex(/^[0-9a-f]{64}$/, DIGEST),
  from: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], SOURCE), SOURCES)
    .min(1, SOURCES)
    .max(16, SOURCES),
});
export type TerminalConfig = z.infer<typeof TerminalConfig>;

/** Units of the same site, found by mDNS: each proves itself by its key (sync/link/peers). */
const PeersConfig = objectOf({
  host: z.union([z.ipv4(), z.ipv6()], ADDRESS),
  port: intOf(0, 65_535).default(8_379),
});

export const LanConfig = objectOf({
  host: z.union([z.ipv4(), z.ipv6()], ADDRESS),
  port: intOf(0, 65_535),
  /** PEM files. The LAN is untrusted: without TLS a token could be read off the wire. */
  tls: objectOf({ cert: FileName, key: FileName }).nullable(),
  terminals: listOf(TerminalConfig).refine((list) => list.length <= 64, 'a list of at most 64 terminals'),
  peers: PeersConfig.nullable().default(null),
});
export type LanConfig = z.infer<typeof LanConfig>;

/** @param readerIds of the configuration: a terminal's id stands in events where a reader's does */
export function lanErrors(lan: LanConfig | null, readerIds: ReadonlySet<string>): DocumentError[] {
  if (lan === null) return [];
  const errors: DocumentError[] = [];
  const ids = new Set(readerIds);
  const digests = new Set<string>();
  if (lan.tls === null && lan.terminals.length > 0 && !isLoopback(lan.host))
    errors.push({ path: 'lan.tls', expected: TLS });
  for (const [index, { id, tokenDigest }] of lan.terminals.entries()) {
    const complain = (key: string, expected: string) =>
      errors.push({ path: pathText(['lan', 'terminals', index, key]), expected });
    if (ids.has(id)) complain('id', 'an id that no reader and no other terminal has');
    if (digests.has(tokenDigest)) complain('tokenDigest', 'the digest of a token of its own');
    ids.add(id);
    digests.add(tokenDigest);
  }
  return errors;
}

export function isLoopback(host: string): boolean {
  return host === '127.0.0.1' || host === '::1';
}
