/** What one process of the hub tells the others over the same database, itself too. Kept nowhere, and short. */
import * as z from 'zod';
import { CommandPayload } from '../wire/from-hub.ts';
import { WireId } from '../wire/values.ts';
import type { HubStore } from './ports.ts';

const TOPIC = 'units';

export const Word = z.discriminatedUnion('do', [
  /** For the process to which the unit is connected. */
  z.strictObject({ do: z.literal('command'), unit: WireId, id: WireId, payload: CommandPayload }),
  /** What became of a command, for whoever waits for it. */
  z.strictObject({ do: z.literal('done'), id: WireId, ok: z.boolean(), detail: z.string().max(500) }),
  /** The unit is connected to `process` now: who else has a connection of it ends that. */
  z.strictObject({ do: z.literal('here'), unit: WireId, process: WireId }),
  z.strictObject({ do: z.literal('revoked'), unit: WireId }),
  /** What came for it at this time (epoch ms) it hasn't signed: that connection is not its own. */
  z.strictObject({ do: z.literal('forged'), unit: WireId, receivedAt: z.int() }),
  /** What the unit has handed over under this id is settled. */
  z.strictObject({ do: z.literal('settled'), unit: WireId, id: WireId }),
]);
export type Word = z.infer<typeof Word>;

/** False: too long for the database to carry. */
export async function tell(store: HubStore, word: Word): Promise<boolean> {
  const told = await store.tell(TOPIC, JSON.stringify(word));
  return told.ok;
}

/** Words that aren't ours, of a newer process say, are passed over. */
export function hear(store: HubStore, heard: (word: Word) => void): Promise<() => Promise<void>> {
  return store.hear((topic, text) => {
    const word = topic === TOPIC ? parseWord(text) : null;
    if (word !== null) heard(word);
  });
}

function parseWord(text: string): Word | null {
  try {
    return Word.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
