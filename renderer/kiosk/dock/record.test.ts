/** A newcomer presses a card and reads in the dock what came of it. */
import { expect, test } from 'vitest';
import { admitted, leaving, NOW, refused, STATUS } from '../../../build/e2e/kiosk/scenes.ts';
import type { PageMessage } from '../../../main/contract/page.ts';
import { type RecordLine, record } from './record.ts';

const after = (messages: readonly PageMessage[]): readonly RecordLine[] => messages.reduce(record, []);

test('the newest is above, with the rules’ reason; outcomes have no time of their own', () => {
  const opened: PageMessage = { kind: 'outcome', of: 41, doorId: 'front', outcome: 'opened' };
  const lines = after([STATUS, admitted(), opened, refused('holiday', {}, { event: 42 }), leaving({ event: 43 })]);
  expect(lines.map(({ what, reason, at }) => [what, reason, at])).toEqual([
    ['out', 'exit', NOW],
    ['refused', 'holiday', NOW],
    ['opened', null, null],
    ['in', 'plan', NOW],
  ]);
});

test('it never grows without end', () => {
  const many = Array.from({ length: 100 }, (_, event) => admitted({ event }));
  const lines = after(many);
  expect(lines).toHaveLength(12);
  expect(lines[0]?.event).toBe(99);
});
