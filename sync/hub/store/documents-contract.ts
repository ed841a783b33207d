/** What operators edit. Part of `store-contract.ts`. */
import { describe, expect, test } from 'vitest';
import type { Settings } from '../../../main/contract/settings.ts';
import { parseSite } from '../../../main/contract/site.ts';
import type { Change } from '../../wire/entities.ts';
import type { Fixture } from './store-contract.ts';
import { bandUse, changesOf, gym, NOON, TODAY, ticketUse } from './testing.ts';

const SETTINGS: Settings = {
  ...{ format: 'genkan-settings/1', tenant: null, passKeys: [], revokedPasses: [], staticCodesOff: ['four'] },
  ...{ staff: [], closedDays: [], doorSchedules: [], provisionalCards: null, carryOver: null },
};

const [ann] = gym().members;
const memberRow = (id: string, body: object | null): Change =>
  ({ kind: 'member', id, position: 5, body: body === null ? null : { ...ann, id, ...body } }) as Change;

export function documentsContract(get: () => Fixture): void {
  describe('documents', () => {
    test('a bundle comes back as it was, and again the same changes nothing', async () => {
      const { store, tenant } = get();
      const exported = await store.exportSite(tenant);
      expect(exported).toEqual(gym());
      expect(parseSite(exported).ok).toBe(true);
      const revision = await store.revision(tenant);
      expect(await store.importSite(tenant, gym(), 'eve', NOON + 1)).toEqual({ ok: true, value: revision });
      expect(await store.auditTrail(tenant, 1)).toMatchObject([
        { by: 'eve', what: 'import-site', detail: { revision } },
      ]);
    });

    test('only rows that really changed get the new revision', async () => {
      const { store, replica, tenant } = get();
      await replica.pull(store, tenant);
      const { members, ...rest } = gym();
      const changed = members.map((one) => (one.id === 'bob' ? { ...one, name: 'Robert' } : one));
      await store.importSite(tenant, { ...rest, members: changed }, 'eve', NOON);
      const cut = await store.changesSince(tenant, replica.revision, 100);
      expect(changesOf(cut?.changes ?? []).map(({ kind, id }) => `${kind} ${id}`)).toEqual(['member bob']);
    });

    test('history of units stays at an import, and what the bundle does not know is taken off', async () => {
      const { store, front, replica, tenant } = get();
      front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
      front.record({ effects: { memberId: 'ann', consumed: bandUse() } });
      await front.send(store);
      const usage = [TODAY, '2026-11-02'].map((date) => ({
        memberId: 'ann',
        contractId: 'c-ann',
        bandId: 'day',
        date,
      }));
      await store.importSite(tenant, { ...gym(), usage }, 'eve', NOON);
      await replica.pull(store, tenant);
      expect(replica.remaining()).toBe(1);
      expect(
        replica
          .of('usage')
          .map(({ origin }) => origin?.unit ?? null)
          .sort(),
      ).toEqual([front.unit, null]);
      const ticketUses = [{ ticketId: 'k-ann', date: TODAY, uses: 1 }];
      await store.importSite(tenant, { ...gym(), ticketUses }, 'eve', NOON);
      await replica.pull(store, tenant);
      expect(replica.remaining()).toBe(2);
      expect(replica.ids('ticketUse')).toEqual([`${front.unit}/1/1`]);
      expect(replica.ids('usage')).toEqual([`${front.unit}/1/2`]);
    });

    test('its own export imported again changes nothing, history and all', async () => {
      const { store, front, tenant } = get();
      front.record({
        effects: {
          memberId: 'ann',
          consumed: ticketUse(),
          enter: { placeId: 'gym', enteredAt: '2026-11-21T03:00:00.000Z', via: null },
        },
      });
      front.record({ effects: { memberId: 'bob', consumed: bandUse('bob') } });
      const revision = await front.send(store);
      const digest = await store.digest(tenant);
      const exported = await store.exportSite(tenant);
      if (exported === null) throw new Error('no site');
      expect(await store.importSite(tenant, exported, 'eve', NOON)).toEqual({ ok: true, value: revision });
      expect(await store.digest(tenant)).toBe(digest);
    });

    test('settings are checked against the site, now and when the site changes', async () => {
      const { store, replica, tenant } = get();
      const wrong = await store.importSettings(tenant, { ...SETTINGS, staticCodesOff: ['none'] }, 'eve', NOON);
      expect(wrong).toEqual({ ok: false, error: ['staticCodesOff[0]: the id of a plan'] });
      expect((await store.importSettings(tenant, SETTINGS, 'eve', NOON)).ok).toBe(true);
      expect(await store.exportSettings(tenant)).toEqual(SETTINGS);
      await replica.pull(store, tenant);
      expect(replica.ids('settings')).toEqual(['settings']);
      const members = gym().members.map((one) => ({ ...one, contracts: [] }));
      const without = await store.importSite(tenant, { ...gym(), plans: [], members }, 'eve', NOON);
      expect(without).toEqual({ ok: false, error: ['settings: staticCodesOff[0]: the id of a plan'] });
      expect((await store.exportSite(tenant))?.plans).toHaveLength(1);
    });

    test('a row that no message could carry is refused', async () => {
      const { store, tenant } = get();
      const [type] = gym().ticketTypes;
      if (type === undefined) throw new Error('no ticket type');
      const large = { ...gym(), ticketTypes: [{ ...type, image: 'x'.repeat(950_000) }] };
      const refused = await store.importSite(tenant, large, 'eve', NOON);
      expect(refused).toEqual({ ok: false, error: ['ticketTypes[0]: at most 900000 characters as JSON'] });
      const odd = await store.change(
        tenant,
        [memberRow('cho', { name: 'a\0', codes: [], contracts: [] })],
        'eve',
        NOON,
      );
      expect(odd).toMatchObject({ ok: false, error: [expect.stringMatching(/^changes\[0\]\.body: well-formed/)] });
    });
  });

  describe('single changes', () => {
    test('are one revision, on record, and found by kind and id', async () => {
      const { store, tenant } = get();
      const revision = await store.revision(tenant);
      const cho = memberRow('cho', { codes: ['CODE-cho'], contracts: [] });
      const ticket: Change = {
        ...{ kind: 'ticket', id: 'k-cho', position: 1 },
        body: { id: 'k-cho', typeId: 'ten', memberId: 'cho', issuedOn: TODAY, remaining: 10 },
      };
      expect(await store.change(tenant, [cho, ticket], 'eve', NOON + 1)).toEqual({ ok: true, value: revision + 1 });
      expect(await store.entity(tenant, 'member', 'cho')).toEqual(cho);
      expect(await store.entity(tenant, 'member', 'none')).toBe(null);
      const ids = async (after: string | null) =>
        (await store.entities(tenant, 'member', after, 2)).map(({ id }) => id);
      expect(await ids(null)).toEqual(['ann', 'bob']);
      expect(await ids('bob')).toEqual(['cho']);
      expect(await store.auditTrail(tenant, 1)).toMatchObject([{ by: 'eve', what: 'change' }]);
    });

    test('that do not fit the rest are refused, each by its path', async () => {
      const { store, tenant } = get();
      const revision = await store.revision(tenant);
      const lines = async (...changes: Change[]) => {
        const done = await store.change(tenant, changes, 'eve', NOON);
        return done.ok ? [] : done.error;
      };
      const contracts = [{ id: 'c-cho', planId: 'none', from: '2026-01-01', to: null }];
      expect(await lines(memberRow('cho', { codes: [], contracts }))).toEqual([
        'changes[0].body.contracts[0].planId: the id of a plan',
      ]);
      expect(await lines(memberRow('cho', { codes: ['CODE-bob'], contracts: [] }))).toEqual([
        'changes[0].body.codes[0]: a code that nobody else has',
      ]);
      expect(await lines(memberRow('cho', { codes: [] }))).toEqual([
        'changes[0].body.contracts[0].id: a contract id that nobody else has',
      ]);
      expect(await lines({ kind: 'plan', id: 'four', position: 0, body: null })).toEqual([
        'members[0].contracts[0].planId: the id of a plan',
        'members[1].contracts[0].planId: the id of a plan',
      ]);
      expect(await lines({ kind: 'roster', id: 'roster', position: 0, body: null })).toHaveLength(1);
      expect(await lines(memberRow('cho', null), memberRow('cho', null))).toHaveLength(1);
      expect(await store.revision(tenant)).toBe(revision);
    });

    test('a code moves from one member to another in one change', async () => {
      const { store, tenant } = get();
      const bob = { ...gym().members[1], codes: [] };
      const done = await store.change(
        tenant,
        [memberRow('ann', { codes: ['CODE-ann', 'CODE-bob'] }), memberRow('bob', bob)],
        'eve',
        NOON,
      );
      expect(done.ok).toBe(true);
      const taken = await store.change(tenant, [memberRow('cho', { codes: ['CODE-bob'], contracts: [] })], 'eve', NOON);
      expect(taken.ok).toBe(false);
    });

    test('with a member goes what is theirs', async () => {
      const { store, front, replica, tenant } = get();
      front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
      front.record({ effects: { memberId: 'ann', consumed: bandUse() } });
      await front.send(store);
      await store.change(tenant, [memberRow('ann', null)], 'eve', NOON);
      await replica.pull(store, tenant);
      expect([...replica.ids('ticket'), ...replica.ids('ticketUse'), ...replica.ids('usage')]).toEqual([]);
      expect(await store.memberHistory(tenant, 'ann', 10)).toEqual([]);
      const again = await store.change(tenant, [memberRow('cho', { codes: ['CODE-ann'], contracts: [] })], 'eve', NOON);
      expect(again.ok).toBe(true);
    });

    test('a ticket that was used before the hub knew it begins with that taken off', async () => {
      const { store, front, replica, tenant } = get();
      front.record({ effects: { memberId: 'ann', consumed: { ...ticketUse(), ticketId: 'k-new' } } });
      await front.send(store);
      const body = { id: 'k-new', typeId: 'ten', memberId: 'ann', issuedOn: TODAY, remaining: 10 };
      await store.change(tenant, [{ kind: 'ticket', id: 'k-new', position: 1, body }], 'eve', NOON);
      await replica.pull(store, tenant);
      expect(replica.remaining('k-new')).toBe(9);
      const kinds = (await store.memberHistory(tenant, 'ann', 10)).map(({ kind, id }) => `${kind} ${id}`);
      expect(kinds.sort()).toEqual(['ticket k-ann', 'ticket k-new', `ticketUse ${front.unit}/1/1`]);
    });
  });
}
