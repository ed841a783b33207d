import { ok } from '../../../main/core/result.ts';
import type { BoardProtocol } from '../board.ts';
import { writeFrame } from './frame.ts';

/** LCUS boards answer no command, and disagree on how they answer a query: see the room's notes. */
export const lcus: BoardProtocol = {
  name: 'LCUS',
  says: 'nothing',
  load: () => Promise.resolve(),
  setRelay: (channel, energised) => ({ bytes: writeFrame({ channel, energised }), answer: () => ok(undefined) }),
  readRelay: () => null,
  readInput: () => null,
};
