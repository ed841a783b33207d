/** A message of rows, from its text to what is kept of it: checked as every message is. For another thread. */
import { parseFromHub } from '../../sync/wire/parse.ts';
import type { Keys } from './keys.ts';
import { type Packed, pack } from './packed.ts';
import { prepare } from './prepared.ts';

/** null: it isn't one. Whoever wants to know why parses it. */
export function readRows(text: string, keys: Keys): (Packed & { readonly cursor: string }) | null {
  const message = parseFromHub(text);
  if (!message.ok || message.value.type !== 'rows') return null;
  const { changes, cursor } = message.value;
  return { ...pack({ groups: prepare(changes, keys), count: changes.length }), cursor };
}
