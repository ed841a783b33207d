/** The page may see through the camera. Nobody else may, and the page may nothing else. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Rig, startShown, Workshop } from '../../build/shell/harness.ts';
import { TestSite } from '../../build/shell/test-site.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const workshop = new Workshop();
let site: TestSite;
let rig: Rig;

beforeAll(async () => {
  site = await new TestSite().start();
  rig = await startShown(workshop, site);
});
afterAll(async () => {
  await workshop.close();
  await site.stop();
});

async function run(script: string): Promise<unknown> {
  return (await (await rig.standIn.contents()).page()).evaluate(script);
}

const camera = (constraints: string): string => `navigator.mediaDevices.getUserMedia(${constraints}).then(
  (stream) => stream.getTracks().map((track) => track.kind), (error) => error.name)`;

test('a real Chromium gives the page its camera, and not the microphone', async () => {
  expect(await run(camera('{ video: true }'))).toEqual(['video']);
  expect(await run(camera('{ audio: true }'))).toBe('NotAllowedError');
  expect(await run(camera('{ video: true, audio: true }'))).toBe('NotAllowedError');
});

test('a real Chromium refuses all else', async () => {
  const state = (name: string): Promise<unknown> =>
    run(`navigator.permissions.query({ name: '${name}' }).then((p) => p.state)`);
  expect(await state('camera')).toBe('granted');
  for (const name of ['microphone', 'geolocation', 'notifications', 'clipboard-read', 'midi', 'idle-detection']) {
    expect(await state(name), name).toBe('denied');
  }
  expect(await run('Notification.requestPermission()')).toBe('denied');
});

/** What check and request say, each by itself: Electron asks one, the other or both. */
function verdicts(origin: string, permission: string, media?: 'video' | 'audio', isMainFrame = true): boolean[] {
  const { session } = rig.standIn;
  return [
    session.checks(origin, permission, media, isMainFrame),
    session.requests(origin, permission, media && [media], isMainFrame),
  ];
}

test('the camera is for the main frame of the very origin, and for its picture alone', () => {
  const port = new URL(site.url).port;
  expect(verdicts(site.origin, 'media', 'video')).toEqual([true, true]);
  expect(verdicts(site.origin, 'media', 'video', false)).toEqual([false, false]);
  expect(verdicts(site.origin, 'media', 'audio')).toEqual([false, false]);
  expect(verdicts(site.origin, 'media')).toEqual([false, false]);
  expect(rig.standIn.session.requests(site.origin, 'media', ['video', 'audio'])).toBe(false);
  for (const origin of [
    `http://127.0.0.1:${Number(port) - 1}`,
    `http://localhost:${port}`,
    `https://127.0.0.1:${port}`,
    'http://example.com',
    'null',
  ]) {
    expect(verdicts(origin, 'media', 'video'), origin).toEqual([false, false]);
  }
});

test.each([
  'display-capture',
  'geolocation',
  'notifications',
  'fullscreen',
  'pointerLock',
  'openExternal',
  'clipboard-read',
  'clipboard-sanitized-write',
  'fileSystem',
  'hid',
  'serial',
  'usb',
  'midi',
  'mediaKeySystem',
  'idle-detection',
  'storage-access',
  'unknown',
])('%s is refused, also where it comes with a picture', (permission) => {
  expect(verdicts(site.origin, permission)).toEqual([false, false]);
  expect(verdicts(site.origin, permission, 'video')).toEqual([false, false]);
});
