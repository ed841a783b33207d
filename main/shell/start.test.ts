/**
 * Who starts the shell may be mistaken: a wrong address, switches copied from a forum, a second one. It then says in
 * one line what to do, and doesn't start half.
 */
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { type Rig, type RigOptions, startShown, Workshop } from '../../build/shell/harness.ts';
import { TestSite } from '../../build/shell/test-site.ts';
import { isOwn, parseAddress } from './address.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const workshop = new Workshop();
const sites: TestSite[] = [];
afterEach(async () => {
  await workshop.clear();
  for (const site of sites.splice(0)) await site.stop();
});
afterAll(() => workshop.close());

async function shown(options: RigOptions = {}): Promise<Rig> {
  const site = await new TestSite().start();
  sites.push(site);
  return startShown(workshop, site, options);
}

describe('the address', () => {
  test.each([
    ['http://127.0.0.1:8377/', 'http://127.0.0.1:8377'],
    ['http://127.0.0.1:8377', 'http://127.0.0.1:8377'],
    ['http://[::1]:9000/', 'http://[::1]:9000'],
  ])('%s is taken', (text, origin) => {
    expect(parseAddress(text)).toEqual({ ok: true, value: { origin, url: `${origin}/` } });
  });

  test.each([
    '',
    'x',
    '127.0.0.1:8377',
    'https://127.0.0.1:8377/',
    'http://localhost:8377/',
    'http://127.0.0.2:8377/',
    'http://192.168.1.5:8377/',
    'http://example.com/',
    'http://127.0.0.1.example.com/',
    'http://me:secret@127.0.0.1:8377/',
    'http://127.0.0.1:8377/page',
    'http://127.0.0.1:8377/?token=secret',
    'http://127.0.0.1:8377/#x',
    'file:///etc/passwd',
    `http://127.0.0.1:8377/${' '.repeat(200)}`,
  ])('%s is refused, and not repeated', (text) => {
    const parsed = parseAddress(text);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.error).not.toMatch(/secret|example|passwd|192/);
  });

  test('its origin is the scheme, the number and the port together', () => {
    const address = { origin: 'http://127.0.0.1:837', url: 'http://127.0.0.1:837/' };
    for (const url of ['http://127.0.0.1:837/x?y', 'ws://127.0.0.1:837/', 'blob:http://127.0.0.1:837/1']) {
      expect(isOwn(address, url), url).toBe(true);
    }
    for (const url of [
      'http://127.0.0.1:8377/',
      'http://127.0.0.1/',
      'http://localhost:837/',
      'https://127.0.0.1:837/',
      'wss://127.0.0.1:837/',
      'http://127.0.0.1:837@example.com/',
      'http://127.0.0.1:837.example.com/',
      'about:blank',
      'null',
      '',
    ]) {
      expect(isOwn(address, url), url).toBe(false);
    }
  });

  test('a wrong one ends the start with one line and nothing opened', async () => {
    const rig = await workshop.start({ switches: { controller: 'http://example.com/' } });
    expect(rig.exits).toEqual([2]);
    expect(rig.said).toEqual([
      'Shell not started: --controller must be a plain loopback address, such as --controller=http://127.0.0.1:8377/',
    ]);
    expect(rig.standIn.uses.windows).toEqual([]);
  });
});

test.each(['no-sandbox', 'disable-web-security', 'remote-debugging-port', 'inspect', 'proxy-server', 'load-extension'])(
  '--%s ends the start',
  async (name) => {
    const rig = await workshop.start({ switches: { [name]: '' } });
    expect(rig.exits).toEqual([2]);
    expect(rig.said).toEqual([`Shell not started: --${name} makes the shell unsafe: start it without`]);
    expect(rig.standIn.uses.windows).toEqual([]);
  },
);

test('a second shell leaves to the first, whose window comes to the front', async () => {
  const second = await workshop.start({ first: false });
  expect(second.exits).toEqual([0]);
  expect(second.standIn.uses.windows).toEqual([]);
  const first = await shown();
  first.standIn.app.emit('second-instance');
  expect((await first.standIn.window()).focused).toBe(1);
});

test('started by hand, without a controller that says anything, it shows the page at once', async () => {
  const rig = await shown({ withoutPipe: true });
  expect(rig.clock.timers().map(({ name }) => name)).not.toContain('shell token');
});

describe('closing the window', () => {
  test('by keys or the window manager does nothing on a unit', async () => {
    const rig = await shown();
    expect((await rig.standIn.window()).close()).toBe(false);
    rig.standIn.quit();
    expect(rig.quits()).toBe(1);
  });

  test('ends it where a developer tries it out', async () => {
    const rig = await shown({ packaged: false });
    expect((await rig.standIn.window()).close()).toBe(true);
  });

  test('and so does the end of npm start, there alone', async () => {
    const tried = await shown({ packaged: false });
    tried.pipe.destroy();
    await tried.clock.advance(0);
    expect(tried.quits()).toBe(1);
    const unit = await shown();
    unit.pipe.destroy();
    await unit.clock.advance(0);
    expect(unit.quits()).toBe(0);
  });
});
