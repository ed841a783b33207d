/**
 * `genkan-sealed/1`: a document that a passphrase alone opens (guarantees 4.6), for what is carried on a stick. AES-256-GCM
 * by a key of Argon2id (RFC 9106); the whole header is authenticated with it. Whoever has the file can try passphrases for
 * as long as they like: each try costs them what it costs here.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { err, ok, type Result } from '../core/result.ts';
import { argon2id, type Cost, isBearable } from './argon2.ts';
import { asKeyed } from './passphrase.ts';

const FORMAT = 'genkan-sealed/1';
/** The second choice of RFC 9106: 64 MiB, three passes. A unit opens one file at a time. */
const COST: Cost = { memory: 65_536, passes: 3, parallelism: 1 };
const [KEY_BYTES, SALT_BYTES, NONCE_BYTES, TAG_BYTES] = [32, 16, 12, 16];

const bytes = (count: number) => z.base64().length(Math.ceil(count / 3) * 4);
const Header = z.strictObject({
  format: z.literal(FORMAT),
  /** The format of what is inside, so that people and programs can choose a file before it is opened. */
  holds: z.string().regex(/^[a-z0-9/-]{1,40}$/),
  kdf: z
    .strictObject({
      name: z.literal('argon2id'),
      /** KiB. */
      memory: z.int(),
      passes: z.int(),
      salt: bytes(SALT_BYTES),
    })
    // Before a byte is derived: a stranger's file may not take the unit's memory or hours of it.
    .refine(({ memory, passes }) => isBearable({ memory, passes, parallelism: 1 })),
  nonce: bytes(NONCE_BYTES),
});
type Header = z.infer<typeof Header>;

/** `data`: the ciphertext with its tag as the last 16 bytes. A file is read whole before, and bounded there. */
export const Sealed = z.strictObject({ ...Header.shape, data: z.string().min(4) });
export type Sealed = z.infer<typeof Sealed>;

const Named = z.looseObject({ format: z.string() });

/** Whether it calls itself sealed, in this or in another version. */
export function isSealed(document: unknown): boolean {
  const named = Named.safeParse(document);
  return named.success && named.data.format.startsWith('genkan-sealed/');
}

/** @param document a JSON object that names its `format` */
export async function seal(document: { readonly format: string }, passphrase: string): Promise<Sealed> {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const { memory, passes } = COST;
  const header: Header = {
    format: FORMAT,
    holds: document.format,
    kdf: { name: 'argon2id', memory, passes, salt: salt.toString('base64') },
    nonce: nonce.toString('base64'),
  };
  const cipher = createCipheriv('aes-256-gcm', await keyOf(header, passphrase), nonce);
  cipher.setAAD(authenticated(header));
  const text = cipher.update(JSON.stringify(document), 'utf8');
  const data = Buffer.concat([text, cipher.final(), cipher.getAuthTag()]).toString('base64');
  return { ...header, data };
}

/** Why a sealed file was not opened: only after `wrong` can another passphrase help. `line` says what to do. */
export interface NotOpened {
  readonly why: 'form' | 'wrong';
  readonly line: string;
}

/** Checks the form alone, in no time: what passes is worth asking for its passphrase. */
export function parseSealed(document: unknown): Result<Sealed, NotOpened> {
  const sealed = Sealed.safeParse(document);
  if (sealed.success) return ok(sealed.data);
  const named = Named.safeParse(document);
  const isOther = named.success && named.data.format !== FORMAT;
  return err({ why: 'form', line: isOther ? `format: ${FORMAT}: update this program, or seal it anew` : MISSHAPEN });
}

const MISSHAPEN = 'a sealed file that is damaged, or costs more to open than this program gives: write it anew';
/** By the cipher the two are one. */
const WRONG = 'the passphrase is another one, or the file is damaged: type it again, or write the file anew';

/** @returns the document inside, unchecked */
export async function openSealed(sealed: Sealed, passphrase: string): Promise<Result<unknown, NotOpened>> {
  const { data, ...header } = sealed;
  const all = Buffer.from(data, 'base64');
  if (all.length < TAG_BYTES) return err({ why: 'form', line: MISSHAPEN });
  const key = await keyOf(header, passphrase);
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(header.nonce, 'base64'), options);
  decipher.setAAD(authenticated(header));
  decipher.setAuthTag(all.subarray(-TAG_BYTES));
  let text: string;
  try {
    text = Buffer.concat([decipher.update(all.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return err({ why: 'wrong', line: WRONG });
  }
  try {
    return ok(JSON.parse(text));
  } catch {
    return err({ why: 'form', line: 'the sealed file holds no JSON: write it anew' });
  }
}

function keyOf({ kdf: { memory, passes, salt } }: Header, passphrase: string): Promise<Buffer> {
  const derivation = { salt: Buffer.from(salt, 'base64'), tagLength: KEY_BYTES };
  return argon2id(asKeyed(passphrase), { memory, passes, parallelism: 1 }, derivation);
}

/** One text for one header, however its file is written. */
function authenticated({ format, holds, kdf, nonce }: Header): Buffer {
  return Buffer.from(JSON.stringify([format, holds, kdf.name, kdf.memory, kdf.passes, kdf.salt, nonce]));
}
