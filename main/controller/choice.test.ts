// Bob's month is used up, and he holds a ticket: the screen asks, he takes it, and the door opens for it, once.
import { describe, expect, test } from 'vitest';
import { explainEvent } from '../cli/explain.ts';
import type { DecisionMessage } from '../contract/page.ts';
import { OFFER_MS } from './offers.ts';
import { TEST_SITE, TestAppliance } from './testing.ts';

const TICKETS = [
  { id: 'bobs', typeId: 'tt', memberId: 'bob', issuedOn: '2026-01-01', remaining: 2 },
  { id: 'dans', typeId: 'tt', memberId: 'dan', issuedOn: '2026-01-01', remaining: 2 },
];
const USED_UP = ['2026-11-01', '2026-11-02'].map((date) => ({
  memberId: 'bob',
  contractId: 'c-bob',
  bandId: 'day',
  date,
}));

/** Counted on the 1st and the 2nd; it is the 3rd. */
async function bobIsRefused(door: Readonly<Record<string, unknown>> = {}) {
  const unit = new TestAppliance({ ...TEST_SITE, tickets: TICKETS, usage: USED_UP }, door);
  await unit.start();
  await unit.clock.advance(86_400_000);
  await unit.scan('BOB');
  const refusal = decisions(unit).at(-1);
  if (refusal === undefined) throw new Error('nothing was decided');
  const choose = async (ticketId: string, event = refusal.event): Promise<boolean> => {
    const taken = unit.unit.choose(event, ticketId);
    await unit.clock.advance(0);
    return taken;
  };
  return { unit, refusal, choose };
}

function decisions({ messages }: TestAppliance): DecisionMessage[] {
  return messages.filter((message): message is DecisionMessage => message.kind === 'decision');
}

describe('a ticket that a refusal offers', () => {
  test('opens the door, is spent, and is on record as chosen', async () => {
    const { unit, refusal, choose } = await bobIsRefused();
    expect(refusal).toMatchObject({ reason: 'limit-reached', remedy: { tickets: [{ ticketId: 'bobs', after: 1 }] } });
    expect(await choose('bobs')).toBe(true);
    expect(unit.door.state().energised).toBe(true);
    expect(decisions(unit).at(-1)).toMatchObject({ granted: true, reason: 'ticket', remaining: 1 });
    const last = unit.events('scan').at(-1);
    expect(last?.result?.consumed).toStrictEqual([{ kind: 'ticket', ticketId: 'bobs', uses: 1 }]);
    expect(explainEvent(unit.store, last?.seq ?? 0)).toMatchObject({ ok: true, value: { same: true } });
  });

  test('is spent once, however often the button is pressed', async () => {
    const { unit, choose } = await bobIsRefused();
    expect([await choose('bobs'), await choose('bobs')]).toStrictEqual([true, false]);
    expect(unit.events('scan')).toHaveLength(2);
  });

  test.each([
    ['another’s ticket', 'dans'],
    ['one that nobody has', 'x'],
  ])('%s is not on offer', async (_, ticketId) => {
    const { unit, choose } = await bobIsRefused();
    expect(await choose(ticketId)).toBe(false);
    expect(unit.events('scan')).toHaveLength(1);
  });

  test('is not on offer for another event, nor after its time', async () => {
    const { refusal, choose, unit } = await bobIsRefused();
    expect(await choose('bobs', refusal.event + 1)).toBe(false);
    await unit.clock.advance(OFFER_MS + 1);
    expect(await choose('bobs')).toBe(false);
  });

  test('ends when somebody scans at the same reader', async () => {
    const { unit, choose } = await bobIsRefused();
    await unit.scan('NOBODY');
    expect(await choose('bobs')).toBe(false);
  });

  test('with the lock away it waits as a scan does, and spends nothing in vain', async () => {
    const { unit, choose } = await bobIsRefused();
    await unit.plug(false);
    expect(await choose('bobs')).toBe(true);
    await unit.clock.advance(5_000);
    expect(unit.events('scan').at(-1)).toMatchObject({ result: null, detail: { expired: true } });
    await unit.plug(true);
    await unit.clock.advance(5_000);
    await unit.scan('BOB');
    expect(decisions(unit).at(-1)?.remedy?.tickets).toMatchObject([{ remaining: 2 }]);
  });
});
