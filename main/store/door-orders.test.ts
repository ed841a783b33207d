// A power cut in a lockdown: the doors must come back locked down, and in a fire they must come back open.
import { expect, test } from 'vitest';
import type { KeptOrders } from './door-orders.ts';
import { Store } from './store.ts';
import { KEYS } from './testing.ts';

function open() {
  const store = Store.open(':memory:', KEYS);
  if (!store.ok) throw new Error(store.error.detail);
  return store.value;
}

const keep = (store: Store, orders: KeptOrders) => {
  expect(store.transact(({ doorOrders }) => doorOrders.replace(orders)).ok).toBe(true);
};

test('a new unit has no orders', () => {
  expect(open().doorOrders.read()).toStrictEqual({ fire: false, doors: [] });
});

test('what is kept is what comes back, and what was there before is gone', () => {
  const store = open();
  const lockdown = { doorId: 'front', lockdown: true, heldUntil: null };
  const held = { doorId: 'back', lockdown: false, heldUntil: 1_800_000_000_000 };
  for (const orders of [
    { fire: true, doors: [held, lockdown] },
    { fire: true, doors: [lockdown] },
    { fire: false, doors: [] },
  ]) {
    keep(store, orders);
    expect(store.doorOrders.read()).toStrictEqual(orders);
  }
});

test('orders are written with their event or not at all', () => {
  const store = open();
  const failing = () =>
    store.transact(({ doorOrders }) => {
      doorOrders.replace({ fire: true, doors: [] });
      throw new Error('the event could not be written');
    });
  expect(failing).toThrow();
  expect(store.doorOrders.read().fire).toBe(false);
});
