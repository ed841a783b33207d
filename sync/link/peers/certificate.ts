/**
 * A certificate for the connections between units, made anew at each start and vouched for by nobody: it makes the
 * encryption, and who is at the other end is proven by the unit's own key over the session (`session.ts`).
 */
import { webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import { parseInstant } from '../../../main/core/time/instant.ts';

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

const ALGORITHM = { name: 'Ed25519' } as const;

export async function makeCertificate(): Promise<Certificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const cert = await X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=genkan-peer',
      signingAlgorithm: ALGORITHM,
      keys,
      // A unit may not know what time it is, and dates prove nothing here.
      notBefore: dateOf('2000-01-01T00:00:00Z'),
      notAfter: dateOf('9999-01-01T00:00:00Z'),
    },
    webcrypto,
  );
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return { cert: cert.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n` };
}

function dateOf(text: string): Date {
  return new Date(parseInstant(text) ?? 0);
}
