/** Somebody is refused and presses “call staff”, twice, since nobody has come in two seconds. */
import { expect, test } from 'vitest';
import { StaffCall } from './staff-call.ts';

function makeCall(answers: readonly (boolean | null)[], door: string | null = 'front') {
  const asked: string[] = [];
  const states: string[] = [];
  const callStaff = (input: { readonly door: string }): Promise<boolean | null> => {
    asked.push(input.door);
    return Promise.resolve(answers[asked.length - 1] ?? null);
  };
  const call: StaffCall = new StaffCall({
    link: { callStaff },
    doorId: () => door,
    changed: () => states.push(call.stateOf(41)),
  });
  return { call, asked, states };
}

test('pressed twice it is one call; the refusal says that they come, the next one doesn’t', async () => {
  const { call, asked, states } = makeCall([true]);
  call.call(41);
  call.call(41);
  await Promise.resolve();
  call.call(41);
  expect(asked).toEqual(['front']);
  expect(states).toEqual(['calling', 'called']);
  expect(call.stateOf(42)).toBe('free');
});

test.each([[false], [null]])(
  'where nobody was reached (%s) nothing is promised, and it can be tried again',
  async (answer) => {
    const { call, asked, states } = makeCall([answer, true]);
    call.call(41);
    await Promise.resolve();
    expect(states).toEqual(['calling', 'free']);
    call.call(41);
    await Promise.resolve();
    expect(asked).toHaveLength(2);
    expect(call.stateOf(41)).toBe('called');
  },
);

test('an answer that comes after the next refusal says nothing about that', async () => {
  const { call } = makeCall([true, null]);
  call.call(41);
  call.call(42);
  await Promise.resolve();
  expect([call.stateOf(41), call.stateOf(42)]).toEqual(['free', 'free']);
});

test('a page without a door calls nobody', () => {
  const { call, asked } = makeCall([true], null);
  call.call(41);
  expect(asked).toEqual([]);
});
