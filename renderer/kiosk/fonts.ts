import { allTexts, type Language } from '../locale/texts.ts';
import type { Kiosk } from './kiosk.ts';

const WEIGHTS = [400, 700];
const DIGITS = '0123456789:/¥,–()';

interface Script {
  readonly families: readonly string[];
  /** Makes the families known; those that every site needs are known already. */
  readonly know: () => Promise<unknown>;
}

const KNOWN: Script = { families: ['Inter Variable', 'BIZ UDPGothic'], know: () => Promise.resolve() };

const SCRIPTS: Readonly<Record<Language, Script>> = {
  ja: KNOWN,
  en: KNOWN,
  'zh-Hans': {
    families: ['Inter Variable', 'Noto Sans SC Variable'],
    know: () => import('@fontsource-variable/noto-sans-sc/wght.css'),
  },
  ko: {
    families: ['Inter Variable', 'Noto Sans KR Variable'],
    know: () => import('@fontsource-variable/noto-sans-kr/wght.css'),
  },
};

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
      loadLanguage(language).catch(() => loaded.delete(language));
    }
  };
  kiosk.subscribe(load);
  load();
}

async function loadLanguage(language: Language): Promise<void> {
  const { families, know } = SCRIPTS[language];
  await know();
  const letters = [...allTexts().values()].map((entry) => entry[language]).join('') + DIGITS;
  const fonts = families.flatMap((family) => WEIGHTS.map((weight) => `${weight} 20px "${family}"`));
  await Promise.all(fonts.map((font) => document.fonts.load(font, letters)));
}
