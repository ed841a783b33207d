/**
 * A certificate for the connections between units, made anew at each start and vouched for by nobody: it makes the
 * encryption, and who is at the other end is proven by the unit's own key over the session (`session.ts`).
 */
import { generateKeyPairSync, sign } from 'node:crypto';

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

/** X.509 (RFC 5280) in DER, for Ed25519 (RFC 8410). */
const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BITS = 0x03;
const OID = 0x06;
const TEXT = 0x0c;
const UTC_TIME = 0x17;
const VERSION_3 = Buffer.from('a003020102', 'hex');
const ED25519 = der(SEQUENCE, der(OID, Buffer.from('2b6570', 'hex')));
const COMMON_NAME = der(OID, Buffer.from('550403', 'hex'));

export function makeCertificate(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(TEXT, Buffer.from('genkan-peer')))));
  const content = der(
    SEQUENCE,
    VERSION_3,
    der(INTEGER, Buffer.from([1])),
    ED25519,
    name,
    // A unit may not know what time it is, and dates prove nothing here.
    der(SEQUENCE, timeOf('000101000000Z'), timeOf('491231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const certificate = der(SEQUENCE, content, ED25519, bits(sign(null, content, privateKey)));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function timeOf(text: string): Buffer {
  return der(UTC_TIME, Buffer.from(text));
}

function bits(value: Buffer): Buffer {
  return der(BITS, Buffer.from([0]), value);
}

/** A tag, the length (up to 65,535), the value. */
function der(tag: number, ...values: readonly Buffer[]): Buffer {
  const value = Buffer.concat(values);
  const { length } = value;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), value]);
  if (length < 0x100) return Buffer.concat([Buffer.from([tag, 0x81, length]), value]);
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), value]);
}
