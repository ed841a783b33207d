/** Events that came by hand: checked and stored as if their unit had sent them. */
import { err, ok, type Result } from '../../../main/core/result.ts';
import type { AcknowledgedEvents, CarriedEvents } from '../../wire/carried.ts';
import { unitKey } from '../keys.ts';
import { batchOf, isVouched } from './answers.ts';
import type { HubParts } from './ports.ts';

export interface Carried {
  /** All of them are durable now, those included that were here before. */
  readonly events: number;
  /** For the unit, which keeps them until it has this. */
  readonly acknowledged: AcknowledgedEvents;
}

/** @param stored told once something of the tenant is durable @returns what was taken, or one line that says why nothing further was */
export async function takeCarried(
  { store, clock }: Pick<HubParts, 'store' | 'clock'>,
  tenant: string,
  { parts }: CarriedEvents,
  stored: (tenant: string) => void,
): Promise<Result<Carried, string>> {
  let events = 0;
  const heads = new Map<string, AcknowledgedEvents['heads'][number]>();
  for (const [at, part] of parts.entries()) {
    const record = await store.unit(part.unit);
    const key = record?.tenant === tenant ? unitKey(record.key) : null;
    if (key === null) return err(`parts.${at}: of a unit that is not one of the tenant's`);
    const batch = batchOf(tenant, part, null, clock.wall());
    if (!(await isVouched(key, batch))) return err(`parts.${at}: not signed by its unit`);
    // What came over the network before may not be signed: this stands after what is.
    await store.prove(tenant);
    const [answer] = await store.take([{ ...batch, isProven: true }]);
    if (answer === undefined || !answer.ok)
      return err(`parts.${at}: events before these are missing: bring an earlier file first`);
    events += part.bodies.length;
    const { unit, epoch } = part;
    heads.set(JSON.stringify([unit, epoch]), { unit, epoch, seq: answer.value.acknowledged });
    stored(tenant);
  }
  return ok({ events, acknowledged: { format: 'genkan-acknowledged/1', heads: [...heads.values()] } });
}
