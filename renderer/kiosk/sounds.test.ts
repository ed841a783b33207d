/** A member who can't see the screen hears which it was: rising, three equal knocks, falling; older ears too. */
import { expect, test } from 'vitest';
import { SOUNDS, type SoundName } from './sounds.ts';

const hzOf = (name: SoundName): readonly number[] => SOUNDS[name].notes.map(({ hz }) => hz);

test('admitted rises, leaving falls, refused knocks three times at one height', () => {
  expect(hzOf('admitted')).toEqual([587, 880]);
  expect(hzOf('admitted-heed')).toEqual([587, 880, 880]);
  expect(hzOf('leaving')).toEqual([880, 740, 587]);
  expect(hzOf('refused')).toEqual([311, 311, 311]);
});

test('each begins at once and has room for its attack; a decision’s is over within 0.6 s', () => {
  for (const [name, { notes, attackMs }] of Object.entries(SOUNDS)) {
    expect(notes[0]?.fromMs).toBe(0);
    for (const { fromMs, toMs } of notes) {
      expect(toMs - fromMs).toBeGreaterThan(attackMs * 4);
      if (name !== 'alarm' && name !== 'fire') expect(toMs).toBeLessThanOrEqual(600);
    }
  }
});

test('nothing of it is above 2.5 kHz', () => {
  for (const { notes, octave, wave, lowPassHz } of Object.values(SOUNDS)) {
    const highest = Math.max(...notes.map(({ hz }) => hz)) * (octave > 0 ? 2 : 1);
    expect(highest).toBeLessThanOrEqual(2_500);
    if (wave === 'triangle') expect(lowPassHz).toBeLessThanOrEqual(2_500);
  }
});
