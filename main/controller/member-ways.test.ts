/**
 * An evening without staff and without the internet: newcomers take provisional cards and go in by them until the stock is
 * used up; a member of before leaves a form. All of it waits for the hub, and an import in between takes nothing away.
 */
import { createPublicKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { CarryOverInput } from '../contract/member-ways.ts';
import { type Settings, SettingsForm } from '../contract/settings.ts';
import { memberWays } from './member-ways.ts';
import { openPlaceCode } from './place-code.ts';
import { FailingDisk, NO_SETTINGS, NOON, TEST_SITE, TestAppliance } from './testing.ts';

const DAY_MS = 86_400_000;
const EMPTY = { tickets: [], reservations: [] };
const CARDS = { planId: 'open', days: 3, stock: 2 };
const SETTINGS = SettingsForm.parse({
  ...NO_SETTINGS,
  carryOver: { fields: ['familyKana'] },
  provisionalCards: CARDS,
});
const FORM: CarryOverInput = {
  door: 'front',
  language: 'ja',
  form: { mail: ' misaki@example.jp', code: '0048 2291', familyKana: 'タナカ' },
};

async function begin(settings: Settings = SETTINGS, door: Readonly<Record<string, unknown>> = {}) {
  const disk = new FailingDisk(new TestAppliance().store);
  const unit = await new TestAppliance(TEST_SITE, door, 'none', disk.store).start();
  unit.store.transact((writer) => writer.importSettings(settings));
  unit.unit.dataChanged();
  const { clock, store, journal, watch } = unit;
  const trust = () => {
    watch.look();
    return watch.trust;
  };
  const parts = { clock, store, journal, site: unit.unit.site, trust };
  const ways = memberWays(parts, unit.unit.config);
  let wishes = 0;
  const issue = (request = `wish ${wishes++}`) => ways.issue({ door: 'front', request });
  const importAgain = (site = TEST_SITE) => {
    if (!unit.store.transact((writer) => writer.importSite(site, NOON)).ok) throw new Error('not taken');
    unit.unit.dataChanged();
  };
  const entries = () => unit.events('scan').map(({ result }) => result?.reason);
  return { ...unit, unit, disk, ways, issue, importAgain, entries, waiting: () => store.held.waiting(99) };
}

describe('a provisional card', () => {
  test('opens the door by the rights of its plan, for its days, without anybody’s name', async () => {
    const { unit, issue, entries, clock } = await begin();
    const { card } = issue();
    expect(card).toMatchObject({
      number: expect.stringMatching(/^P-[0-9A-Z]{4}-[0-9A-Z]{4}$/),
      until: NOON + 2 * DAY_MS,
    });
    await unit.scan(card?.code ?? '');
    expect(entries()).toEqual(['plan']);
    expect(unit.messages.at(-1)).toMatchObject({ kind: 'decision', names: { member: null } });
    await clock.advance(3 * DAY_MS);
    await unit.scan(card?.code ?? '');
    expect(entries()).toEqual(['plan', 'no-contract']);
    const made = unit.events('system').find(({ detail }) => detail['what'] === 'provisional-card');
    expect(made?.detail).toEqual({ what: 'provisional-card', memberId: card?.number, planId: 'open' });
    expect(JSON.stringify(unit.events())).not.toContain(card?.code);
  });

  test('is kept through imports until the hub has it; then the bundle decides', async () => {
    const { unit, issue, importAgain, entries, waiting, store, clock } = await begin();
    const code = issue().card?.code ?? '';
    importAgain();
    await unit.scan(code);
    await clock.advance(60_000);
    expect(store.exportSite()?.members.at(-1)).toMatchObject({ name: '', codes: [code] });
    // A plan that is gone for a while takes the card along for that while, and no longer.
    importAgain({ ...TEST_SITE, plans: TEST_SITE.plans.filter(({ id }) => id !== 'open'), members: [], ...EMPTY });
    await unit.scan(code);
    await clock.advance(60_000);
    importAgain();
    await unit.scan(code);
    await clock.advance(60_000);
    store.transact(({ held }) => held.taken(waiting()[0]?.id ?? '', NOON));
    importAgain();
    await unit.scan(code);
    expect(entries()).toEqual(['plan', 'unknown-credential', 'plan', 'unknown-credential']);
  });

  test('that the hub has made a member’s is theirs: the bundle’s row stands, not ours', async () => {
    const { issue, importAgain, store } = await begin();
    const card = issue().card;
    const [ann] = TEST_SITE.members;
    if (ann === undefined || card === null) throw new Error('nobody');
    importAgain({ ...TEST_SITE, members: [{ ...ann, codes: [card.code] }], ...EMPTY });
    expect(store.exportSite()?.members.map(({ id }) => id)).toEqual(['ann']);
  });

  test('wished for twice is one; the stock runs out, and a card taken over or over makes room', async () => {
    const { issue, store, waiting, clock } = await begin();
    expect(issue('same')).toEqual(issue('same'));
    expect(issue().why).toBeNull();
    expect(issue()).toEqual({ card: null, why: 'none-left' });
    store.transact(({ held }) => held.taken(waiting()[0]?.id ?? '', NOON));
    expect(issue().why).toBeNull();
    expect(issue().why).toBe('none-left');
    await clock.advance(3 * DAY_MS);
    expect(issue().why).toBeNull();
  });

  test('is taken back whole, unless somebody came in by it', async () => {
    const { unit, ways, issue, entries, waiting } = await begin();
    const first = issue('same').card?.code ?? '';
    expect([ways.withdraw({ code: first }), ways.withdraw({ code: first })]).toEqual([true, false]);
    expect(waiting()).toEqual([]);
    await unit.scan(first);
    const second = issue('same').card?.code ?? '';
    expect(second).not.toBe(first);
    await unit.scan(second);
    expect(entries()).toEqual(['unknown-credential', 'plan']);
    expect(ways.withdraw({ code: second })).toBe(false);
  });

  test('is not made where the site has none, nobody knows the date, or nothing can be written', async () => {
    expect((await begin(NO_SETTINGS)).issue().why).toBe('off');
    const doubtful = await begin();
    doubtful.clock.setWall(NOON - 400 * DAY_MS);
    await doubtful.clock.advance(20_000);
    expect(doubtful.issue().why).toBe('clock-doubtful');
    const full = await begin();
    full.disk.writing = { code: 'full', detail: 'full' };
    expect(full.issue().why).toBe('store-failure');
  });
});

describe('a carry-over', () => {
  test('waits for the hub, sealed; the record says only that there was one', async () => {
    const { unit, ways, waiting } = await begin();
    expect(ways.carryOver(FORM)).toBe(true);
    expect(waiting()).toMatchObject([
      {
        kind: 'carry-over',
        body: { door: 'front', form: { mail: 'misaki@example.jp', code: '0048 2291', familyKana: 'タナカ' } },
      },
    ]);
    const event = unit.events('system').at(-1);
    expect(event?.detail).toEqual({ what: 'carry-over' });
    expect(JSON.stringify(unit.events())).not.toMatch(/misaki|2291|タナカ/);
  });

  test('has just the fields that the settings ask for', async () => {
    const { ways, waiting } = await begin();
    const { familyKana: _, ...less } = FORM.form;
    expect(ways.carryOver({ ...FORM, form: less })).toBe(false);
    expect(ways.carryOver({ ...FORM, form: { ...FORM.form, phone: '0312345678' } })).toBe(false);
    expect(waiting()).toEqual([]);
    expect((await begin(NO_SETTINGS)).ways.carryOver(FORM)).toBe(false);
  });

  test('whoever fills the disk with forms gets no further than 500', async () => {
    const { ways } = await begin();
    const taken = Array.from({ length: 501 }, () => ways.carryOver(FORM));
    expect([taken.filter(Boolean).length, taken.at(-1)]).toEqual([500, false]);
  });
});

describe('the place’s code', () => {
  test('is signed by the key that stands on the record; none where no door has one, or nobody knows the time', async () => {
    const placed = await begin(SETTINGS, { placeCode: {} });
    placed.ways.tellKey();
    const [key] = placed.unit.events('system').flatMap(({ detail }) => detail['publicKey'] ?? []);
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: String(key) }, format: 'jwk' });
    const { codes } = placed.ways.placeCode({ door: 'front' });
    expect(openPlaceCode(codes?.app ?? '', publicKey)).toMatchObject({ doorId: 'front', from: NOON / 1_000 });
    expect(placed.ways.placeCode({ door: 'nowhere' }).codes).toBeNull();
    placed.clock.setWall(NOON - 400 * DAY_MS);
    await placed.clock.advance(20_000);
    expect(placed.ways.placeCode({ door: 'front' }).codes).toBeNull();
    const without = await begin();
    without.ways.tellKey();
    expect(without.ways.placeCode({ door: 'front' }).codes).toBeNull();
    expect(without.unit.events('system').some(({ detail }) => detail['what'] === 'place-code-key')).toBe(false);
  });
});
