/** Runs in the page: what is cut off at its sides, too small to touch, or too small to read. */
export function misfitsOfDesk(): string[] {
  const found: string[] = [];
  const name = (one: Element): string => `${one.tagName.toLowerCase()}.${one.getAttribute('class') ?? ''}`;
  if (document.documentElement.scrollWidth > innerWidth) found.push('the document scrolls sideways');
  const work = document.querySelector('.w-work');
  if (work === null) return ['no desk'];
  for (const one of work.querySelectorAll('*')) {
    if (one.getClientRects().length === 0 || one.closest('svg, [aria-hidden="true"], .w-hidden, .w-chart > *') !== null)
      continue;
    const scrolls = /auto|scroll/.test(getComputedStyle(one).overflowX);
    const isRail = one.closest('.w-rail') !== null || one.closest('.fieldbox') !== null;
    if (!isRail && scrolls && one.scrollWidth > one.clientWidth + 1) found.push(`${name(one)} scrolls sideways`);
    const box = one.getBoundingClientRect();
    if (!isRail && (box.right > innerWidth + 1 || box.left < -1)) found.push(`${name(one)} leaves the screen`);
    if (one.matches('button') && (box.width < 47.5 || box.height < 47.5))
      found.push(`${name(one)} is ${Math.round(box.width)}×${Math.round(box.height)}`);
    const hasText = [...one.childNodes].some((node) => node.nodeType === 3 && node.nodeValue?.trim());
    const size = Number.parseFloat(getComputedStyle(one).fontSize);
    if (hasText && size < 15) found.push(`${name(one)} is written in ${size} px`);
    if (one.matches('.btn') && one.scrollWidth > one.clientWidth + 1) found.push(`${name(one)} is too narrow`);
  }
  return [...new Set(found)];
}
