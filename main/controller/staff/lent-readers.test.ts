// Staff have asked for a ticket, and the scanner beside the door is the one at hand. The ticket held before it goes to the
// screen and opens nothing; members go in meanwhile as ever, whoever leaves leaves, the other door knows nothing of it,
// and after 25 s, or as soon as staff go on, the scanner is the door's alone.
import { expect, test } from 'vitest';
import type { HeldTicketMessage } from '../../contract/looks.ts';
import { TEST_SITE } from '../testing.ts';
import { LENT_MS } from './lent-readers.ts';
import { type StaffedUnit, startStaffed } from './testing.ts';

const INNER = { ...TEST_SITE.doors[0]!, id: 'inner', name: 'Inner door' };
const SITE = { ...TEST_SITE, doors: [...TEST_SITE.doors, INNER] };
const LENT = { kind: 'lent', leftMs: LENT_MS } as const;
const TICKET = { kind: 'ticket', text: 'k' } as const;

async function waiting(doorId = 'front') {
  const house = await startStaffed({ site: SITE, more: { inner: {} } });
  const told: HeldTicketMessage[] = [];
  const leave = house.staff.looks.heldTicket({ doorId }, (message) => told.push(message));
  return { house, told, leave };
}

const scans = ({ unit }: StaffedUnit) =>
  unit.events('scan').map(({ direction, result }) => [direction, result?.reason ?? null]);

test('a ticket goes to the screen; the door judges nothing and stays shut', async () => {
  const { house, told } = await waiting();
  await house.unit.scan(' k ');
  expect(told).toStrictEqual([LENT, { ...TICKET, text: ' k ' }]);
  await house.unit.clock.advance(10_000);
  expect(scans(house)).toStrictEqual([]);
  expect(house.unit.messages.filter(({ kind }) => kind === 'decision')).toStrictEqual([]);
  expect(house.unit.door.state().energised).toBe(false);
});

test('members come in, and strangers are refused, by the reader that is lent', async () => {
  const { house, told } = await waiting();
  await house.unit.scan('ANN');
  await house.unit.scan('NOBODY');
  expect(scans(house)).toStrictEqual([
    ['in', 'plan'],
    ['in', 'unknown-credential'],
  ]);
  expect(told).toStrictEqual([LENT, { kind: 'door' }, { kind: 'door' }]);
});

test('neither the way out nor another door is lent', async () => {
  const { house, told } = await waiting();
  await house.unit.scan('k', 'out');
  await house.unit.scan('k', 'inner-in');
  expect(told).toStrictEqual([LENT]);
  expect(scans(house)).toHaveLength(2);
});

test('a reader that sees the ticket on and on hands it over once, also when staff have gone on meanwhile', async () => {
  const { house, told, leave } = await waiting();
  await house.unit.scan('k');
  leave();
  for (let times = 0; times < 3; times += 1) {
    await house.unit.clock.advance(2_000);
    await house.unit.scan('k');
  }
  expect(told).toStrictEqual([LENT, TICKET]);
  expect(scans(house)).toStrictEqual([]);
  // Held up anew it is the door's, which knows nobody of that code.
  await house.unit.clock.advance(4_000);
  await house.unit.scan('k');
  expect(scans(house)).toStrictEqual([['in', 'unknown-credential']]);
});

test('it lasts 25 s, and ends at once when staff leave', async () => {
  const { house, told } = await waiting();
  await house.unit.clock.advance(LENT_MS - 1);
  expect(told).toStrictEqual([LENT]);
  await house.unit.clock.advance(1);
  expect(told).toStrictEqual([LENT, { kind: 'over' }]);
  await house.unit.scan('k');
  const again = house.staff.looks.heldTicket({ doorId: 'front' }, (message) => told.push(message));
  again();
  await house.unit.clock.advance(LENT_MS);
  expect(told).toStrictEqual([LENT, { kind: 'over' }, LENT]);
  expect(scans(house)).toHaveLength(1);
});

test('the screen that asked last waits at a door; a door that isn’t there lends nothing', async () => {
  const { house, told, leave } = await waiting();
  const others: HeldTicketMessage[] = [];
  const wait = (doorId: string) => house.staff.looks.heldTicket({ doorId }, (message) => others.push(message));
  wait('nowhere')();
  wait('front');
  expect(told).toStrictEqual([LENT, { kind: 'over' }]);
  // The one before takes nothing away by going, nor by its time.
  leave();
  await house.unit.clock.advance(LENT_MS - 1);
  await house.unit.scan('k');
  expect(others).toStrictEqual([{ kind: 'over' }, LENT, TICKET]);
});

test('where nothing can be read, the door is asked, and says so', async () => {
  const { house, told } = await waiting();
  house.unit.store.facts.ticket = () => {
    throw new Error('the disk is gone');
  };
  await house.unit.scan('k');
  expect(told).toStrictEqual([LENT, { kind: 'door' }]);
  expect(scans(house)).toHaveLength(1);
});
