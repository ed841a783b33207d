/** The technicians' words, apart from the rest: they are fetched with their screens. */
import texts from '../../locale/technician.json' with { type: 'json' };
import { createTexts, type Entry, type Language, type TextKey, type Texts } from '../../locale/texts.ts';

type Name = keyof typeof texts;
export type TechKey = `tech.${Name}`;
export type TechTexts = Texts<TextKey | TechKey>;

export function technicianTexts(): ReadonlyMap<TechKey, Entry> {
  const all = new Map<TechKey, Entry>();
  let name: Name;
  for (name in texts) all.set(`tech.${name}`, texts[name]);
  return all;
}

export function createTechTexts(): (language: Language) => TechTexts {
  return createTexts(technicianTexts());
}
