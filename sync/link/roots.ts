/**
 * The system's own certificates of authorities. Node has the public ones built in; to load the system's besides takes a
 * second, in which no scan would be served. So only the one that is needed is looked for, by its name, between scans.
 */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Clock } from '../../main/core/clock.ts';

/** Debian and Alpine, Fedora, others. */
const BUNDLES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** Reading that many takes about two milliseconds. */
const SLICE = 8;

/** @param subject as `X509Certificate` writes it @returns PEM of those with that name */
export async function findRoots(clock: Clock, subject: string, bundles = BUNDLES): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of bundles) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const all = text.match(PEM) ?? [];
    for (let at = 0; at < all.length; at += SLICE) {
      await pause(clock);
      found.push(...all.slice(at, at + SLICE).filter((pem) => subjectOf(pem) === subject));
    }
  }
  return found;
}

function pause(clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    clock.after('link roots', 0, resolve);
  });
}

function subjectOf(pem: string): string | null {
  try {
    return new X509Certificate(pem).subject;
  } catch {
    // One that can't be read vouches for nobody.
    return null;
  }
}
