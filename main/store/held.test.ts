// Staff issue a ticket while the internet is away. It waits, sealed, across an end of the program, until the hub has it;
// a member who is erased before takes it along.
import { expect, test } from 'vitest';
import type { HeldFor } from './held.ts';
import { must, TestStore } from './testing.ts';

const AT = Date.UTC(2026, 10, 2, 3);

function keep(unit: TestStore, name: string, about: Partial<HeldFor> = {}): string {
  return must(
    unit.store.transact(({ held }) => held.keep('ticket', { name }, { seq: 1, at: AT, memberId: null, ...about })),
  );
}

test('what is made here waits for the hub, in its order, and leaves its body there', () => {
  const unit = new TestStore();
  const [second, first] = [keep(unit, 'second', { seq: 2 }), keep(unit, 'first')];
  expect(unit.store.held.waiting(1)).toStrictEqual([
    { id: first, kind: 'ticket', memberId: null, body: { name: 'first' }, madeAt: AT, seq: 1 },
  ]);
  expect(unit.store.held.waitingCount()).toBe(2);
  const again = new TestStore(null, unit.file);
  expect(again.store.held.waiting(9).map(({ id }) => id)).toStrictEqual([first, second]);
  expect(must(again.store.transact(({ held }) => held.taken(first, AT + 1)))).toBe(true);
  expect(must(again.store.transact(({ held }) => held.taken(first, AT + 2)))).toBe(false);
  expect(again.store.held.waiting(9).map(({ id }) => id)).toStrictEqual([second]);
  expect(again.query('SELECT taken_at, length(sealed) AS bytes FROM held WHERE id = ?', first)).toStrictEqual([
    { taken_at: AT + 1, bytes: 0 },
  ]);
});

test('it is sealed, and goes with the person', () => {
  const unit = new TestStore();
  keep(unit, 'a name that nobody reads', { memberId: 'ann' });
  keep(unit, 'of somebody else');
  expect(unit.query("SELECT 1 FROM held WHERE instr(sealed, 'nobody reads') > 0")).toStrictEqual([]);
  must(unit.store.transact(({ eraseRows }) => eraseRows('ann')));
  expect(unit.store.held.waiting(9)).toMatchObject([{ body: { name: 'of somebody else' } }]);
});
