import type { Language } from '../locale/texts.ts';

export interface Expected {
  readonly language: Language;
  /** What stands in no language: the site's own names, what somebody has typed. */
  readonly known: readonly string[];
}

/**
 * Runs in the page. Every word that is shown or read aloud in another language than the page's without being marked as
 * of that language; an empty list is what every screen must give.
 */
export function strangers({ language, known }: Expected): string[] {
  // Letters that everybody reads as they are; keys, and numbers with letters in them.
  const anywhere = /\b(?:QR|PIN|LINE|ABC|cm)\b|(?:\.[a-z]{2,3}){1,2}(?![a-z])|\bP-[0-9A-Z-]+|^[A-Za-z]$/g;
  const [kana, han, hangul, latin] = ['[\u3041-\u30ff]', '\\p{Script=Han}', '[\uac00-\ud7af]', '[A-Za-z]{2,}'];
  const foreign = {
    ja: [hangul, latin],
    en: [kana, han, hangul],
    'zh-Hans': [kana, hangul, latin],
    ko: [kana, han, latin],
  }[language];
  const isForeign = new RegExp(foreign.join('|'), 'u');
  const isOurs = (element: Element | null): boolean =>
    element?.closest('[lang]')?.getAttribute('lang') === language && element.getClientRects().length > 0;
  const said: string[] = [];
  for (const element of document.querySelectorAll('#stage *')) {
    if (!isOurs(element) || element.closest('style, script') !== null) continue;
    for (const node of element.childNodes) if (node.nodeType === 3) said.push(node.nodeValue ?? '');
    for (const name of ['aria-label', 'title', 'alt', 'placeholder']) said.push(element.getAttribute(name) ?? '');
  }
  const found = said.filter((text) => {
    const rest = known.reduce((left, one) => left.replaceAll(one, ''), text.trim());
    return isForeign.test(rest.replaceAll(anywhere, ''));
  });
  return [...new Set(found)].map((text) => `${JSON.stringify(text)} isn't ${language}`);
}
