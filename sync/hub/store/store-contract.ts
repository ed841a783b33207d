/**
 * What the hub's store must do, whichever database is under it. Each test has a tenant with a gym, a member who has a
 * ticket of two uses, and units at two doors.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import type { HubStore } from '../ports.ts';
import { catchUpContract } from './catch-up-contract.ts';
import { changesContract } from './changes-contract.ts';
import { documentsContract } from './documents-contract.ts';
import { downContract } from './down-contract.ts';
import { eventsContract } from './events-contract.ts';
import { judgingContract } from './judging-contract.ts';
import { proofsContract } from './proofs-contract.ts';
import { talliesContract } from './tallies-contract.ts';
import { tenantsContract } from './tenants-contract.ts';
import { gym, NOON, TestReplica, TestUnit } from './testing.ts';

export interface Fixture {
  readonly store: HubStore;
  readonly tenant: string;
  readonly front: TestUnit;
  readonly back: TestUnit;
  readonly replica: TestReplica;
}

let tenants = 0;

/** A tenant of its own: tests share the database and must not meet. */
export async function makeFixture(store: HubStore): Promise<Fixture> {
  tenants += 1;
  const tenant = `tenant-${tenants}`;
  await store.createTenant(tenant, 'A tenant', NOON);
  const imported = await store.importSite(tenant, gym(), 'test', NOON);
  if (!imported.ok) throw new Error(imported.error.join('\n'));
  const front = new TestUnit(tenant, `front-${tenants}`);
  const back = new TestUnit(tenant, `back-${tenants}`);
  await front.pair(store, 'tokyo');
  await back.pair(store, 'osaka');
  return { store, tenant, front, back, replica: new TestReplica() };
}

/** @param open the store over a new, empty database */
export function storeContract(name: string, open: () => HubStore): void {
  describe(name, () => {
    let fixture: Fixture;
    beforeEach(async () => {
      fixture = await makeFixture(open());
    });
    const get = () => fixture;
    test('is healthy', async () => {
      expect(await get().store.healthy()).toBe(true);
    });
    eventsContract(get);
    changesContract(get);
    judgingContract(get);
    catchUpContract(get);
    proofsContract(get);
    downContract(get);
    talliesContract(get);
    documentsContract(get);
    tenantsContract(get);
  });
}
