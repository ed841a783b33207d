/** What a member may change for themself: language, text size, reach. Pure. All of it ends by itself. */
import type { Language } from '../locale/texts.ts';

export const TEXT_SIZES = [100, 130, 160, 200] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

/** Without a touch for that long, the next person finds the page as it was. */
export const COMFORT_MS = 60_000;

export interface Comfort {
  /** null: the site's first. */
  readonly language: Language | null;
  readonly text: TextSize;
  readonly reach: boolean;
  /** The sheet with these choices is open: where the room is too small to show them all the time. */
  readonly sheet: boolean;
  readonly touchedMono: number;
}

export const PLAIN: Comfort = { language: null, text: 100, reach: false, sheet: false, touchedMono: 0 };

export type ComfortInput =
  | { readonly press: 'language'; readonly language: Language }
  | { readonly press: 'text' }
  | { readonly press: 'reach' }
  | { readonly press: 'sheet' }
  /** A touch anywhere. */
  | { readonly press: 'touch' };

export function changeComfort(comfort: Comfort, input: ComfortInput, nowMono: number): Comfort {
  const touched = { ...freshComfort(comfort, nowMono), touchedMono: nowMono };
  switch (input.press) {
    case 'language':
      return { ...touched, language: input.language };
    case 'text':
      return { ...touched, text: TEXT_SIZES[(TEXT_SIZES.indexOf(comfort.text) + 1) % TEXT_SIZES.length] ?? 100 };
    case 'reach':
      return { ...touched, reach: !comfort.reach };
    case 'sheet':
      return { ...touched, sheet: !comfort.sheet };
    case 'touch':
      return touched;
  }
}

/** When it ends by itself; null: there is nothing to end. */
export function comfortDueAt(comfort: Comfort): number | null {
  const changed = comfort.language !== null || comfort.text !== 100 || comfort.reach || comfort.sheet;
  return changed ? comfort.touchedMono + COMFORT_MS : null;
}

export function freshComfort(comfort: Comfort, nowMono: number): Comfort {
  const due = comfortDueAt(comfort);
  return due !== null && due <= nowMono ? PLAIN : comfort;
}

/** The screen is back at waiting: the next person begins with the usual size. */
export function backToWaiting(comfort: Comfort): Comfort {
  return { ...comfort, text: 100, sheet: false };
}
