/**
 * Pictures of the technicians' screens, for eyes, into `artefacts/technician/`:
 * `node build/e2e/kiosk/tech-shots.ts [part of a step's name] [WxH] [text sizes]`
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { byDay, makeTechnician, openStaffUnit, signInTechnician } from './staff-unit.ts';
import { ROOMS, setText } from './stand.ts';

const OUT = resolve(import.meta.dirname, '../../../artefacts/technician');
const [wanted = '', room = '', sizes = '100'] = process.argv.slice(2);
mkdirSync(OUT, { recursive: true });

await using desk = await openStaffUnit();
const { page } = desk;
await makeTechnician(desk);
await page.reload();
await signInTechnician(desk);
await desk.unit.demo('scan', { reader: 'front-in', code: 'M0001' });
for (const button of await page.locator('.tech-rail button').all()) {
  await button.tap();
  const step = (await page.locator('.tech-task').getAttribute('data-step')) ?? '';
  if (!step.includes(wanted)) continue;
  for (const { width, height } of ROOMS.filter((one) => room === '' || `${one.width}x${one.height}` === room)) {
    for (const text of sizes.split(',')) {
      await page.setViewportSize({ width, height });
      await setText(page, Number(text));
      await page.evaluate('document.fonts.ready.then(() => null)');
      await byDay(desk);
      const name = [step, `${width}x${height}`, text === '100' ? '' : `text${text}`].filter(Boolean).join('-');
      await page.screenshot({ path: join(OUT, `${name}.png`), animations: 'disabled' });
    }
  }
  await setText(page, 100);
  await page.setViewportSize({ width: 1_280, height: 800 });
}
console.log(desk.complaints);
