/** What the page and its worker say to each other. One frame is under way at a time. */
import * as z from 'zod';
import { SYMBOL_LIMIT } from './decoder.ts';

/** Page → worker; the frame is transferred. */
export interface FrameMessage {
  readonly frame: VideoFrame;
  readonly atMs: number;
}

/** Worker → page. `failed` says no more than that: what an engine throws may hold what it has read. */
export const WorkerMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('failed') }),
  z.strictObject({
    kind: z.literal('observed'),
    observation: z.strictObject({
      atMs: z.number(),
      moving: z.boolean(),
      dark: z.boolean(),
      decoded: z.boolean(),
      text: z.string().max(SYMBOL_LIMIT).nullable(),
    }),
  }),
]);
export type WorkerMessage = z.infer<typeof WorkerMessage>;
