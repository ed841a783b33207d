/** The page may see through the camera. Nobody else may, and the page may nothing else. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Rig, Workshop } from '../../build/shell/harness.ts';
import { TestSite } from '../../build/shell/test-site.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const workshop = new Workshop();
let site: TestSite;
let rig: Rig;

beforeAll(async () => {
  site = await new TestSite().start();
  const told = site.next('/told');
  rig = await workshop.start({ switches: { controller: site.url } });
  await told;
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

test('the camera is for the main frame of the very origin, and for its picture alone', () => {
  const { session } = rig.standIn;
  const port = new URL(site.url).port;
  expect(session.mayUse(site.origin, 'media', ['video'])).toBe(true);
  expect(session.mayUse(site.origin, 'media', ['video'], false)).toBe(false);
  expect(session.mayUse(site.origin, 'media', ['audio'])).toBe(false);
  expect(session.mayUse(site.origin, 'media', ['video', 'audio'])).toBe(false);
  expect(session.mayUse(site.origin, 'media')).toBe(false);
  expect(session.mayUse(site.origin, 'display-capture', ['video'])).toBe(false);
  for (const origin of [
    `http://127.0.0.1:${Number(port) + 1}`,
    `http://localhost:${port}`,
    `https://127.0.0.1:${port}`,
    'http://example.com',
    'null',
  ]) {
    expect(session.mayUse(origin, 'media', ['video']), origin).toBe(false);
  }
});

test.each([
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
  expect(rig.standIn.session.mayUse(site.origin, permission)).toBe(false);
  expect(rig.standIn.session.mayUse(site.origin, permission, ['video'])).toBe(false);
});
