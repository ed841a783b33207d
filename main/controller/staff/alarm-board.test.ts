/** A member at the door calls for staff; one of them looks after it. */
import { expect, test } from 'vitest';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import { AlarmBoard } from './alarm-board.ts';

const NOON = Date.UTC(2026, 10, 26, 3);

test('a call stands until somebody takes it, whatever the doors say', () => {
  const board = new AlarmBoard(new VirtualClock({ wallMs: NOON }));
  expect(board.helpWanted('front')).toBe(true);
  board.look([{ doorId: 'front', alarms: [] }]);
  expect(board.list()).toEqual([{ id: 'help front', doorId: 'front', alarm: 'help', since: NOON, takenBy: null }]);
  board.taken('help front', 'sue');
  expect(board.list()).toEqual([]);
});

test('pressed again it is the same call; just after it was taken, none; later a new one', async () => {
  const clock = new VirtualClock({ wallMs: NOON });
  const board = new AlarmBoard(clock);
  expect([board.helpWanted('front'), board.helpWanted('front'), board.helpWanted('south')]).toEqual([
    true,
    false,
    true,
  ]);
  board.taken('help front', 'sue');
  await clock.advance(29_999);
  expect(board.helpWanted('front')).toBe(false);
  await clock.advance(1);
  expect(board.helpWanted('front')).toBe(true);
});
