/**
 * What a pass looks like: `GP1:` and, in base45, an untagged COSE_Sign1 over CWT claims (resources/manual/passes.md).
 * Pure. A pass has one encoding: what isn't character for character what we would write ourselves is no pass.
 */
import { decode, encode, rfc8949EncodeOptions } from 'cborg';
import * as z from 'zod';
import { decodeBase45, encodeBase45 } from './base45.ts';

/** Tells a pass from a static code, and its format from later ones. */
export const PASS_PREFIX = 'GP1:';
/** With the prefix: what a small QR code holds. */
export const MOST_CHARACTERS = 180;
export const SIGNATURE_BYTES = 64;
/** From the beginning of a pass to its end at most. */
export const MAX_LIFE_MS = 7 * 24 * 3_600_000;

export interface PassClaims {
  readonly tenant: string;
  readonly memberId: string;
  /** 1 to 16 bytes in lower-case hex; never given twice in a tenant. */
  readonly passId: string;
  /** Epoch ms, whole seconds. null: `MAX_LIFE_MS` before the end. */
  readonly notBefore: number | null;
  /** Epoch ms, whole seconds. */
  readonly expiresAt: number;
  /** null: every door of the tenant. */
  readonly doorIds: readonly string[] | null;
}

export interface SignedPass {
  /** The name of the key, as in the settings. */
  readonly kid: string;
  readonly claims: PassClaims;
  readonly signature: Uint8Array;
}

const HEADER = { alg: 1, kid: 4 } as const;
const EDDSA = -8;
const CLAIM = { sub: 2, aud: 3, exp: 4, nbf: 5, cti: 7, scope: 9 } as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const bytesOf = (least: number, most: number) =>
  z.instanceof(Uint8Array).refine(({ length }) => length >= least && length <= most);
const mapOf = <T extends z.core.$ZodLooseShape>(shape: T) =>
  z.instanceof(Map).transform(Object.fromEntries).pipe(z.strictObject(shape));

const Envelope = z.tuple([
  z.instanceof(Uint8Array),
  mapOf({}),
  z.instanceof(Uint8Array),
  bytesOf(SIGNATURE_BYTES, SIGNATURE_BYTES),
]);
const Header = mapOf({ [HEADER.alg]: z.literal(EDDSA), [HEADER.kid]: bytesOf(1, 16) });
const Seconds = z.int().min(0).max(0xffff_ffff);
/** As RFC 6749 3.3 has it: printable ASCII without space, `"` and `\`. */
const Scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/);
const Claims = mapOf({
  [CLAIM.sub]: z.union([z.string().min(1), bytesOf(16, 16)]),
  [CLAIM.aud]: z.string().min(1),
  [CLAIM.exp]: Seconds,
  [CLAIM.nbf]: Seconds.optional(),
  [CLAIM.cti]: bytesOf(1, 16),
  [CLAIM.scope]: Scope.optional(),
});

/** @param text with the prefix, without white space at its ends; null: no pass. Takes bounded time. */
export function parsePass(text: string): SignedPass | null {
  if (text.length > MOST_CHARACTERS || !text.startsWith(PASS_PREFIX)) return null;
  const bytes = decodeBase45(text.slice(PASS_PREFIX.length));
  const envelope = Envelope.safeParse(bytes === null ? null : decodeCbor(bytes));
  if (!envelope.success) return null;
  const [protectedBytes, , payload, signature] = envelope.data;
  const kid = readKid(protectedBytes);
  const claims = readClaims(payload);
  if (kid === null || claims === null) return null;
  return passText(kid, claims, signature) === text ? { kid, claims, signature } : null;
}

/** COSE's Sig_structure: the bytes that are signed. */
export function toBeSigned(kid: string, claims: PassClaims): Uint8Array {
  return encodeCbor(['Signature1', headerBytes(kid), new Uint8Array(), claimBytes(claims)]);
}

export function passText(kid: string, claims: PassClaims, signature: Uint8Array): string {
  const envelope = [headerBytes(kid), new Map(), claimBytes(claims), signature];
  return PASS_PREFIX + encodeBase45(encodeCbor(envelope));
}

function readKid(protectedBytes: Uint8Array): string | null {
  const header = Header.safeParse(decodeCbor(protectedBytes));
  return header.success ? new TextDecoder().decode(header.data[HEADER.kid]) : null;
}

function readClaims(payload: Uint8Array): PassClaims | null {
  const parsed = Claims.safeParse(decodeCbor(payload));
  if (!parsed.success) return null;
  const { [CLAIM.sub]: sub, [CLAIM.aud]: aud, [CLAIM.exp]: exp, [CLAIM.nbf]: nbf } = parsed.data;
  const { [CLAIM.cti]: cti, [CLAIM.scope]: scope } = parsed.data;
  const claims = {
    tenant: aud,
    memberId: typeof sub === 'string' ? sub : uuidText(sub),
    passId: hexOf(cti),
    notBefore: nbf === undefined ? null : nbf * 1_000,
    expiresAt: exp * 1_000,
    doorIds: scope === undefined ? null : scope.split(' '),
  };
  return isOrderly(claims) ? claims : null;
}

/** A life of some length but not too much, and no door twice. */
function isOrderly({ notBefore, expiresAt, doorIds }: PassClaims): boolean {
  const lifeMs = notBefore === null ? MAX_LIFE_MS : expiresAt - notBefore;
  return lifeMs > 0 && lifeMs <= MAX_LIFE_MS && (doorIds === null || new Set(doorIds).size === doorIds.length);
}

function headerBytes(kid: string): Uint8Array {
  const header = new Map<number, unknown>([
    [HEADER.alg, EDDSA],
    [HEADER.kid, new TextEncoder().encode(kid)],
  ]);
  return encodeCbor(header);
}

function claimBytes(claims: PassClaims): Uint8Array {
  const { notBefore, doorIds } = claims;
  const map = new Map<number, unknown>([
    [CLAIM.sub, UUID.test(claims.memberId) ? bytesOfHex(claims.memberId.replaceAll('-', '')) : claims.memberId],
    [CLAIM.aud, claims.tenant],
    [CLAIM.exp, claims.expiresAt / 1_000],
    [CLAIM.cti, bytesOfHex(claims.passId)],
  ]);
  if (notBefore !== null) map.set(CLAIM.nbf, notBefore / 1_000);
  if (doorIds !== null) map.set(CLAIM.scope, doorIds.join(' '));
  return encodeCbor(map);
}

/** Sorts the keys of maps: the deterministic encoding of RFC 8949 4.2.1. */
function encodeCbor(value: unknown): Uint8Array {
  return encode(value, rfc8949EncodeOptions);
}

/** undefined where the bytes aren't one CBOR item. */
function decodeCbor(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, { strict: true, allowIndefinite: false, useMaps: true, rejectDuplicateMapKeys: true });
  } catch {
    return undefined;
  }
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

function uuidText(bytes: Uint8Array): string {
  return hexOf(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
