/** The staff's words, apart from the rest: they are fetched with their screens. */
import texts from '../../locale/staff.json' with { type: 'json' };
import { createTexts, type Entry, type Language, type TextKey, type Texts } from '../../locale/texts.ts';

type Name = keyof typeof texts;
export type StaffKey = `staff.${Name}`;
export type StaffTexts = Texts<TextKey | StaffKey>;

export function staffTexts(): ReadonlyMap<StaffKey, Entry> {
  const all = new Map<StaffKey, Entry>();
  let name: Name;
  for (name in texts) all.set(`staff.${name}`, texts[name]);
  return all;
}

export function createStaffTexts(): (language: Language) => StaffTexts {
  return createTexts(staffTexts());
}
