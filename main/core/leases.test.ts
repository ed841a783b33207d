// Three gyms, eight visits a month, no line between them: together they can't let anybody in a ninth time, and what is
// there to be had is at one of them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  available,
  balanceAt,
  balancesOf,
  bandTotal,
  firstCounts,
  initialShare,
  isSameRight,
  type Moved,
  mayGive,
  type Right,
  ranksOf,
  shareOf,
  ticketTotal,
} from './leases.ts';

const SITES = ['aoba', 'kobe', 'naha'];
const TICKET: Right = { kind: 'ticket', ticketId: 'k1' };
const BAND: Right = { kind: 'band', contractId: 'c1', bandId: 'day', month: '2026-11' };

const names = (count: number) => Array.from({ length: count }, (_, index) => `site-${index}`);
const sum = (numbers: Iterable<number>) => [...numbers].reduce((a, b) => a + b, 0);

describe('the share that a site begins with', () => {
  test('all of it is shared out, evenly, to the last one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 30 }), fc.string(), (total, n, id) => {
        const right: Right = { kind: 'ticket', ticketId: id };
        const shares = names(n).map((site) => initialShare(right, total, names(n), site));
        expect(sum(shares)).toBe(total);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('is the same whoever works it out, in whatever order the sites are told, once or twice', () => {
    const told = [...SITES].reverse().concat(SITES);
    for (const site of SITES) expect(initialShare(BAND, 8, told, site)).toBe(initialShare(BAND, 8, SITES, site));
  });

  test('is never less when there is more to share', () => {
    for (let total = 0; total < 40; total += 1) {
      for (let rank = 0; rank < 7; rank += 1) {
        expect(shareOf(total + 1, 7, rank)).toBeGreaterThanOrEqual(shareOf(total, 7, rank));
      }
    }
  });

  test('of a single one goes to each site as often as to any other', () => {
    const counts = new Map(names(10).map((site) => [site, 0]));
    for (let id = 0; id < 2_000; id += 1) {
      const [first] = ranksOf(`ticket-${id}`, names(10)).keys();
      counts.set(first ?? '', (counts.get(first ?? '') ?? 0) + 1);
    }
    expect(Math.min(...counts.values())).toBeGreaterThan(140);
    expect(Math.max(...counts.values())).toBeLessThan(260);
  });

  test('of a single one stays where it is for most when a site is added', () => {
    const holds = (id: number, count: number) => [...ranksOf(`ticket-${id}`, names(count)).keys()][0];
    const moved = Array.from({ length: 1_000 }, (_, id) => id).filter((id) => holds(id, 9) !== holds(id, 10));
    expect(moved.length).toBeLessThan(140);
    for (const id of moved) expect(holds(id, 10)).toBe('site-9');
  });

  // Shares that another program works out must be these very ones.
  test('is written down', () => {
    expect([...ranksOf('c1', SITES).keys()]).toStrictEqual(RANKS_OF_C1);
    expect([...ranksOf('チケット', ['a', 'b', 'c', 'd', 'e']).keys()]).toStrictEqual(RANKS_OF_A_TICKET);
  });

  test('a site that is no longer there has none, and nobody has any of nothing', () => {
    expect(initialShare(TICKET, 8, SITES, 'gone')).toBe(0);
    expect(SITES.map((site) => initialShare(TICKET, -3, SITES, site))).toStrictEqual([0, 0, 0]);
  });

  test('one site has it all', () => {
    expect(initialShare(BAND, 8, ['aoba'], 'aoba')).toBe(8);
  });
});

const RANKS_OF_C1 = ['naha', 'kobe', 'aoba'];
const RANKS_OF_A_TICKET = ['a', 'e', 'c', 'b', 'd'];

describe('what a site may spend', () => {
  const gave = (from: string, to: string, uses: number, right: Right = TICKET): Moved => ({ right, from, to, uses });

  test('share − spent − given + received', () => {
    const spent = [
      { site: 'aoba', uses: 1 },
      { site: 'aoba', uses: 1 },
      { site: 'naha', uses: 1 },
    ];
    const left = available(TICKET, 12, SITES, spent, [gave('kobe', 'aoba', 3)]);
    expect(Object.fromEntries(left)).toStrictEqual({ aoba: 5, kobe: 1, naha: 3 });
  });

  test('other rights, and sites that are no more, play no part', () => {
    const other: Right = { ...BAND, month: '2026-12' };
    const moved = [gave('kobe', 'aoba', 1, other), gave('kobe', 'gone', 1, BAND), gave('gone', 'kobe', 1, BAND)];
    const left = available(BAND, 12, SITES, [{ site: 'gone', uses: 4 }], moved);
    expect([...left.values()]).toStrictEqual([4, 4, 4]);
  });

  test('is less than nothing where a site has spent beyond its share', () => {
    const left = available(TICKET, 12, SITES, [{ site: 'aoba', uses: 6 }], []);
    expect(Object.fromEntries(left)).toStrictEqual({ aoba: -2, kobe: 4, naha: 4 });
  });

  test('is together what is left, whatever was spent and moved', () => {
    const entry = fc.record({ rank: fc.nat({ max: 4 }), uses: fc.integer({ min: -3, max: 6 }) });
    fc.assert(
      fc.property(fc.nat({ max: 40 }), fc.array(entry, { maxLength: 12 }), (total, entries) => {
        const balances = balancesOf(total, 5, entries);
        expect(sum(balances)).toBe(total - sum(entries.map(({ uses }) => uses)));
        balances.forEach((balance, rank) => {
          const own = sum(entries.filter((one) => one.rank === rank).map(({ uses }) => uses));
          expect(balance).toBe(shareOf(total, 5, rank) - own);
        });
      }),
    );
  });

  test('a site without a rank may spend nothing', () => {
    expect(balanceAt([3, 2], null)).toBe(0);
    expect(balanceAt([3, 2], 2)).toBe(0);
    expect(balanceAt([3, 2], 1)).toBe(2);
  });
});

describe('what is shared out', () => {
  test('of a ticket: what is left and what these sites have used', () => {
    expect(ticketTotal(3, 5)).toBe(8);
  });

  test('of a band: the limit without what was counted elsewhere', () => {
    expect(bandTotal(8, 3)).toBe(5);
    expect(bandTotal(8, 9)).toBe(0);
  });

  test('a date counts once: elsewhere first, then for the site of the first rank', () => {
    const counted = firstCounts([
      { day: 1, rank: 2 },
      { day: 1, rank: 1 },
      { day: 1, rank: 2 },
      { day: 2, rank: 0 },
      { day: 2, rank: null },
      { day: 3, rank: null },
      { day: 3, rank: 0 },
      { day: 4, rank: 0 },
    ]);
    expect(counted).toStrictEqual({
      outside: 2,
      spent: [
        { rank: 1, uses: 1 },
        { rank: 0, uses: 1 },
      ],
    });
  });
});

test('a unit gives what is there and was asked for, and nothing while it does not hear its whole site', () => {
  expect(mayGive(3, true, 2)).toBe(2);
  expect(mayGive(1, true, 2)).toBe(1);
  expect(mayGive(-1, true, 2)).toBe(0);
  expect(mayGive(3, false, 2)).toBe(0);
});

test('rights are the same when all of them is', () => {
  expect(isSameRight(TICKET, { ...TICKET })).toBe(true);
  expect(isSameRight(TICKET, { ...TICKET, ticketId: 'k2' })).toBe(false);
  expect(isSameRight(BAND, { ...BAND })).toBe(true);
  expect(isSameRight(BAND, { ...BAND, contractId: 'c2' })).toBe(false);
  expect(isSameRight(BAND, { ...BAND, bandId: 'night' })).toBe(false);
  expect(isSameRight(BAND, { ...BAND, month: '2026-10' })).toBe(false);
  expect(isSameRight(BAND, TICKET)).toBe(false);
  expect(isSameRight(TICKET, BAND)).toBe(false);
});
