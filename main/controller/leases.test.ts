// Two gyms share Bob's two visits a month, one each, and Dan's two tickets. The hub can have one moved, on record.
import { expect, test } from 'vitest';
import type { Right } from '../core/leases.ts';
import { giveLease } from './leases.ts';
import { TEST_SITE, TestAppliance } from './testing.ts';

const KEY = 'A'.repeat(43);
const BAND: Right = { kind: 'band', contractId: 'c-bob', bandId: 'day', month: '2026-11' };
const TICKET: Right = { kind: 'ticket', ticketId: 'k' };
const ACTOR = { by: 'hub', command: 'cmd-1' };

async function start(site = TEST_SITE) {
  const unit = await new TestAppliance(site).start();
  const replica = unit.store.replica(() => 0);
  const units = (id: string) => [{ unit: id, name: id, key: KEY }];
  const sites = [
    { site: 'aoba', units: units(replica.unit().unit) },
    { site: 'kobe', units: units('kobe-1') },
  ];
  expect(replica.applyDelta(1, [{ kind: 'roster', id: 'r', position: 0, body: { sites } }], 0).ok).toBe(true);
  const give = (right: Right, to: string, uses: number) =>
    giveLease({ journal: unit.unit.journal, site: unit.unit.site }, { right, to, uses }, ACTOR);
  return { unit, give };
}

const said = (unit: TestAppliance) =>
  unit.events('scan').map(({ result, detail }) => [result?.reason, detail['lease'] ?? null]);

test('what was given is refused here, the refusal says why, and the same can be explained', async () => {
  const { unit, give } = await start();
  expect(give(BAND, 'kobe', 1).ok).toBe(true);
  expect(unit.events('system').at(-1)?.detail).toMatchObject({
    what: 'lease',
    ...ACTOR,
    effects: { memberId: 'bob', gave: { right: BAND, from: 'aoba', to: 'kobe', uses: 1 } },
  });
  await unit.scan('BOB');
  expect(said(unit)).toStrictEqual([['limit-reached', 'elsewhere']]);
});

test('it gives what is there and no more, of what is leased, to another site', async () => {
  const { unit, give } = await start();
  expect(give(TICKET, 'kobe', 5).ok).toBe(true);
  expect(unit.events('system').at(-1)?.detail).toMatchObject({ effects: { gave: { uses: 1 } } });
  expect(give(TICKET, 'kobe', 1)).toMatchObject({ ok: false, error: expect.stringContaining('nothing of it is here') });
  expect(give(BAND, 'aoba', 1)).toMatchObject({ ok: false, error: expect.stringContaining('another one') });
  expect(give(BAND, 'naha', 1)).toMatchObject({ ok: false, error: expect.stringContaining('another one') });
  await unit.scan('DAN');
  expect(said(unit)).toStrictEqual([['no-ticket', 'elsewhere']]);
  expect(unit.store.record.verify().ok).toBe(true);
});

test('nothing is leased without a limit, of nobody, or where there is but one site', async () => {
  const { give } = await start();
  const unleased = expect.stringContaining('nothing of this right');
  expect(give({ ...BAND, contractId: 'c-ann' }, 'kobe', 1)).toMatchObject({ ok: false, error: unleased });
  expect(give({ ...BAND, contractId: 'x' }, 'kobe', 1)).toMatchObject({ ok: false, error: unleased });
  expect(give({ ...TICKET, ticketId: 'x' }, 'kobe', 1)).toMatchObject({ ok: false, error: unleased });
  const alone = await new TestAppliance().start();
  const given = giveLease(
    { journal: alone.unit.journal, site: alone.unit.site },
    { right: TICKET, to: 'x', uses: 1 },
    ACTOR,
  );
  expect(given).toMatchObject({ ok: false, error: unleased });
});

test('a unit that hears only some of its site grants what the site holds, says so, and gives nothing away', async () => {
  const { unit, give } = await start();
  const replica = unit.store.replica(() => 0);
  const named = (id: string) => ({ unit: id, name: id, key: KEY });
  const sites = [
    { site: 'aoba', units: [named(replica.unit().unit), named('aoba-2')] },
    { site: 'kobe', units: [named('kobe-1')] },
  ];
  expect(replica.applyDelta(2, [{ kind: 'roster', id: 'r', position: 0, body: { sites } }], 0).ok).toBe(true);
  expect(give(BAND, 'kobe', 1).ok).toBe(false);
  await unit.scan('BOB');
  expect(said(unit)).toStrictEqual([['plan', 'cut-off']]);
  unit.store.facts.leases.hears({ hub: false, peers: new Set(['aoba-2']) });
  expect(give(TICKET, 'kobe', 1).ok).toBe(true);
});
