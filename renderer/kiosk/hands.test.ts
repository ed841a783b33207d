// A wet finger comes down twice. What it pressed has gone with its screen by then, and under it there is a button that
// nobody has read: it must not issue a card that was only asked about.
import { describe, expect, test } from 'vitest';
import { Bounces, type Press } from './hands.ts';

class Screen {
  readonly clock = { at: 1_000, mono: () => this.clock.at };
  readonly bounces = new Bounces(this.clock);

  /** A button at this place of a screen that is there until it is left. */
  button(isAnswer: boolean, x = 200, y = 300) {
    const element = { isConnected: true };
    const press: Press = { x, y, button: element, isAnswer };
    const leave = () => {
      element.isConnected = false;
    };
    return { press, leave };
  }

  isDropped({ press }: { readonly press: Press }, afterMs = 120): boolean {
    this.clock.at += afterMs;
    return this.bounces.isBounce(press);
  }
}

/** The first press of a pair, and the screen that it opens. */
function pressed(isAnswer: boolean): { readonly screen: Screen } {
  const screen = new Screen();
  const first = screen.button(isAnswer);
  expect(screen.isDropped(first)).toBe(false);
  first.leave();
  return { screen };
}

describe.each([
  ['the waiting screen', false],
  ['what a screen asks', true],
])('a double tap that begins on %s', (_, isAnswer) => {
  test('presses nothing of the screen that it has opened, however often it bounces', () => {
    const { screen } = pressed(isAnswer);
    const next = screen.button(true);
    expect([screen.isDropped(next), screen.isDropped(next, 390), screen.isDropped(next, 390)]).toEqual([
      true,
      true,
      true,
    ]);
    expect(screen.isDropped(next, 400)).toBe(false);
  });

  test('is none elsewhere, or later', () => {
    expect(pressed(isAnswer).screen.isDropped(new Screen().button(true, 200, 348))).toBe(false);
    expect(pressed(isAnswer).screen.isDropped(new Screen().button(true), 400)).toBe(false);
  });

  test('presses the waiting screen and the corners, where it does no harm', () => {
    const { screen } = pressed(isAnswer);
    expect(screen.isDropped(screen.button(false))).toBe(false);
  });
});

test('a button that stays is pressed as often as somebody presses it', () => {
  const screen = new Screen();
  const key = screen.button(true);
  expect([screen.isDropped(key), screen.isDropped(key), screen.isDropped(key)]).toEqual([false, false, false]);
});

test('a press on no button means nothing, and neither does what comes after it', () => {
  const screen = new Screen();
  expect(screen.bounces.isBounce({ x: 200, y: 300, button: null, isAnswer: true })).toBe(false);
  expect(screen.isDropped(screen.button(true))).toBe(false);
});
