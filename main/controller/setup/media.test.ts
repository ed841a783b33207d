// Somebody puts a stick in: its documents are listed by what they are, whatever else lies on it.
import { mkdirSync, symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FakeMachine } from '../../../device/discovery/testing.ts';
import { labelOf, listFiles, listMedia } from './media.ts';

const STICK = '/media/genkan/MY STICK';

function stick(): FakeMachine {
  const mounts = [
    '/dev/sda1 /boot ext4 rw 0 0',
    '/dev/sdb1 /media/genkan/MY\\040STICK vfat rw 0 0',
    '/dev/x /srv/a ext4 rw 0 0',
  ];
  return new FakeMachine()
    .file('/proc/mounts', mounts.join('\n'))
    .file(`${STICK}/site.json`, '{ "format": "genkan-site/1", "site": {} }')
    .file(`${STICK}/old/settings.JSON`, '{"format":"genkan-settings/1"}')
    .file(`${STICK}/genkan.config.json`, '{"dataDir":"data","doors":[]}')
    .file(`${STICK}/unit.json`, '{"format":"genkan-unit/1"}')
    .file(`${STICK}/holiday.jpg`, 'x')
    .file(`${STICK}/.Trash/site.json`, '{"format":"genkan-site/1"}')
    .file('/srv/a/site.json', '{"format":"genkan-site/1"}');
}

test('only what is mounted where media are is looked at, its documents by their kind', () => {
  const { tree } = stick();
  const media = listMedia(tree);
  expect(media).toStrictEqual([{ path: STICK, writable: true }]);
  const files = listFiles(tree, media).map(({ name, kind, medium }) => `${name} ${kind} ${medium}`);
  expect(files.sort()).toStrictEqual([
    `genkan.config.json config ${STICK}`,
    `settings.JSON settings ${STICK}`,
    `site.json site ${STICK}`,
    `unit.json unit ${STICK}`,
  ]);
});

test('no link is followed, and no folder for ever', () => {
  const machine = stick();
  symlinkSync(machine.tree.at('/srv/a'), machine.tree.at(`${STICK}/way-out`));
  symlinkSync(machine.tree.at('/srv/a/site.json'), machine.tree.at(`${STICK}/stolen.json`));
  machine.file(`${STICK}/1/2/3/4/deep.json`, '{}');
  expect(listFiles(machine.tree, listMedia(machine.tree)).map(({ name }) => name)).not.toContain('deep.json');
  for (let n = 0; n < 300; n += 1) machine.file(`${STICK}/many/${n}.json`, '{}');
  const files = listFiles(machine.tree, listMedia(machine.tree));
  expect(files).toHaveLength(200);
  expect(files.some(({ name }) => name === 'stolen.json' || name === 'deep.json')).toBe(false);
});

test('a stick that is gone, or none at all, has no files', () => {
  const { tree } = new FakeMachine().file('/proc/mounts', '/dev/sdb1 /run/media/a/b vfat rw 0 0');
  expect(listFiles(tree, listMedia(tree))).toStrictEqual([]);
  mkdirSync(tree.at('/mnt'));
  expect(listMedia(new FakeMachine().tree)).toStrictEqual([]);
});

test.each([
  ['{"format" : "genkan-signed/1", "payload"', 'signed', false],
  ['{"format":"genkan-sealed/1","holds":"genkan-signed/1","kdf":', 'signed', true],
  ['{"holds":"genkan-site/1","format":"genkan-sealed/1"', 'site', true],
  ['{"format":"genkan-sealed/1","kdf":', 'other', true],
  ['{"format":"genkan-site/1","holds":"genkan-unit/1"', 'site', false],
  ['{"format":"other/1","dataDir":"x"}', 'other', false],
  ['', 'other', false],
  ['\0\0\0', 'other', false],
])('%s is %s, sealed: %s', (head, kind, sealed) => {
  expect(labelOf(head)).toStrictEqual({ kind, sealed });
});
