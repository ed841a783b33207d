/** Notes every use of the stand-in, so that a test can hold it against the committed list. */

import type { WindowOptions } from '../../main/shell/electron.ts';

export interface Uses {
  /** `app.enableSandbox()`, `contents.on(did-fail-load)`, `commandLine.appendSwitch(disable-pinch)`; each once. */
  readonly calls: Set<string>;
  readonly switches: Map<string, string | undefined>;
  /** What each `new BrowserWindow` was given. */
  readonly windows: WindowOptions[];
}

export function noUses(): Uses {
  return { calls: new Set(), switches: new Map(), windows: [] };
}

/** The same object, with every call of a method noted under `name`; a first argument that is a name is noted too. */
export function recorded<T extends object>(uses: Uses, name: string, target: T): T {
  return new Proxy(target, {
    get(owner, key) {
      const value: unknown = Reflect.get(owner, key, owner);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]): unknown => {
        uses.calls.add(`${name}.${String(key)}(${NAMING.has(key) ? args[0] : ''})`);
        return Reflect.apply(value, owner, args);
      };
    },
  });
}

/** Methods whose first argument says what they are about. */
const NAMING = new Set<string | symbol>(['on', 'handle', 'appendSwitch', 'fromPartition']);
