/**
 * Pictures of the staff's screens, for eyes, into `artefacts/staff/`:
 * `node build/e2e/kiosk/staff-shots.ts [part of a name] [WxH] [languages] [text sizes]`
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SCREENS, showAgain, speak } from './staff-screens.ts';
import { byDay, makeManager, openStaffUnit, type StaffUnit } from './staff-unit.ts';
import { ROOMS, setText } from './stand.ts';

const OUT = resolve(import.meta.dirname, '../../../artefacts/staff');
const [wanted = '', room = '', languages = 'ja', sizes = '100'] = process.argv.slice(2);
mkdirSync(OUT, { recursive: true });

async function picture(desk: StaffUnit, name: string, language: string): Promise<void> {
  const { page } = desk;
  for (const size of ROOMS.filter((one) => room === '' || `${one.width}x${one.height}` === room)) {
    for (const text of sizes.split(',')) {
      await page.setViewportSize(size);
      await setText(page, Number(text));
      await page.evaluate('document.fonts.ready.then(() => null)');
      await byDay(desk);
      const parts = [name, `${size.width}x${size.height}`, language, text === '100' ? '' : `text${text}`];
      await page.screenshot({ path: join(OUT, `${parts.filter(Boolean).join('-')}.png`), animations: 'disabled' });
    }
  }
  await setText(page, 100);
  await page.setViewportSize({ width: 1280, height: 800 });
}

await using desk = await openStaffUnit();
if (''.includes(wanted)) await picture(desk, 'waiting', 'ja');
await makeManager(desk);
for (const [reader, code] of [
  ['front-in', 'M0001'],
  ['front-in', 'M0008'],
  ['front-in', 'M0006'],
  ['front-in', 'M9999'],
  ['ekimae-in', 'M0002'],
] as const)
  await desk.unit.demo('scan', { reader, code });
for (const language of languages.split(',')) {
  await speak(desk, language);
  for (const [name, show] of SCREENS.filter(([one]) => one.includes(wanted))) {
    await showAgain(desk);
    await show(desk);
    await picture(desk, name, language);
  }
}
console.log(desk.complaints);
