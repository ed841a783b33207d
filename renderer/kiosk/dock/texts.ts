/** The dock's words, apart from the rest: the packaged page has neither. */
import dock from '../../locale/dock.json' with { type: 'json' };
import { createTexts, type Entry, type Language, type Texts } from '../../locale/texts.ts';

type Name = keyof typeof dock;
export type DockKey = `dock.${Name}`;
export type DockTexts = Texts<DockKey>;

export function dockTexts(): ReadonlyMap<DockKey, Entry> {
  const all = new Map<DockKey, Entry>();
  let name: Name;
  for (name in dock) all.set(`dock.${name}`, dock[name]);
  return all;
}

export function createDockTexts(): (language: Language) => DockTexts {
  return createTexts(dockTexts());
}
