/**
 * Pictures of every screen, for eyes, into `artefacts/kiosk/`:
 * `node build/e2e/kiosk/shots.ts [part of a name] [WxH] [languages] [text sizes] [night]`
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { fakeCameraFile } from '../camera-frames.ts';
import { NOW, SCENES } from './scenes.ts';
import { atUsualSize, openStage, ROOMS, setText } from './stand.ts';
import { builtPage, openBrowser, startUnit } from './unit.ts';

const OUT = resolve(import.meta.dirname, '../../../artefacts/kiosk');
const NIGHT = NOW + 9 * 3_600_000;
const Languages = z.array(z.enum(['ja', 'en', 'zh-Hans', 'ko']));

const [wanted = '', room = '', languages = 'ja,en', sizes = '100', night = ''] = process.argv.slice(2);
mkdirSync(OUT, { recursive: true });
using built = await builtPage('kiosk');
await using unit = await startUnit(built.dir);
const film = join(built.dir, 'still.mjpeg');
await fakeCameraFile(film, [null]);
const browser = await openBrowser({ film });
for (const { width, height } of ROOMS.filter((one) => room === '' || `${one.width}x${one.height}` === room)) {
  const { page, play } = await openStage(browser, unit, { room: { width, height }, at: night === '' ? NOW : NIGHT });
  page.on('console', (message) => console.log(message.type(), message.text()));
  page.on('pageerror', (error) => console.log('pageerror', error.message));
  for (const language of Languages.parse(languages.split(','))) {
    for (const text of sizes.split(',')) {
      for (const scene of SCENES.filter(({ name }) => name.includes(wanted))) {
        await atUsualSize(page);
        await play(scene, language);
        await page.setViewportSize({ width, height });
        await setText(page, Number(text));
        const name = [scene.name, `${width}x${height}`, language, text === '100' ? '' : `text${text}`, night];
        const path = join(OUT, `${name.filter(Boolean).join('-')}.png`);
        await page.screenshot({ path, animations: 'disabled' });
      }
    }
  }
  await page.context().close();
}
await browser.close();
