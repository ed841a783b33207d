/**
 * Somebody has got a script into the page, or a renderer was taken over. It can't leave the controller, load a
 * stranger's page beside it, open a window, fetch or send anything elsewhere; and where one wall is down the next holds.
 */
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { next, type Rig, type RigOptions, startShown, TOKEN, Workshop } from '../../build/shell/harness.ts';
import { StandInContents } from '../../build/shell/stand-in-contents.ts';
import { TestSite } from '../../build/shell/test-site.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const workshop = new Workshop();
let site: TestSite;
let stranger: TestSite;

beforeEach(async () => {
  stranger = await new TestSite({ script: '' }).start();
  site = await new TestSite({
    answer: (path, res) => {
      if (path !== '/away') return false;
      res.writeHead(302, { Location: stranger.url }).end();
      return true;
    },
  }).start();
});
afterEach(async () => {
  await workshop.clear();
  await site.stop();
  await stranger.stop();
});
afterAll(() => workshop.close());

type Run = (script: string) => Promise<unknown>;

async function shown(options: RigOptions = {}): Promise<{ rig: Rig; run: Run }> {
  const rig = await startShown(workshop, site, options);
  const page = await (await rig.standIn.contents()).page();
  return { rig, run: (script) => page.evaluate(script) };
}

/** Waits for an event that `act` brings about. */
async function until(rig: Rig, event: string, act: () => Promise<unknown>): Promise<void> {
  const happened = next(rig, event);
  await act();
  await happened;
}

async function stays(rig: Rig, run: Run): Promise<void> {
  expect((await (await rig.standIn.contents()).page()).url()).toBe(site.url);
  expect(await run('document.title')).toBe('Page');
  expect(stranger.asked).toEqual([]);
}

const addFrame = (attributes: string): string =>
  `{ const f = document.createElement('iframe'); Object.assign(f, ${attributes}); document.body.append(f); }`;

describe('the page tries to go', () => {
  test.each([
    ['elsewhere', (url: string) => `location.href = '${url}'`],
    ['elsewhere by a link', (url: string) => `Object.assign(document.createElement('a'), { href: '${url}' }).click()`],
    ['elsewhere by way of the controller', () => `location.href = '/away'`],
  ])('%s', async (_name, script) => {
    const { rig, run } = await shown();
    await until(rig, 'did-fail-load', () => run(script(stranger.url)));
    await stays(rig, run);
    expect(rig.said).toContain('Shell: the page tried to leave the controller; refused');
    // It is no failure of the page's: nothing is loaded again.
    expect(rig.clock.timers().map(({ name }) => name)).not.toContain('shell waiting');
  });

  test('to another page of the controller, which it may', async () => {
    const { rig, run } = await shown();
    const page = await (await rig.standIn.contents()).page();
    await run(`location.href = '/technician'`);
    await page.waitForURL(`${site.url}technician`);
    expect(rig.said).toEqual([]);
  });

  test.each([
    ['a stranger in a frame', () => addFrame(`{ src: '${stranger.url}' }`)],
    ['the controller in a frame', () => addFrame(`{ src: '/technician' }`)],
    ['a frame by way of the controller', () => addFrame(`{ src: '/away' }`)],
  ])('%s', async (_name, script) => {
    const { rig, run } = await shown();
    await until(rig, 'did-fail-load', () => run(script()));
    await stays(rig, run);
    expect(site.asked.map(({ path }) => path)).not.toContain('/technician');
  });

  test.each([
    ['a window', (url: string) => `window.open('${url}')`],
    ['a window that knows nothing of its opener', (url: string) => `window.open('${url}', '_blank', 'noopener')`],
    [
      'a link into a new window',
      (url: string) => `Object.assign(document.createElement('a'), { href: '${url}', target: '_blank' }).click()`,
    ],
  ])('%s', async (_name, script) => {
    const { rig, run } = await shown();
    const context = (await (await rig.standIn.contents()).page()).context();
    const opened = context.waitForEvent('page');
    await run(script(stranger.url));
    const popup = await opened;
    if (!popup.isClosed()) await popup.waitForEvent('close');
    expect(context.pages()).toHaveLength(1);
    expect(rig.said).toContain('Shell: the page tried to open a window; refused');
    await stays(rig, run);
  });
});

test("nothing is fetched from or sent to a stranger, neither with the page's walls nor without", async () => {
  const { rig, run } = await shown({ wallsDown: ['navigation'] });
  const tried = (promise: string): string => `${promise}.then(() => 'sent', () => 'not sent')`;
  expect(await run(tried(`fetch('${stranger.url}', { mode: 'no-cors' })`))).toBe('not sent');
  const socket = `new Promise((resolve) => { const s = new WebSocket('${stranger.url.replace('http', 'ws')}');
    s.onopen = () => resolve('open'); s.onclose = () => resolve('closed'); })`;
  expect(await run(socket)).toBe('closed');
  await until(rig, 'did-fail-load', () => run(`location.href = '${stranger.url}'`));
  expect(stranger.asked).toEqual([]);
  // What the page carries in itself isn't sent anywhere.
  const { session } = rig.standIn;
  const inline = { url: 'data:image/png;base64,AA==', resourceType: 'image', requestHeaders: {} } as const;
  expect(session.ask(inline)).toEqual({});
  expect(session.ask({ ...inline, resourceType: 'mainFrame' })).toBeNull();
});

test("the controller's own socket connects", async () => {
  const { rig } = await shown();
  const own = { url: site.url.replace('http', 'ws'), resourceType: 'webSocket', requestHeaders: {} } as const;
  expect(rig.standIn.session.ask(own)).toEqual({ 'x-genkan-shell': TOKEN });
});

describe('who may call a verb', () => {
  const notAllowed = { ok: false, error: { code: 'not_allowed', text: expect.any(String) } };
  const PERMIT = 'permit-for-one-call-0123456789-0123456789-ab';
  const open = { wallsDown: ['navigation', 'requests'], rawIpc: true } as const;
  const raw = `rawIpc('shell:quit', '${PERMIT}')`;

  async function withPermit(): Promise<{ rig: Rig; run: Run }> {
    const shell = await shown(open);
    shell.rig.pipe.write(`${JSON.stringify({ permit: PERMIT })}\n`);
    return shell;
  }

  /** What a frame gets when it calls. */
  async function fromFrame(rig: Rig, run: Run, attributes: string, url: string): Promise<unknown> {
    const page = await (await rig.standIn.contents()).page();
    const there = page.waitForEvent('framenavigated', (frame) => frame.url() === url);
    await run(addFrame(attributes));
    return (await there).evaluate(raw);
  }

  test('not a frame of a stranger, and its attempt leaves the permit as it was', async () => {
    const { rig, run } = await withPermit();
    expect(await fromFrame(rig, run, `{ src: '${stranger.url}' }`, stranger.url)).toEqual(notAllowed);
    expect(await run(raw)).toEqual({ ok: true, value: null });
  });

  test('not a frame of the controller, nor one without an origin', async () => {
    const { rig, run } = await withPermit();
    expect(await fromFrame(rig, run, `{ src: '/technician' }`, `${site.url}technician`)).toEqual(notAllowed);
    const opaque = `{ srcdoc: '<p>x', sandbox: 'allow-scripts' }`;
    expect(await fromFrame(rig, run, opaque, 'about:srcdoc')).toEqual(notAllowed);
    expect(rig.quits()).toBe(0);
  });

  test("not a stranger's page in the window itself", async () => {
    const { rig, run } = await withPermit();
    const page = await (await rig.standIn.contents()).page();
    await run(`location.href = '${stranger.url}'`);
    await page.waitForURL(stranger.url);
    expect(await run(raw)).toEqual(notAllowed);
    expect(await run('genkanShell.brightness(1)')).toEqual(notAllowed);
    expect(rig.said).toContain("Shell: something other than the controller's page called a verb; refused");
  });

  test('nothing but the verbs', async () => {
    const { run } = await shown(open);
    expect(await run(`rawIpc('shell:reboot').catch((e) => e.message)`)).toContain('No handler');
  });
});

test('webviews, downloads, menus and certificates are refused', async () => {
  const { rig } = await shown();
  const contents = await rig.standIn.contents();
  for (const event of ['will-attach-webview', 'context-menu']) {
    expect(
      prevented((attempt) => contents.emit(event, attempt)),
      event,
    ).toBe(true);
  }
  expect(prevented((attempt) => rig.standIn.session.emit('will-download', attempt))).toBe(true);
  expect(rig.standIn.session.askCertificate()).toBe(-2);
  const answers: unknown[] = [];
  const answer = (value: unknown): number => answers.push(value);
  const { app } = rig.standIn;
  expect(prevented((attempt) => app.emit('certificate-error', attempt, {}, '', '', {}, answer))).toBe(true);
  expect(prevented((attempt) => app.emit('select-client-certificate', attempt, {}, '', [{}], answer))).toBe(true);
  expect(answers).toEqual([false, undefined]);
});

function prevented(emit: (attempt: { preventDefault: () => void }) => void): boolean {
  let called = false;
  emit({ preventDefault: () => (called = true) });
  return called;
}

test('contents that nobody expected are held in too', async () => {
  const { rig } = await shown();
  const contents = new StandInContents({
    id: 99,
    newPage: () => Promise.reject(new Error('not needed')),
    session: rig.standIn.session,
    preload: '',
    wallsDown: [],
    invoke: () => Promise.resolve(null),
  });
  expect(contents.mayOpen()).toBe(true);
  rig.standIn.app.emit('web-contents-created', {}, contents);
  expect(contents.mayOpen()).toBe(false);
  const leave = (event: string): boolean =>
    prevented((attempt) => contents.emit(event, { ...attempt, url: stranger.url, isMainFrame: true }));
  expect(['will-navigate', 'will-frame-navigate', 'will-redirect'].filter(leave)).toHaveLength(3);
});

test("a real Chromium keeps the page's own policy: no inline script, no eval", async () => {
  const tries = await new TestSite({
    script: `document.body.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' }));
      try { window.ran = Function('return 2')(); } catch (error) { tell([String(window.ran), error.name]); }`,
  }).start();
  const told = tries.next('/told');
  await workshop.start({ switches: { controller: tries.url } });
  expect((await told).body).toEqual(['undefined', 'EvalError']);
  await tries.stop();
});
