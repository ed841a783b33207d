/**
 * A kiosk is left alone for months. The controller is restarted, the page crashes, hangs or isn't served; each time the
 * page comes back by itself, without hammering, and the door never needed it.
 */
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { next, type Rig, startShown, Workshop } from '../../build/shell/harness.ts';
import { TestSite } from '../../build/shell/test-site.ts';
import {
  BEGINNING,
  FIRST_PAUSE_MS,
  HANG_LIMIT_MS,
  type Happening,
  LOAD_LIMIT_MS,
  LONGEST_PAUSE_MS,
  pauseMs,
  type Recovery,
  STEADY_MS,
  type Step,
  step,
} from './recovery.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe('the plan', () => {
  /** Runs happenings one after the other. */
  function play(...happenings: Happening[]): Step {
    const first: Step = { next: BEGINNING, effect: null, timerMs: null };
    return happenings.reduce((before, happening) => step(before.next, happening), first);
  }

  test('pauses double from half a second to half a minute', () => {
    expect([1, 2, 3, 6, 7, 1_000_000].map(pauseMs)).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000]);
  });

  test('a page that stays for a minute has its failures forgotten', () => {
    expect(play('start', 'failed', 'timer', 'failed').timerMs).toBe(2 * FIRST_PAUSE_MS);
    expect(play('start', 'failed', 'timer', 'loaded').timerMs).toBe(STEADY_MS);
    expect(play('start', 'failed', 'timer', 'loaded', 'gone').timerMs).toBe(2 * FIRST_PAUSE_MS);
    expect(play('start', 'failed', 'timer', 'loaded', 'timer', 'gone').timerMs).toBe(FIRST_PAUSE_MS);
  });

  test('a load that never ends is tried again', () => {
    expect(play('start')).toMatchObject({ effect: 'load', timerMs: LOAD_LIMIT_MS });
    expect(play('start', 'timer')).toMatchObject({
      effect: 'stop-loading',
      next: { at: 'waiting' },
      timerMs: FIRST_PAUSE_MS,
    });
  });

  test('a page that hangs is given a while, then ended; one that wakes up stays', () => {
    expect(play('start', 'loaded', 'unresponsive')).toMatchObject({ effect: null, timerMs: HANG_LIMIT_MS });
    expect(play('start', 'loaded', 'unresponsive', 'responsive').next.at).toBe('shown');
    const ended = play('start', 'loaded', 'unresponsive', 'timer');
    expect(ended).toMatchObject({ effect: 'end-page', next: { at: 'waiting' } });
    expect(step(ended.next, 'gone')).toEqual({ next: ended.next, effect: null, timerMs: 'keep' });
  });

  test('a new token while the page loads is one more load, when this one is done', () => {
    expect(play('start', 'start').effect).toBeNull();
    expect(play('start', 'start', 'loaded')).toMatchObject({ effect: 'load', next: { at: 'loading', again: false } });
    expect(play('start', 'start', 'failed', 'timer', 'loaded').effect).toBeNull();
    expect(play('start', 'loaded', 'start').effect).toBe('load');
  });

  test('whatever happens, it waits for something: a timer runs unless the page is shown and steady', () => {
    const happening = fc.constantFrom<Happening>(
      'start',
      'loaded',
      'failed',
      'gone',
      'unresponsive',
      'responsive',
      'timer',
    );
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        let state: Recovery = BEGINNING;
        let timerRuns = false;
        for (const one of ['start', ...happenings] as const) {
          if (one === 'timer' && !timerRuns) continue;
          const { next, timerMs } = step(state, one);
          if (timerMs !== 'keep') timerRuns = timerMs !== null;
          if (typeof timerMs === 'number') expect(timerMs).toBeLessThanOrEqual(Math.max(STEADY_MS, LONGEST_PAUSE_MS));
          state = next;
          expect(timerRuns || (state.at === 'shown' && state.failures === 0)).toBe(true);
        }
      }),
    );
  });
});

describe('with a real page', () => {
  const workshop = new Workshop();
  const sites: TestSite[] = [];
  afterEach(async () => {
    await workshop.clear();
    for (const site of sites.splice(0)) await site.stop();
  });
  afterAll(() => workshop.close());

  async function siteWith(options?: ConstructorParameters<typeof TestSite>[0]): Promise<TestSite> {
    const site = await new TestSite(options).start();
    sites.push(site);
    return site;
  }

  /** Lets the shell's pause go by; nothing happens a millisecond before its end. */
  async function pause(rig: Rig, ms: number): Promise<void> {
    await rig.clock.advance(ms - 1);
    expect(names(rig)).toContain('shell waiting');
    await rig.clock.advance(1);
    expect(names(rig)).toContain('shell loading');
  }

  const names = (rig: Rig): string[] => rig.clock.timers().map(({ name }) => name);

  test('the controller comes up after the shell', async () => {
    const site = await siteWith();
    await site.stop();
    const rig = await workshop.start({ switches: { controller: site.url } });
    await next(rig, 'did-fail-load');
    await pause(rig, 500);
    await next(rig, 'did-fail-load');
    await site.start();
    await pause(rig, 1_000);
    await next(rig, 'did-finish-load');
    expect(rig.said).toEqual(['Shell: the page is not there; trying until it is']);
  });

  test('the controller says that it is starting', async () => {
    let starting = true;
    const site = await siteWith({
      answer: (_path, res) => {
        if (starting) res.writeHead(503, { 'Content-Type': 'application/json' }).end('{}');
        return starting;
      },
    });
    const rig = await workshop.start({ switches: { controller: site.url } });
    await next(rig, 'did-finish-load');
    starting = false;
    await pause(rig, 500);
    await next(rig, 'did-finish-load');
    expect(names(rig)).toContain('shell shown');
  });

  test('the controller takes the connection and says nothing', async () => {
    let silent = true;
    const site = await siteWith({ answer: () => silent });
    const first = site.next('/');
    const rig = await workshop.start({ switches: { controller: site.url } });
    await first;
    silent = false;
    await rig.clock.advance(LOAD_LIMIT_MS);
    await pause(rig, 500);
    await next(rig, 'did-finish-load');
  });

  test('the controller goes while the page is shown: the page stays, as it may say so itself', async () => {
    const site = await siteWith();
    const rig = await startShown(workshop, site);
    await site.stop();
    await rig.clock.advance(10 * STEADY_MS);
    const page = await (await rig.standIn.contents()).page();
    expect(await page.title()).toBe('Page');
  });

  test('the page crashes, also while the controller is away', async () => {
    const site = await siteWith();
    const rig = await startShown(workshop, site);
    (await rig.standIn.contents()).forcefullyCrashRenderer();
    await next(rig, 'render-process-gone');
    await pause(rig, 500);
    await next(rig, 'did-finish-load');

    await site.stop();
    (await rig.standIn.contents()).forcefullyCrashRenderer();
    await next(rig, 'render-process-gone');
    await pause(rig, 1_000);
    await next(rig, 'did-fail-load');
    await site.start();
    await pause(rig, 2_000);
    await next(rig, 'did-finish-load');
    const page = await (await rig.standIn.contents()).page();
    expect(await page.evaluate('Object.keys(genkanShell)')).toEqual(['brightness', 'quit']);
  });

  test('the page hangs', async () => {
    const site = await siteWith();
    const rig = await startShown(workshop, site);
    const contents = await rig.standIn.contents();
    const page = await contents.page();
    const unresponsive = next(rig, 'unresponsive');
    await page.evaluate('setTimeout(() => { for (;;); })');
    await contents.feelPulse();
    await unresponsive;
    const gone = next(rig, 'render-process-gone');
    await rig.clock.advance(HANG_LIMIT_MS);
    await gone;
    await pause(rig, 500);
    await next(rig, 'did-finish-load');
  });

  test('the graphics process crashes: the page stays', async () => {
    const site = await siteWith();
    const rig = await startShown(workshop, site);
    const cdp = await (await workshop.browser()).newBrowserCDPSession();
    const graphics = async (): Promise<number | undefined> =>
      (await cdp.send('SystemInfo.getProcessInfo')).processInfo.find(({ type }) => type === 'GPU')?.id;
    const before = await graphics();
    // It may answer or not: what it asks for is a crash.
    cdp.send('Browser.crashGpuProcess').catch(() => {});
    await vi.waitUntil(async () => ![before, undefined].includes(await graphics()), { timeout: 30_000 });
    rig.standIn.app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed' });
    const page = await (await rig.standIn.contents()).page();
    expect(await page.title()).toBe('Page');
    expect(rig.said).toEqual(['Shell: the graphics process ended; Chromium starts it again']);
    expect(names(rig)).toContain('shell shown');
  });
});
