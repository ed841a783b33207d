/** Calls to the hub. Whatever goes wrong is one line that says what to do. */
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client';
import * as z from 'zod';
import type { AdminRouter } from '../admin/router.ts';

/** Said to whoever runs hubctl, as it is. */
export class Complaint extends Error {}

const Refusal = z.looseObject({ error: z.string() });

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
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new Complaint(`${url} can’t be reached${code}: is the hub running, and the address right?`);
  }
}

/** Refusals that come before any call: the token, the size. */
async function checked(response: Response): Promise<Response> {
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
    return `the answer is none of a hub’s`;
  }
}

/** What to say of an error; null: a bug. */
export function complaintOf(error: unknown): string | null {
  if (error instanceof Complaint) return error.message;
  if (!(error instanceof TRPCClientError)) return null;
  return error.cause instanceof Complaint ? error.cause.message : error.message;
}
