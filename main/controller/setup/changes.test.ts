// A technician gives a scanner to a door on the screen: the file keeps what its owner wrote, and nothing is written that
// the unit would not start with.
import { expect, test } from 'vitest';
import type { ConfigChange } from '../../contract/technician.ts';
import { changedConfig } from './changes.ts';

const FILE = {
  dataDir: 'data',
  display: { name: 'family' },
  doors: [
    {
      id: 'front',
      pulseMs: 1_500,
      lock: { driver: 'sim' },
      readers: [{ id: 'front-in', driver: 'sim' }],
      interlockWith: 'inner',
    },
    { id: 'inner', lock: { driver: 'sim' }, readers: [] },
  ],
};
const SCANNER = { driver: 'serial', path: '/dev/serial/by-id/scanner' };
const changed = (...changes: ConfigChange[]) => changedConfig(FILE, changes);

test('a reader is added behind the others, and all else stays as it was written', () => {
  const result = changed({ do: 'set', door: 'front', role: 'reader', reader: 'front-out', device: SCANNER });
  const [front, inner] = FILE.doors;
  expect(result).toMatchObject({
    ok: true,
    value: {
      ...FILE,
      doors: [
        {
          ...front,
          readers: [
            { id: 'front-in', driver: 'sim' },
            { id: 'front-out', ...SCANNER },
          ],
        },
        { id: inner?.id },
      ],
    },
  });
});

test('a reader is replaced in its place, also under a new name', () => {
  const device = { ...SCANNER, id: 'gate' };
  const result = changed({ do: 'set', door: 'front', role: 'reader', reader: 'front-in', device });
  expect(result).toMatchObject({ ok: true, value: { doors: [{ readers: [{ id: 'gate', driver: 'serial' }] }, {}] } });
});

test('a lock brings a door of the site in; an input alone does not make a door', () => {
  const lock: ConfigChange = { do: 'set', door: 'back', role: 'lock', reader: null, device: { driver: 'sim' } };
  expect(changed(lock)).toMatchObject({ ok: true, value: { doors: [{}, {}, { id: 'back' }] } });
  const fire: ConfigChange = { do: 'set', door: 'back', role: 'fire', reader: null, device: { driver: 'sim' } };
  expect(changed(fire)).toMatchObject({ ok: false, error: [expect.stringContaining('doors[2].lock')] });
  expect(changed(lock, fire).ok).toBe(true);
});

test('what is wrong is said by its path, and by no value', () => {
  const twice = { driver: 'gpio', chip: 'soc', line: 3 };
  const result = changed(
    { do: 'set', door: 'front', role: 'lock', reader: null, device: twice },
    { do: 'set', door: 'inner', role: 'fire', reader: null, device: twice },
  );
  expect(result).toStrictEqual({
    ok: false,
    error: ['doors[1].inputs.fire.line: a line that nothing else in this file uses'],
  });
});

test('a door that is renamed or goes takes its pair along', () => {
  expect(changed({ do: 'rename-door', door: 'inner', to: 'hall' })).toMatchObject({
    ok: true,
    value: { doors: [{ interlockWith: 'hall' }, { id: 'hall' }] },
  });
  expect(changed({ do: 'remove-door', door: 'inner' })).toMatchObject({
    ok: true,
    value: { doors: [{ id: 'front', interlockWith: null }] },
  });
});

test('a part is taken away', () => {
  const result = changed({ do: 'remove', door: 'front', role: 'reader', reader: 'front-in' });
  expect(result).toMatchObject({ ok: true, value: { doors: [{ readers: [] }, {}] } });
});

test('a file without doors is not changed', () => {
  expect(changedConfig([], []).ok).toBe(false);
  expect(changedConfig({ doors: [3] }, []).ok).toBe(false);
});
