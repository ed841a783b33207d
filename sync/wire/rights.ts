/** What can run out, and so is leased to sites: a ticket's uses, and a contract's entries in a band and month. */
import * as z from 'zod';
import { Id } from '../../main/contract/values.ts';
import { Month } from './values.ts';

export const Right = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ticket'), ticketId: Id }),
  z.strictObject({ kind: z.literal('band'), contractId: Id, bandId: Id, month: Month }),
]);
export type Right = z.infer<typeof Right>;
