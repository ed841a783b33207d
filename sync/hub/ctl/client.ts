/** Calls to the hub. Whatever goes wrong is one line that says what to do. */
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client';
import * as z from 'zod';
import type { AdminRouter } from '../admin/router.ts';

/** Said to whoever runs hubctl, as it is. */
export class Complaint extends Error {}

/** What was asked can't be meant: wrong usage. */
export class Misuse extends Complaint {}

/** What keeps calls from a hub, and what to do; without the address. */
const HINTS: Readonly<Record<string, string>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS is spoken there: try http:// in place of https://',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'no TLS is spoken there: try http:// in place of https://',
  UND_ERR_SOCKET: 'it hung up: is this a hub, and should the address begin with https://?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is of another name: call it by the name that is in the certificate',
  CERT_HAS_EXPIRED: 'its certificate is out of date: renew it, or set this machine’s clock',
};
const UNTRUSTED = /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_)/;

function hintOf(code: string): string {
  if (UNTRUSTED.test(code))
    return 'nobody here vouches for its certificate: set NODE_EXTRA_CA_CERTS to the PEM file of whoever issued it';
  return HINTS[code] ?? 'is the hub running, and the address right?';
}

const Refusal = z.looseObject({ error: z.string() });
const Code = z.looseObject({ code: z.string() });

function connect(url: string, token: string | null) {
  return createTRPCClient<AdminRouter>({
    links: [
      httpLink({
        url: `${url}api`,
        headers: token === null ? {} : { Authorization: `Bearer ${token}` },
        fetch: async (input, init) => checked(await reach(url, () => fetch(String(input), { ...init, signal: null }))),
      }),
    ],
  });
}
export type HubClient = ReturnType<typeof connect>;
export const hubClient: (url: string, token: string | null) => HubClient = connect;

/** @throws Complaint where the hub can't be reached */
export async function reach(url: string, call: () => Promise<Response>): Promise<Response> {
  try {
    return await call();
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new Complaint(`${url} can’t be reached${code === '' ? '' : ` (${code})`}: ${hintOf(code)}`);
  }
}

/** Refusals that come before any call: the token, the size. @throws Complaint */
export async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  const text = await response.text();
  const refusal = parseRefusal(text);
  if (refusal !== null) throw new Complaint(refusal);
  return new Response(text, { status: response.status, headers: response.headers });
}

function parseRefusal(text: string): string | null {
  try {
    return Refusal.safeParse(JSON.parse(text)).data?.error ?? null;
  } catch {
    return 'the answer is none of a hub’s: is the address right?';
  }
}

/** What to say of an error; null: a bug. */
export function complaintOf(error: unknown): string | null {
  if (error instanceof Complaint) return error.message;
  if (!(error instanceof TRPCClientError)) return null;
  return error.cause instanceof Complaint ? error.cause.message : error.message;
}

/** What a refusal was about: the document, not the call. @throws Complaint that names the file */
export async function ofFile<T>(file: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof TRPCClientError)) throw error;
    const isOfDocument = Code.safeParse(error.data).data?.code === 'BAD_REQUEST';
    throw isOfDocument ? new Complaint(`${file}: ${error.message}`) : error;
  }
}
