/**
 * Electron's security checklist (its security tutorial, twenty points), point by point. What only Electron itself could
 * show is named with the point, and again in NOTES.md: here its binary is not at hand, and a Chromium stands in.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { type Rig, startShown, Workshop } from '../../build/shell/harness.ts';
import { TestSite } from '../../build/shell/test-site.ts';
import listed from './hardening.json' with { type: 'json' };

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const ROOT = resolve(import.meta.dirname, '../..');
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

const preferences = (): Record<string, unknown> => ({ ...rig.standIn.uses.windows[0]?.webPreferences });
const calls = (): readonly string[] => [...rig.standIn.uses.calls];

/** Whether the handler of `event` calls it off. */
async function refuses(event: string, url = 'http://example.com/', isMainFrame = true): Promise<boolean> {
  let called = false;
  const contents = await rig.standIn.contents();
  contents.emit(event, { url, isMainFrame, preventDefault: () => (called = true) });
  return called;
}

interface Point {
  readonly name: string;
  readonly holds: () => void | Promise<void>;
  /** What wasn't run, as in NOTES.md. */
  readonly notRun?: string;
}

const POINTS: readonly Point[] = [
  {
    name: '1 loads nothing over a line that others can change: the controller on loopback alone, and no name is looked up',
    holds: async () => {
      expect((await (await rig.standIn.contents()).page()).url()).toBe(site.url);
      const ask = (url: string) => rig.standIn.session.ask({ url, resourceType: 'xhr', requestHeaders: {} });
      for (const url of ['http://example.com/', 'https://example.com/', 'ftp://127.0.0.1/', 'file:///etc/passwd']) {
        expect(ask(url), url).toBeNull();
      }
      expect(rig.standIn.uses.switches.get('host-resolver-rules')).toMatch(/^MAP \* ~NOTFOUND/);
    },
    notRun: 'that the switches reach the Chromium inside Electron, and no name is looked up',
  },
  {
    name: '2 gives the page no Node.js',
    holds: async () => {
      for (const key of ['nodeIntegration', 'nodeIntegrationInSubFrames', 'nodeIntegrationInWorker']) {
        expect(preferences()[key], key).toBe(false);
      }
      expect(await run('[typeof require, typeof process, typeof module, typeof Buffer]')).toEqual(
        Array(4).fill('undefined'),
      );
    },
    notRun: 'that Electron obeys the web preferences (sandbox, context isolation, no Node.js)',
  },
  {
    name: '3 keeps the preload in a world of its own',
    holds: async () => {
      expect(preferences()['contextIsolation']).toBe(true);
      // The page breaks its own world; the preload's promise and JSON are others.
      await run('Promise.prototype.then = JSON.stringify = () => { throw new Error("taken over"); }; 0').catch(
        () => {},
      );
      expect(await run('[typeof __standInInvoke, typeof ipcRenderer, typeof contextBridge]')).toEqual(
        Array(3).fill('undefined'),
      );
    },
  },
  {
    name: "4 sandboxes every renderer, and doesn't start without",
    holds: () => {
      expect(preferences()['sandbox']).toBe(true);
      expect(calls()).toContain('app.enableSandbox()');
      expect(listed.refusedSwitches).toContain('no-sandbox');
    },
    notRun: "that the renderer runs in the kernel's sandbox on the target's kernel (user namespaces or chrome-sandbox)",
  },
  {
    name: '5 answers every request for a permission, with no but for the camera',
    holds: () => {
      expect(calls()).toEqual(
        expect.arrayContaining([
          'session.setPermissionCheckHandler()',
          'session.setPermissionRequestHandler()',
          'session.setDevicePermissionHandler()',
          'session.setDisplayMediaRequestHandler()',
        ]),
      );
      expect(rig.standIn.session.mayUse(site.origin, 'media', ['video'])).toBe(true);
      expect(rig.standIn.session.mayUse(site.origin, 'geolocation')).toBe(false);
    },
    notRun: 'that Electron asks the permission handlers as its documentation says',
  },
  { name: '6 leaves web security on', holds: () => expect(preferences()['webSecurity']).toBe(true) },
  {
    name: "7 leaves the controller's content security policy alone",
    holds: () => {
      expect(calls().filter((call) => call.startsWith('webRequest.'))).toEqual([
        'webRequest.onBeforeRequest()',
        'webRequest.onBeforeSendHeaders()',
      ]);
      expect(preferences()).not.toHaveProperty('disableBlinkFeatures');
    },
  },
  {
    name: '8 allows no insecure content in a secure page',
    holds: () => {
      expect(preferences()['allowRunningInsecureContent']).toBe(false);
      expect(listed.refusedSwitches).toContain('allow-running-insecure-content');
    },
  },
  { name: '9 uses no experimental features', holds: () => expect(preferences()['experimentalFeatures']).toBe(false) },
  {
    name: '10 switches no features of Blink on',
    holds: () => {
      expect(preferences()).not.toHaveProperty('enableBlinkFeatures');
      const added = [...rig.standIn.uses.switches.keys()].filter((name) => name.startsWith('enable-'));
      expect(added).toEqual([]);
      expect(listed.refusedSwitches).toContain('enable-blink-features');
    },
  },
  {
    name: '11 has no webviews, so none that opens windows',
    holds: () => expect(preferences()['webviewTag']).toBe(false),
  },
  {
    name: '12 refuses a webview whatever its options',
    holds: async () => expect(await refuses('will-attach-webview')).toBe(true),
    notRun: 'that a webview really is refused: a plain Chromium has none',
  },
  {
    name: "13 stays with the controller's pages",
    holds: async () => {
      for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
        expect(await refuses(event), event).toBe(true);
        expect(await refuses(event, site.url), event).toBe(false);
        expect(await refuses(event, site.url, false), event).toBe(true);
      }
    },
  },
  { name: '14 opens no window', holds: async () => expect((await rig.standIn.contents()).mayOpen()).toBe(false) },
  {
    name: '15 hands nothing to other programs',
    holds: () => {
      expect(listed.modules.main.electron).toEqual(
        ['BrowserWindow', 'Menu', 'app', 'ipcMain', 'session'].map((name) => `electron.${name}`),
      );
      expect(rig.standIn.session.mayUse(site.origin, 'openExternal')).toBe(false);
    },
  },
  {
    name: '16 pins the version of Electron whose types are checked',
    holds: async () => {
      const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(join(ROOT, path), 'utf8'));
      const Root = z.object({ devDependencies: z.object({ electron: z.string().regex(/^\d+\.\d+\.\d+$/) }) });
      const { devDependencies } = Root.parse(await read('package.json'));
      expect(await read('node_modules/electron/package.json')).toMatchObject({ version: devDependencies.electron });
    },
    notRun: 'whether that version is the newest that gets security fixes: it needs the network',
  },
  {
    name: '17 asks who calls before every verb',
    holds: async () => {
      const handled = calls().filter((call) => call.startsWith('ipcMain.'));
      expect(handled).toEqual(['ipcMain.handle(shell:brightness)', 'ipcMain.handle(shell:quit)']);
      const stranger = { sender: { id: 7 }, senderFrame: { origin: 'http://example.com', parent: null } };
      const framed = { sender: { id: 7 }, senderFrame: { origin: site.origin, parent: {} } };
      const elsewhere = { sender: { id: 8 }, senderFrame: { origin: site.origin, parent: null } };
      const gone = { sender: { id: 7 }, senderFrame: null };
      for (const caller of [stranger, framed, elsewhere, gone]) {
        for (const channel of ['shell:brightness', 'shell:quit']) {
          const answer = await rig.standIn.call(channel, caller, 1);
          expect(answer).toMatchObject({ ok: false, error: { code: 'not_allowed' } });
        }
      }
    },
    notRun: "that Electron's word on the frame that called (`senderFrame`) is as its types say",
  },
  {
    name: '18 serves nothing over file:, and has no protocol of its own',
    holds: () => {
      expect(calls().filter((call) => /loadFile|protocol/i.test(call))).toEqual([]);
      expect(listed.fuses.grantFileProtocolExtraPrivileges).toBe(false);
    },
  },
  {
    name: '19 sets the fuses (build/shell/pack.test.ts reads them back from a packed binary)',
    holds: () => {
      const { fuses } = listed;
      const on = Object.entries(fuses).filter(([, set]) => set);
      expect(on.map(([name]) => name)).toEqual([
        'enableCookieEncryption',
        'enableEmbeddedAsarIntegrityValidation',
        'onlyLoadAppFromAsar',
      ]);
    },
    notRun: "that Electron's own binary takes the fuses and starts with them",
  },
  {
    name: '20 gives the page two functions, and nothing of Electron',
    holds: async () => {
      expect(await run('Object.keys(genkanShell)')).toEqual(['brightness', 'quit']);
      expect(await run('Object.keys(window).filter((key) => /electron|ipc|shell|node/i.test(key))')).toEqual([
        'genkanShell',
      ]);
    },
  },
];

describe("Electron's security checklist: the shell", () => {
  test.each(
    POINTS.map((point) => [point.notRun ? `${point.name} — not run: ${point.notRun}` : point.name, point] as const),
  )('%s', async (_name, { holds }) => holds());

  test('what was not run stands in NOTES.md', async () => {
    const notes = (await readFile(join(import.meta.dirname, 'NOTES.md'), 'utf8')).replace(/\s+/g, ' ');
    for (const { notRun } of POINTS) expect(notes).toContain(notRun ?? '');
  });
});
