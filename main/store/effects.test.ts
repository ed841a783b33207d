// What an event changes is said in the event itself, so that a hub and another door can follow it without the site.
import { expect, test } from 'vitest';
import { Effects } from '../../sync/wire/effects.ts';
import { effectsOf, withEffects } from './effects.ts';

const NOON = Date.UTC(2026, 10, 18, 3);
const NONE = { consumed: null, reused: null, inside: null, businessDay: 20_775, enter: null, leave: [] };

test('nothing where nothing changes', () => {
  expect(effectsOf('m', NONE, null)).toBeNull();
  expect(withEffects({ a: 1 }, null)).toStrictEqual({ a: 1 });
});

test('what is used up, found used up, begun and ended, in the words of the protocol', () => {
  const band = { kind: 'band', contractId: 'c', bandId: 'b', day: 20_775 } as const;
  const ticket = { kind: 'ticket', ticketId: 'k', uses: 2 } as const;
  const enter = { placeId: 'p', at: NOON, via: { contractId: 'c', until: NOON + 1 } };
  const all = effectsOf('m', { ...NONE, consumed: ticket, reused: band, enter }, 'q');
  expect(all).toStrictEqual({
    memberId: 'm',
    consumed: { kind: 'ticket', ticketId: 'k', uses: 2, date: '2026-11-18' },
    reused: { kind: 'band', contractId: 'c', bandId: 'b', date: '2026-11-18' },
    enter: {
      placeId: 'p',
      enteredAt: '2026-11-18T03:00:00Z',
      via: { contractId: 'c', until: '2026-11-18T03:00:00.001Z' },
    },
    leave: { placeId: 'q' },
  });
  expect(Effects.parse(all)).toStrictEqual(all);
});
