/**
 * The unit starts: the controller serves its page, the shell shows it, the page sets the panel's light and, when a
 * technician asks, ends the shell. Everything is real but Electron itself: the page runs in a Chromium and reaches the
 * handlers through the real preload script.
 */
import { execFile } from 'node:child_process';
import { chmod, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { makeBacklight, type Rig, startShown, TOKEN, Workshop } from '../../build/shell/harness.ts';
import { TestSite } from '../../build/shell/test-site.ts';
import { PERMIT_LIFE_MS } from './pipe.ts';

const PERMIT = 'permit-for-one-call-0123456789-0123456789-ab';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const workshop = new Workshop();
const sites: TestSite[] = [];

afterEach(async () => {
  await workshop.clear();
  for (const site of sites.splice(0)) await site.stop();
});
afterAll(() => workshop.close());

async function siteWith(script?: string): Promise<TestSite> {
  const site = await new TestSite(script === undefined ? {} : { script }).start();
  sites.push(site);
  return site;
}

/** A shell whose page is there, and what the page's own script sees. */
async function shown(): Promise<{ rig: Rig; run: (script: string) => Promise<unknown>; site: TestSite }> {
  const site = await siteWith();
  const rig = await startShown(workshop, site);
  const page = await (await rig.standIn.contents()).page();
  return { rig, run: (script) => page.evaluate(script), site };
}

const fault = (code: string) => ({ ok: false, error: { code, text: expect.any(String) } });
const done = { ok: true, value: null };

test('the page is asked for with the token, and finds exactly the verbs', async () => {
  const site = await siteWith('tell([Object.keys(genkanShell), typeof require, typeof process, typeof ipcRenderer]);');
  const told = site.next('/told');
  const rig = await workshop.start({ switches: { controller: site.url } });
  expect((await told).body).toEqual([['brightness', 'quit'], 'undefined', 'undefined', 'undefined']);
  const [first] = site.asked;
  expect(first?.path).toBe('/');
  expect(first?.headers['x-genkan-shell']).toBe(TOKEN);
  expect(rig.said).toEqual([]);
});

describe('the token', () => {
  test('that comes late is waited for, but not for ever', async () => {
    const site = await siteWith();
    const rig = await workshop.start({ switches: { controller: site.url }, token: null });
    expect(rig.clock.timers().map(({ name }) => name)).toEqual(['shell token']);
    expect(site.asked).toEqual([]);
    const first = site.next('/');
    await rig.clock.advance(2_000);
    expect((await first).headers['x-genkan-shell']).toBeUndefined();
    const second = site.next('/');
    rig.pipe.write(`${JSON.stringify({ token: TOKEN })}\n`);
    expect((await second).headers['x-genkan-shell']).toBe(TOKEN);
  });

  test('of a controller that was started anew takes the place of the old one, and the page is loaded again', async () => {
    const { rig, site } = await shown();
    const again = site.next('/');
    const newer = TOKEN.toUpperCase();
    rig.pipe.write(`${JSON.stringify({ token: newer })}\n`);
    expect((await again).headers['x-genkan-shell']).toBe(newer);
  });

  test('goes to the controller alone, and the page can neither read nor forge it', async () => {
    const stranger = await siteWith();
    const { rig, run, site } = await shown();
    const told = site.next('/told');
    await run(`fetch('/told', { method: 'POST', body: '1', headers: { 'X-Genkan-Shell': 'mine' } }).then(() => 0)`);
    expect((await told).headers['x-genkan-shell']).toBe(TOKEN);
    expect(await run('document.cookie')).toBe('');
    expect(rig.standIn.session.ask(outgoing(stranger.url))).toBeNull();
    const foreign = { ...outgoing(site.url), initiatorOrigin: stranger.origin };
    expect(rig.standIn.session.ask(foreign)).toEqual({ 'x-other': '1' });
  });
});

const outgoing = (url: string) =>
  ({ url, resourceType: 'xhr', requestHeaders: { 'x-other': '1', 'X-Genkan-Shell': 'forged' } }) as const;

describe('brightness', () => {
  test('is set on the panel', async () => {
    const { rig, run } = await shown();
    const panel = await makeBacklight(rig.backlightDir, 'panel', '255');
    for (const [percent, raw] of [
      [40, '102'],
      [0, '0'],
      [100, '255'],
    ] as const) {
      expect(await run(`genkanShell.brightness(${percent})`)).toEqual(done);
      expect(await readFile(join(panel, 'brightness'), 'utf8')).toBe(raw);
    }
  });

  test('goes to the device that the kernel asks to prefer', async () => {
    const { rig, run } = await shown();
    const raw = await makeBacklight(rig.backlightDir, 'a-raw', '100', 'raw');
    const firmware = await makeBacklight(rig.backlightDir, 'b-firmware', '10', 'firmware');
    await makeBacklight(rig.backlightDir, 'c-broken', 'many', 'firmware');
    expect(await run('genkanShell.brightness(50)')).toEqual(done);
    expect(await readFile(join(firmware, 'brightness'), 'utf8')).toBe('5');
    expect(await readFile(join(raw, 'brightness'), 'utf8')).toBe('100\n');
  });

  test('refuses anything but a whole number of percent', async () => {
    const { rig, run } = await shown();
    const panel = await makeBacklight(rig.backlightDir, 'panel', '255');
    for (const argument of ['-1', '101', '40.5', '"40"', 'NaN', 'null', '{}', '']) {
      expect(await run(`genkanShell.brightness(${argument})`), argument).toEqual(fault('bad_input'));
    }
    expect(await readFile(join(panel, 'brightness'), 'utf8')).toBe('255\n');
  });

  test('says what is missing where there is no panel, or none that may be set', async () => {
    const { rig, run } = await shown();
    expect(await run('genkanShell.brightness(40)')).toEqual(fault('no_backlight'));
    const panel = await makeBacklight(rig.backlightDir, 'panel', '255');
    await chmod(join(panel, 'brightness'), 0o444);
    // Root may write whatever the mode says; as root the write succeeds.
    const forbidden = process.getuid?.() === 0 ? done : fault('not_permitted');
    expect(await run('genkanShell.brightness(40)')).toEqual(forbidden);
  });

  test('is one change at a time', async () => {
    const { rig, run } = await shown();
    const file = join(await makeBacklight(rig.backlightDir, 'panel', '255'), 'brightness');
    // A panel that takes its time: a write ends when somebody reads it.
    await rm(file);
    await promisify(execFile)('mkfifo', [file]);
    const first = run('genkanShell.brightness(10)');
    expect(await run('genkanShell.brightness(20)')).toEqual(fault('busy'));
    expect(await readFile(file, 'utf8')).toBe('26');
    expect(await first).toEqual(done);
    const last = run('genkanShell.brightness(30)');
    expect(await readFile(file, 'utf8')).toBe('77');
    expect(await last).toEqual(done);
  });
});

describe('quit', () => {
  const permit = (rig: Rig): boolean => rig.pipe.write(`${JSON.stringify({ permit: PERMIT })}\n`);

  test('takes the permit that the controller gave, and the answer comes before the end', async () => {
    const { rig, run } = await shown();
    permit(rig);
    expect(await run(`genkanShell.quit('${PERMIT}')`)).toEqual(done);
    expect(rig.quits()).toBe(0);
    await rig.clock.advance(100);
    expect(rig.quits()).toBe(1);
  });

  test('takes a permit once', async () => {
    const { rig, run } = await shown();
    permit(rig);
    await run(`genkanShell.quit('${PERMIT}')`);
    expect(await run(`genkanShell.quit('${PERMIT}')`)).toEqual(fault('no_permit'));
    permit(rig);
    expect(await run(`genkanShell.quit('${PERMIT.replace('a', 'b')}')`)).toEqual(fault('no_permit'));
    expect(await run(`genkanShell.quit('${PERMIT}')`)).toEqual(fault('no_permit'));
  });

  test('takes no permit older than a minute', async () => {
    const { rig, run } = await shown();
    permit(rig);
    await rig.clock.advance(PERMIT_LIFE_MS + 1);
    expect(await run(`genkanShell.quit('${PERMIT}')`)).toEqual(fault('no_permit'));
    expect(rig.quits()).toBe(0);
  });

  test('refuses anything else', async () => {
    const { rig, run } = await shown();
    for (const argument of ['', '1', "'x'.repeat(1e6)"]) {
      expect(await run(`genkanShell.quit(${argument})`), argument).toEqual(fault('bad_input'));
    }
    for (const argument of ["''", "'x'", `'${TOKEN}'`]) {
      expect(await run(`genkanShell.quit(${argument})`), argument).toEqual(fault('no_permit'));
    }
    await rig.clock.advance(100);
    expect(rig.quits()).toBe(0);
  });
});
