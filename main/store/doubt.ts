/** A row of a snapshot that waits for another one, as it is kept until then. */
import * as z from 'zod';
import type { Members, Owned } from './prepared.ts';

const Values = z.array(z.union([z.string(), z.number(), z.null()]));
const Bytes = z.base64().transform((text): Uint8Array => Buffer.from(text, 'base64'));

const Doubt = z.discriminatedUnion('of', [
  z.object({
    of: z.literal('members'),
    members: Values,
    contracts: Values,
    holders: z.array(z.string()),
    sealed: Bytes,
    digests: Bytes,
  }),
  z.object({ of: z.literal(['tickets', 'reservations']), values: Values }),
]);

/** @returns what JSON takes */
export function writeDoubt(one: Members | Owned): object {
  if (one.of !== 'members') return one;
  return { ...one, sealed: base64(one.sealed), digests: base64(one.digests) };
}

/** @throws ZodError on what `writeDoubt` did not write */
export function readDoubt(value: unknown): Members | Owned {
  return Doubt.parse(value);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
