import { allTexts, type Language } from '../locale/texts.ts';
import type { Kiosk } from './kiosk.ts';

const WEIGHTS = [400, 700];
const FAMILIES = ['Inter Variable', 'BIZ UDPGothic'];
const DIGITS = '0123456789:/¥,–()';

/**
 * Fetches the slices that the member screens need in the site's languages before they are needed, so that a decision
 * never waits for its letters. Names from the site's data come as they are shown.
 */
export function loadFonts(kiosk: Kiosk): void {
  const loaded = new Set<Language>();
  const load = (): void => {
    for (const language of kiosk.snapshot().status?.languages ?? []) {
      if (loaded.has(language)) continue;
      loaded.add(language);
      const letters = [...allTexts().values()].map((entry) => entry[language]).join('') + DIGITS;
      for (const family of FAMILIES) {
        for (const weight of WEIGHTS) document.fonts.load(`${weight} 20px "${family}"`, letters).catch(() => undefined);
      }
    }
  };
  kiosk.subscribe(load);
  load();
}
