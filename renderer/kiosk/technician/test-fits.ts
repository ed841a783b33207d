import type { Page } from 'playwright-core';
import type { Room } from '../../../build/e2e/kiosk/stand.ts';

/** Runs in the page: what is wider than its room, too small to touch, or cut off. */
function misfits(): string[] {
  const found: string[] = [];
  const name = (one: Element): string =>
    `${one.tagName.toLowerCase()}.${one.getAttribute('class') ?? ''} ${(one.textContent ?? '').slice(0, 20)}`;
  if (document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight)
    found.push('the document scrolls');
  for (const one of document.querySelectorAll('.tech-work, .tech-task, .tech-sign, .tech-bar')) {
    if (one.scrollWidth > one.clientWidth + 1)
      found.push(`${name(one)} is ${one.scrollWidth - one.clientWidth} px too wide`);
  }
  for (const one of document.querySelectorAll('.tech button')) {
    const { width, height } = one.getBoundingClientRect();
    if (width > 0 && (width < 47.5 || height < 47.5))
      found.push(`${name(one)} is ${Math.round(width)}×${Math.round(height)}`);
    if (one.scrollWidth > one.clientWidth + 1) found.push(`${name(one)} is cut off`);
  }
  return found;
}

/** At a text size, in some rooms. */
export async function misfitsAt(page: Page, text: string, rooms: readonly Room[]): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(`document.documentElement.dataset.text = '${text}'`);
  for (const room of rooms) {
    await page.setViewportSize(room);
    const here = await page.evaluate(misfits);
    found.push(...here.map((line) => `${room.width}×${room.height} ${text} %: ${line}`));
  }
  await page.evaluate('delete document.documentElement.dataset.text');
  return found;
}
