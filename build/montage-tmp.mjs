import { readdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [, , pat, out, w = '620'] = process.argv;
const dir = 'artefacts/kiosk';
const files = readdirSync(dir)
  .filter((f) => new RegExp(pat).test(f))
  .sort();
const html =
  '<body style="margin:0;background:#888;display:flex;flex-wrap:wrap;gap:6px">' +
  files
    .map(
      (f) =>
        `<div style="font:10px sans-serif;width:${w}px">${f}<br><img style="width:100%" src="data:image/png;base64,${readFileSync(dir + '/' + f).toString('base64')}"></div>`,
    )
    .join('') +
  '</body>';
const b = await chromium.launch({ executablePath: '/usr/bin/chromium' });
const p = await b.newPage({ viewport: { width: 1900, height: 800 } });
await p.setContent(html);
await p.screenshot({ path: out, fullPage: true });
await b.close();
