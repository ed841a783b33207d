/**
 * Runs the real preload script in a real isolated world of a Chromium page, as Electron does with `contextIsolation`:
 * the page's own scripts see what `contextBridge` exposed and nothing else; only the isolated world has the way out.
 */
import type { CDPSession } from 'playwright-core';
import * as z from 'zod/mini';

const WORLD = 'Electron Isolated Context';
const BINDING = '__standInInvoke';

const Call = z.object({ id: z.number(), channel: z.string(), args: z.array(z.unknown()) });

/** What the isolated world's call is answered with. */
export type Invoke = (channel: string, args: readonly unknown[]) => Promise<unknown>;

/** The page's half of `contextBridge`: what the preload exposed becomes frozen functions that pass JSON across. */
const PAGE_WORLD = `(() => {
  if (window !== top) return;
  const waiting = new Map();
  let next = 0;
  document.addEventListener('stand-in-answer', ({ detail }) => {
    const { id, value, error } = JSON.parse(detail);
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(value); else reject(new Error(error));
  });
  document.addEventListener('stand-in-expose', ({ detail }) => {
    const { key, names } = JSON.parse(detail);
    const call = (name) => (...args) => new Promise((resolve, reject) => {
      waiting.set(++next, { resolve, reject });
      document.dispatchEvent(new CustomEvent('stand-in-call', { detail: JSON.stringify({ id: next, key, name, args }) }));
    });
    const api = Object.freeze(Object.fromEntries(names.map((name) => [name, call(name)])));
    Object.defineProperty(window, key, { value: api, enumerable: true });
  });
})()`;

/** The isolated world: `require('electron')` as a sandboxed preload has it, and the preload itself. */
function isolatedWorld(preload: string): string {
  return `(() => {
  if (window !== top) return;
  const exposed = {}, waiting = new Map();
  let next = 0;
  globalThis.__standInAnswer = (id, value, error) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(value); else reject(new Error(error));
  };
  const invoke = (channel, ...args) => new Promise((resolve, reject) => {
    waiting.set(++next, { resolve, reject });
    ${BINDING}(JSON.stringify({ id: next, channel, args }));
  });
  const exposeInMainWorld = (key, api) => {
    exposed[key] = api;
    document.dispatchEvent(new CustomEvent('stand-in-expose', { detail: JSON.stringify({ key, names: Object.keys(api) }) }));
  };
  document.addEventListener('stand-in-call', async ({ detail }) => {
    const { id, key, name, args } = JSON.parse(detail);
    const answer = await exposed[key][name](...args).then((value) => ({ value }), (e) => ({ error: e.message }));
    document.dispatchEvent(new CustomEvent('stand-in-answer', { detail: JSON.stringify({ id, ...answer }) }));
  });
  const modules = { electron: { contextBridge: { exposeInMainWorld }, ipcRenderer: { invoke } } };
  const require = (name) => {
    if (!(name in modules)) throw new Error('module not found: ' + name);
    return modules[name];
  };
  (function (require) { ${preload}
  })(require);
})()`;
}

/** To be called before the page's first load; holds for all later ones. */
export async function bridge(cdp: CDPSession, preload: string, invoke: Invoke): Promise<void> {
  cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
    if (name !== BINDING) return;
    const { id, channel, args } = Call.parse(JSON.parse(payload));
    const answer = (value: unknown, error?: string): Promise<unknown> =>
      cdp.send('Runtime.callFunctionOn', {
        executionContextId,
        functionDeclaration: '(...answer) => globalThis.__standInAnswer(...answer)',
        arguments: [{ value: id }, { value }, ...(error === undefined ? [] : [{ value: error }])],
      });
    invoke(channel, args)
      .then(
        (value) => answer(value),
        (error: unknown) => answer(null, `Error invoking remote method '${channel}': ${String(error)}`),
      )
      // The page has gone meanwhile: nobody waits for the answer.
      .catch(() => {});
  });
  await cdp.send('Page.enable');
  await cdp.send('Runtime.enable');
  await cdp.send('Runtime.addBinding', { name: BINDING, executionContextName: WORLD });
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: PAGE_WORLD });
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: isolatedWorld(preload), worldName: WORLD });
}
