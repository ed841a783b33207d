/**
 * Builds both pages: `dist/kiosk`, which is packaged, and `dist/kiosk-demo`, which has the demo's dock.
 * `node build/page/build.ts [kiosk|kiosk-demo]` builds one of them alone.
 */
import { join } from 'node:path';
import { ROOT } from '../setup/runtime.mjs';
import { buildPart } from '../start/built.ts';
import type { PageName } from './make.ts';
import { pagePart } from './part.ts';

const asked = process.argv[2];
const names: readonly PageName[] = asked === 'kiosk' || asked === 'kiosk-demo' ? [asked] : ['kiosk', 'kiosk-demo'];
if (asked !== undefined && asked !== names[0]) {
  console.error(`there is no page ${asked}: kiosk or kiosk-demo`);
  process.exit(2);
}
for (const name of names) {
  await buildPart(pagePart(name));
  console.log(join(ROOT, 'dist', name));
}
