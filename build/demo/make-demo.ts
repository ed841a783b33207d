/**
 * Writes `resources/demo/`: `node build/demo/make-demo.ts`. Always the same bytes, but for the images' compression,
 * which is zlib's.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import qrcode from 'qrcode';
import { documentText, makeConfig, makePins, makeSamples, makeSettings, makeSite, valueText } from './documents.ts';
import { codeOf } from './members.ts';

const FOLDER = fileURLToPath(new URL('../../resources/demo/', import.meta.url));

/** Grey alone, deflate's own strategy: 0.6 kB instead of 1.2. */
const PNG = { deflateLevel: 9, deflateStrategy: 0, colorType: 0 };

const site = makeSite();
mkdirSync(`${FOLDER}codes`, { recursive: true });
writeFileSync(`${FOLDER}site.json`, documentText(site));
writeFileSync(`${FOLDER}genkan.config.json`, `${JSON.stringify(makeConfig(), null, 2)}\n`);
writeFileSync(`${FOLDER}samples.json`, `${valueText(makeSamples())}\n`);
writeFileSync(`${FOLDER}settings.json`, `${JSON.stringify(makeSettings(), null, 2)}\n`);
writeFileSync(`${FOLDER}pins.json`, `${valueText(makePins())}\n`);
for (let number = 1; number <= site.members.length; number += 1) {
  const code = codeOf(number);
  const image = await qrcode.toBuffer(code, { scale: 8, margin: 4, rendererOpts: PNG });
  writeFileSync(`${FOLDER}codes/${code}.png`, image);
}
