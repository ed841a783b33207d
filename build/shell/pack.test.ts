/**
 * The package of the shell holds the three bundled files and an Electron whose fuses are as the committed list says.
 * electron-builder really packs here, from its real configuration; only Electron's binary is a stand-in with the same
 * place for fuses (`deb` and `AppImage` need tools that electron-builder downloads, so it packs a folder).
 */
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import listed from '../../main/shell/hardening.json' with { type: 'json' };
import { packShell } from './pack.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const ROOT = resolve(import.meta.dirname, '../..');
const CONFIG = join(ROOT, 'electron-builder.yml');
const require = createRequire(import.meta.url);

/** Electron's wire of fuses: this mark, a version, how many there are, then `0` or `1` for each. */
const FUSE_MARK = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSE_ORDER: readonly (keyof typeof listed.fuses)[] = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
];

const Config = z.looseObject({
  directories: z.record(z.string(), z.string()),
  files: z.array(z.string()),
  electronFuses: z.record(z.string(), z.boolean()),
  linux: z.looseObject({ target: z.array(z.strictObject({ target: z.string(), arch: z.array(z.string()) })) }),
});
let config: z.infer<typeof Config>;
let folder: string;

beforeAll(async () => {
  const yaml: { load(text: string): unknown } = require('js-yaml');
  config = Config.parse(yaml.load(await readFile(CONFIG, 'utf8')));
  // In the repository, where there are modules to pick up.
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  folder = await mkdtemp(join(ROOT, 'dist/pack-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('deb and AppImage, for both kinds of machine, and nothing that publishes, rebuilds or unpacks', () => {
  expect(config.linux.target).toEqual([
    { target: 'deb', arch: ['x64', 'arm64'] },
    { target: 'AppImage', arch: ['x64', 'arm64'] },
  ]);
  expect(config).toMatchObject({ asar: true, npmRebuild: false, nodeGypRebuild: false, publish: null });
  // electron-builder's default is to start an AppImage without the sandbox.
  expect(config).toMatchObject({ appImage: { executableArgs: [] } });
  // Else it would look for the app's modules in the repository, and find them.
  expect(config.directories).not.toHaveProperty('app');
  expect(config.files).toEqual(['main.js', 'preload.js', 'package.json']);
  for (const key of ['asarUnpack', 'extraFiles', 'extraResources', 'afterPack', 'protocols', 'fileAssociations']) {
    expect(config).not.toHaveProperty(key);
  }
});

test('every fuse that electron-builder knows is decided, as the list says', () => {
  expect(config.electronFuses).toEqual(listed.fuses);
  const scheme = require('app-builder-lib/scheme.json');
  const known = Object.keys(
    z.object({ properties: z.record(z.string(), z.unknown()) }).parse(scheme.definitions.FuseOptionsV1).properties,
  );
  // It is about signatures on macOS.
  expect(known.filter((name) => name !== 'resetAdHocDarwinSignature').sort()).toEqual(Object.keys(listed.fuses).sort());
});

/** A folder as Electron's download has it, every fuse the wrong way round. */
async function fakeElectron(dir: string): Promise<void> {
  await mkdir(join(dir, 'resources'), { recursive: true });
  await mkdir(join(dir, 'locales'));
  for (const name of ['version', 'LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox'])
    await writeFile(join(dir, name), 'x');
  for (const name of ['ja', 'en-US', 'zh-CN', 'ko', 'de']) await writeFile(join(dir, `locales/${name}.pak`), 'x');
  const wrong = FUSE_ORDER.map((name) => (listed.fuses[name] ? '0' : '1')).join('');
  const wire = Buffer.concat([Buffer.from(FUSE_MARK), Buffer.from([1, wrong.length]), Buffer.from(wrong)]);
  await writeFile(join(dir, 'electron'), Buffer.concat([Buffer.from('#!/bin/sh\n#'), wire, Buffer.from('\n')]));
  await chmod(join(dir, 'electron'), 0o755);
}

/** The names in an archive: a pickled header of JSON at byte 16, whose length is at byte 12. */
async function asarNames(path: string): Promise<string[]> {
  const bytes = await readFile(path);
  const header: unknown = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12)));
  return Object.keys(z.object({ files: z.record(z.string(), z.unknown()) }).parse(header).files).sort();
}

test("packed for both, it holds the three files, and the binary's fuses are as the list says", async () => {
  const [app, electron, output] = ['app', 'electron', 'out'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await fakeElectron(electron);
  const overrides = [`-c.electronDist=${electron}`, `-c.directories.output=${output}`];
  await packShell(app, ['--linux', 'dir', '--x64', '--arm64', ...overrides]);
  for (const name of ['linux-unpacked', 'linux-arm64-unpacked']) {
    const binary = await readFile(join(output, name, 'genkan-shell'), 'latin1');
    const at = binary.indexOf(FUSE_MARK) + FUSE_MARK.length + 2;
    const fuses = FUSE_ORDER.map((fuse, i) => [fuse, binary[at + i] === '1']);
    expect(Object.fromEntries(fuses), name).toEqual(listed.fuses);
    expect(await readdir(join(output, name, 'resources')), name).toEqual(['app.asar']);
    expect(await asarNames(join(output, name, 'resources/app.asar')), name).toEqual([
      'main.js',
      'package.json',
      'preload.js',
    ]);
    expect((await readdir(join(output, name, 'locales'))).sort(), name).toEqual([
      'en-US.pak',
      'ja.pak',
      'ko.pak',
      'zh-CN.pak',
    ]);
  }
});
