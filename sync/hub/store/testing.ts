/** For the store's tests: a gym, a unit that keeps a chained record and sends it, a store on either database. */

import { generateKeyPairSync, sign } from 'node:crypto';
import type { SiteBundle } from '../../../main/core/model.ts';
import { formatInstant } from '../../../main/core/time/instant.ts';
import type { Effects } from '../../wire/effects.ts';
import { Change, type ChangeKind } from '../../wire/entities.ts';
import { headText } from '../../wire/signed.ts';
import type { ChangeText, EventBatch, HubStore } from '../ports.ts';
import { genesis, link } from './chain.ts';

/** 2026-11-21, noon in Tokyo. */
export const NOON = Date.UTC(2026, 10, 21, 3);
export const TODAY = '2026-11-21';

export function gym(): SiteBundle {
  const band = { bandId: 'day', weekdays: null, holiday: 'as-weekday', monthlyLimit: 4 } as const;
  const entry = { mode: 'limits', bands: [band], earlyMinutes: 0, lateMinutes: 0, freeWithReservation: null } as const;
  return {
    format: 'genkan-site/1',
    site: { id: 's', name: 'Site', timezone: 'Asia/Tokyo', dayStart: '04:00', maxStayHours: 24 },
    stores: [{ id: 'st', name: 'Store', bands: [{ id: 'day', name: 'Day', from: '10:00', to: '17:00' }] }],
    holidays: ['2026-11-23'],
    programs: [],
    places: [{ id: 'gym', storeId: 'st', name: 'Gym', smaregiStoreId: null, fee: null }],
    doors: [{ id: 'front', placeId: 'gym', name: 'Front', policy: 'plan', admitsPlans: null, passback: 'off' }],
    plans: [{ id: 'four', name: 'Four', kind: 'standard', storeIds: null, stayFee: 'none', entry, booking: null }],
    members: ['ann', 'bob'].map((id) => ({
      id,
      name: `Name of ${id}`,
      kana: null,
      codes: [`CODE-${id}`],
      suspended: { profile: false, identity: false },
      contracts: [{ id: `c-${id}`, planId: 'four', from: '2020-01-01', to: null }],
    })),
    ticketTypes: [
      {
        ...{
          id: 'ten',
          name: 'Ten',
          uses: 10,
          validDays: null,
          price: 0,
          present: 'qr',
          description: null,
          image: null,
        },
        entry: { storeIds: null, bandIds: null, weekdays: null, consume: 'day' },
      },
    ],
    tickets: [{ id: 'k-ann', typeId: 'ten', memberId: 'ann', issuedOn: '2026-11-01', remaining: 2 }],
    reservations: [],
    usage: [],
    ticketUses: [],
    stays: [],
  };
}

export const ticketUse = (date = TODAY) => ({ kind: 'ticket', ticketId: 'k-ann', uses: 1, date }) as const;
export const bandUse = (member = 'ann', date = TODAY) =>
  ({ kind: 'band', contractId: `c-${member}`, bandId: 'day', date }) as const;
export const enterAt = (at: number) => ({ placeId: 'gym', enteredAt: formatInstant(at), via: null });

/** What happens at a unit, as its record has it. */
export interface Happening {
  readonly effects?: Effects;
  readonly at?: number;
  readonly type?: string;
  readonly of?: number | null;
  readonly result?: object | null;
}

export class TestUnit {
  readonly tenant: string;
  readonly unit: string;
  readonly epoch: number;
  readonly bodies: string[] = [];
  readonly hashes: Buffer[] = [];
  readonly #keys = generateKeyPairSync('ed25519');

  constructor(tenant: string, unit: string, epoch = 1) {
    this.tenant = tenant;
    this.unit = unit;
    this.epoch = epoch;
  }

  /** Paired, as far as the store is asked. */
  async pair(store: HubStore, site = 'tokyo', at = NOON): Promise<void> {
    const code = `code of ${this.unit}`;
    const { tenant, unit } = this;
    await store.createPairing({ codeDigest: code, tenant, site, name: unit, by: 'test', expiresAt: at + 1_000 });
    const key = this.#keys.publicKey.export({ format: 'jwk' }).x ?? '';
    const paired = await store.redeemPairing(code, unit, unit, key, at);
    if (!paired.ok) throw new Error(paired.error);
  }

  /** @returns the event's number */
  record({ effects, at = NOON, type = 'scan', of = null, result = null }: Happening): number {
    const seq = this.bodies.length + 1;
    const detail = effects === undefined ? {} : { effects };
    const event = {
      seq,
      at: formatInstant(at),
      type,
      doorId: 'front',
      direction: 'in',
      of,
      clock: 'synced',
      result,
      detail,
    };
    return this.append(JSON.stringify(event));
  }

  append(body: string): number {
    const before = this.hashes.at(-1) ?? genesis(this.unit, this.epoch);
    this.bodies.push(body);
    this.hashes.push(link(before, Buffer.from(body)));
    return this.bodies.length;
  }

  batch(from = 1, to = this.bodies.length, receivedAt = NOON): EventBatch {
    const { tenant, unit, epoch } = this;
    const hash = this.hashes[to - 1]?.toString('base64url') ?? '';
    const proof = 'P'.repeat(86);
    return {
      tenant,
      unit,
      epoch,
      from,
      bodies: this.bodies.slice(from - 1, to),
      hash,
      proof,
      isProven: true,
      relayedBy: null,
      receivedAt,
    };
  }

  /** As the unit's own connection brings it: the signature is still to be checked. */
  unproven(from = 1, to = this.bodies.length): EventBatch {
    const batch = this.batch(from, to);
    const text = Buffer.from(headText(this.unit, this.epoch, to, batch.hash));
    return { ...batch, isProven: false, proof: sign(null, text, this.#keys.privateKey).toString('base64url') };
  }

  /** Somebody who knows its record and not its key: what they add goes on with the chain. */
  impostor(): TestUnit {
    const other = new TestUnit(this.tenant, this.unit, this.epoch);
    for (const body of this.bodies) other.append(body);
    return other;
  }

  /** Sends all that the hub hasn't acknowledged. @returns the tenant's revision */
  async send(store: HubStore, receivedAt = NOON): Promise<number> {
    const after = (await store.acknowledged(this.tenant, this.unit, this.epoch)) ?? 0;
    const [answer] = await sent(store, [this.batch(after + 1, this.bodies.length, receivedAt)]);
    if (answer === undefined || !answer.ok) throw new Error(JSON.stringify(answer));
    return store.revision(this.tenant);
  }
}

/** Taken, and judged as well. @returns what was answered when they were taken */
export async function sent(store: HubStore, batches: readonly EventBatch[]): ReturnType<HubStore['take']> {
  const answers = await store.take(batches);
  for (const { tenant } of batches) await store.catchUp(tenant);
  return answers;
}

/** A database as it was before step 0020 of the migrations, but for what is in it. */
export const WITHOUT_ARRIVALS = [
  'DROP TABLE arrival',
  'DROP TABLE intake',
  'ALTER TABLE tenant DROP COLUMN proven',
  'DROP TABLE tally',
  "DELETE FROM kysely_migration WHERE name IN ('0020', '0030', '0040', '0050')",
];

/** The one use that `unit` has recorded so far counts once, and so does the next. */
export async function takenOver(store: HubStore, tenant: string, unit: TestUnit): Promise<void> {
  const replica = new TestReplica();
  if ((await store.waiting()).tenants.includes(tenant)) throw new Error('judged events wait to be judged');
  unit.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
  // From the beginning again, as after an acknowledgement that was lost.
  await sent(store, [unit.batch()]);
  await replica.pull(store, tenant);
  const remaining = replica.remaining();
  if (remaining !== 0) throw new Error(`2 uses and 2 taken leave ${remaining}`);
}

export const changesOf = (texts: readonly ChangeText[]) => texts.map((text) => Change.parse(JSON.parse(text)));

/** What a unit holds that pulls: a snapshot, then deltas. */
export class TestReplica {
  readonly rows = new Map<string, Change>();
  revision = 0;

  async pull(store: HubStore, tenant: string, pageSize = 3): Promise<'delta' | 'snapshot'> {
    const cut = await store.changesSince(tenant, this.revision, 5_000);
    if (cut !== null) {
      this.#take(cut.changes);
      this.revision = cut.to;
      return 'delta';
    }
    const begun = await store.revision(tenant);
    this.rows.clear();
    for (let cursor: string | null = null; ; ) {
      const page = await store.snapshotPage(tenant, cursor, pageSize);
      this.#take(page.changes);
      cursor = page.cursor;
      if (cursor === null) break;
    }
    const closing = await store.closeSnapshot(tenant, begun);
    if (closing === null) throw new Error('the snapshot took too long');
    this.#take(closing.changes);
    this.revision = closing.revision;
    return 'snapshot';
  }

  #take(changes: readonly ChangeText[]): void {
    for (const change of changesOf(changes)) {
      const key = `${change.kind} ${change.id}`;
      if (change.body === null) this.rows.delete(key);
      else this.rows.set(key, change);
    }
  }

  of<K extends ChangeKind>(kind: K): Extract<Change, { kind: K }>[] {
    const isOf = (change: Change): change is Extract<Change, { kind: K }> => change.kind === kind;
    return [...this.rows.values()].filter(isOf);
  }

  ids(kind: ChangeKind): string[] {
    return this.of(kind)
      .map(({ id }) => id)
      .sort();
  }

  remaining(ticketId = 'k-ann'): number | undefined {
    return this.of('ticket').find(({ id }) => id === ticketId)?.body?.remaining;
  }
}
