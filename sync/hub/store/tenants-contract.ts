/** Tenants apart, tokens, pairing, units. Part of `store-contract.ts`. */
import { describe, expect, test } from 'vitest';
import type { Fixture } from './store-contract.ts';
import { gym, NOON, ticketUse } from './testing.ts';

export function tenantsContract(get: () => Fixture): void {
  describe('tenants', () => {
    test('nothing of one is reached by the ids of another', async () => {
      const { store, front, back, tenant } = get();
      front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
      await front.send(store);
      await store.addAlert(tenant, front.unit, 'test', {}, NOON);
      await store.handover(tenant, front.unit, [{ id: 'h', kind: 'ticket', body: '{}' }], NOON);
      const other = `${tenant}-other`;
      await store.createTenant(other, 'Other', NOON);
      const [alert] = await store.alerts(tenant, 1);
      expect(await store.takeAlert(other, alert?.id ?? '', 'eve', NOON)).toBe(false);
      expect(await store.alerts(other, 10)).toEqual([]);
      expect(await store.auditTrail(other, 10)).toEqual([]);
      expect(await store.events(other, front.unit, null, 10)).toEqual([]);
      expect(await store.acknowledged(other, front.unit, 1)).toBe(null);
      expect(await store.units(other)).toEqual([]);
      expect(await store.roster(other)).toEqual({ sites: [] });
      expect(await store.revoke(other, front.unit, NOON)).toBe(false);
      expect(await store.changeUnit(other, front.unit, { name: 'mine' }, NOON)).toBe(false);
      expect(await store.changeUnit(other, front.unit, {}, NOON)).toBe(false);
      expect(await store.handovers(other, true, 10)).toEqual([]);
      expect(await store.settleHandover(other, front.unit, 'h', true, 'eve', NOON)).toBe(false);
      expect(await store.entity(other, 'member', 'ann')).toBe(null);
      expect(await store.entities(other, 'member', null, 10)).toEqual([]);
      expect(await store.memberHistory(other, 'ann', 10)).toEqual([]);
      expect(await store.exportSite(other)).toBe(null);
      expect(await store.exportSettings(other)).toBe(null);
      expect(await store.digest(other)).toBe(null);
      expect(await store.revision(other)).toBe(0);
      expect(await store.count(other)).toBe(0);
      expect(await store.snapshotPage(other, null, 100)).toEqual({ changes: [], cursor: null });
      expect(await store.closeSnapshot(other, 0)).toEqual({ revision: 0, changes: [], knows: [] });
      expect((await store.unit(back.unit))?.tenant).toBe(tenant);
    });

    test('with the same ids live side by side', async () => {
      const { store, front, tenant } = get();
      const other = `${tenant}-twin`;
      await store.createTenant(other, 'Twin', NOON);
      expect((await store.importSite(other, gym(), 'eve', NOON)).ok).toBe(true);
      const digest = await store.digest(other);
      front.record({ effects: { memberId: 'ann', consumed: ticketUse() } });
      await front.send(store);
      await store.change(tenant, [{ kind: 'member', id: 'bob', position: 1, body: null }], 'eve', NOON);
      expect(await store.digest(other)).toBe(digest);
      expect(await store.digest(tenant)).not.toBe(digest);
      expect(await store.entity(other, 'member', 'bob')).not.toBe(null);
    });

    test('a name is taken once; the same call again is no conflict', async () => {
      const { store, tenant } = get();
      expect(await store.createTenant(tenant, 'A tenant', NOON)).toEqual({ ok: true, value: undefined });
      expect(await store.createTenant(tenant, 'Else', NOON)).toEqual({ ok: false, error: 'exists' });
      expect((await store.tenants()).some(({ id }) => id === tenant)).toBe(true);
      await expect(store.importSite('nowhere', gym(), 'eve', NOON)).rejects.toThrow(/no such tenant/);
    });

    test('tokens hold until they are revoked', async () => {
      const { store, tenant } = get();
      const digest = `digest of ${tenant}`;
      await store.addToken({ digest, tenant, role: 'operator', person: 'eve', at: NOON });
      expect(await store.whoHas(digest)).toEqual({ tenant, role: 'operator', person: 'eve' });
      expect(await store.tokens(tenant)).toEqual([{ digest, role: 'operator', person: 'eve', at: NOON }]);
      expect(await store.tokens(null)).toEqual([]);
      expect(await store.revokeToken(digest)).toBe(true);
      expect(await store.revokeToken(digest)).toBe(false);
      expect(await store.whoHas(digest)).toBe(null);
    });

    test('the hub makes its keys once', async () => {
      const { store } = get();
      const keys = await store.keys(() => ({ sign: 'a', seal: 'b' }));
      expect(await store.keys(() => ({ sign: 'c', seal: 'd' }))).toEqual(keys);
    });

    test('what operators did is kept by tenant, and alerts until somebody takes them', async () => {
      const { store, tenant } = get();
      await store.audit(null, 'eve', 'create-tenant', { id: tenant }, NOON);
      await store.audit(tenant, 'eve', 'open', { door: 'front' }, NOON + 5);
      expect((await store.auditTrail(tenant, 1))[0]).toEqual({
        at: NOON + 5,
        by: 'eve',
        what: 'open',
        detail: { door: 'front' },
      });
      expect((await store.auditTrail(null, 1))[0]?.what).toBe('create-tenant');
      await store.addAlert(tenant, null, 'refusals', { n: 3 }, NOON);
      const [alert] = await store.alerts(tenant, 1);
      expect(alert).toMatchObject({ kind: 'refusals', detail: { n: 3 }, takenBy: null });
      expect(await store.takeAlert(tenant, alert?.id ?? '', 'eve', NOON)).toBe(true);
      expect(await store.takeAlert(tenant, alert?.id ?? '', 'bob', NOON)).toBe(false);
      expect((await store.alerts(tenant, 1))[0]?.takenBy).toBe('eve');
    });
  });

  describe('units', () => {
    const KEY = 'k'.repeat(43);
    const pairing = (tenant: string, codeDigest: string) => ({
      ...{ codeDigest, tenant, site: 'kyoto', name: 'side', by: 'eve', expiresAt: NOON + 1_000 },
    });

    test('a code pairs one unit, once, in time', async () => {
      const { store, replica, front, tenant } = get();
      const code = `one of ${tenant}`;
      const unit = `side of ${tenant}`;
      await store.createPairing(pairing(tenant, code));
      expect(await store.redeemPairing(code, unit, 'Side', KEY, NOON + 1_000)).toEqual({ ok: false, error: 'code' });
      expect(await store.redeemPairing('none', unit, 'Side', KEY, NOON)).toEqual({ ok: false, error: 'code' });
      expect(await store.redeemPairing(code, front.unit, 'Side', KEY, NOON)).toEqual({ ok: false, error: 'taken' });
      expect(await store.redeemPairing(code, 'a\0', 'Side', KEY, NOON)).toEqual({ ok: false, error: 'taken' });
      const paired = { ok: true, value: { tenant, site: 'kyoto' } };
      expect(await store.redeemPairing(code, unit, 'Side', KEY, NOON)).toEqual(paired);
      expect(await store.redeemPairing(code, unit, 'Side', KEY, NOON + 9_000)).toEqual(paired);
      expect(await store.redeemPairing(code, unit, 'Side', 'x'.repeat(43), NOON)).toEqual({ ok: false, error: 'code' });
      expect(await store.redeemPairing(code, `${unit} 2`, 'Side', KEY, NOON)).toEqual({ ok: false, error: 'code' });
      await replica.pull(store, tenant);
      expect(replica.of('roster')[0]?.body).toEqual(await store.roster(tenant));
      expect(await store.unit(unit)).toMatchObject({ tenant, site: 'kyoto', name: 'Side', key: KEY, head: null });
    });

    test('a unit that brings no name has the one that came with the code', async () => {
      const { store, tenant } = get();
      const [code, unit] = [`unnamed of ${tenant}`, `unnamed side of ${tenant}`];
      await store.createPairing(pairing(tenant, code));
      expect(await store.redeemPairing(code, unit, null, KEY, NOON)).toMatchObject({ ok: true });
      expect((await store.unit(unit))?.name).toBe('side');
    });

    test('one that was revoked is told so', async () => {
      const { store, tenant } = get();
      const [code, again, unit] = [`gone of ${tenant}`, `gone again of ${tenant}`, `gone side of ${tenant}`];
      for (const one of [code, again]) await store.createPairing(pairing(tenant, one));
      expect(await store.redeemPairing(code, unit, null, KEY, NOON)).toMatchObject({ ok: true });
      expect(await store.revoke(tenant, unit, NOON)).toBe(true);
      expect(await store.redeemPairing(again, unit, null, KEY, NOON)).toEqual({ ok: false, error: 'revoked' });
    });

    test('are renamed, moved, revoked; the roster says so', async () => {
      const { store, front, back, tenant } = get();
      const revision = await store.revision(tenant);
      expect(await store.changeUnit(tenant, front.unit, { name: 'Front', site: 'osaka' }, NOON)).toBe(true);
      expect((await store.roster(tenant)).sites).toMatchObject([{ site: 'osaka', units: [{}, { name: 'Front' }] }]);
      expect(await store.revoke(tenant, front.unit, NOON + 5)).toBe(true);
      expect(await store.revoke(tenant, front.unit, NOON + 6)).toBe(false);
      expect((await store.roster(tenant)).sites.flatMap(({ units }) => units.map(({ unit }) => unit))).toEqual([
        back.unit,
      ]);
      expect((await store.unit(front.unit))?.revokedAt).toBe(NOON + 5);
      expect(await store.revokedSince(NOON + 5)).toContain(front.unit);
      expect(await store.revokedSince(NOON + 5)).not.toContain(back.unit);
      expect(await store.revokedSince(NOON + 6)).not.toContain(front.unit);
      expect(await store.revision(tenant)).toBe(revision + 2);
    });

    test('are seen', async () => {
      const { store, front, back, tenant } = get();
      await store.seen([
        { unit: front.unit, at: NOON, appliedRevision: 3, queued: 7 },
        { unit: back.unit, at: NOON + 1, appliedRevision: null, queued: null },
      ]);
      expect(await store.units(tenant)).toMatchObject([
        { unit: back.unit, seenAt: NOON + 1, appliedRevision: 0 },
        { unit: front.unit, seenAt: NOON, appliedRevision: 3 },
      ]);
    });
  });
}
