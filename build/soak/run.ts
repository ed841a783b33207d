/** `npm run soak`: the long campaigns, of which `npm test` runs slices. `npm run soak -- KILLS SEED` for another size. */
import { bundleApp } from '../bundle.ts';
import { killCampaign } from '../e2e/kills.ts';
import { isAppFresh } from '../setup/app.mjs';
import { ROOT } from '../setup/runtime.mjs';

const [kills = '500', seed = String(Math.floor(process.hrtime()[1]))] = process.argv.slice(2);
if (!/^[1-9]\d{0,5}$/.test(kills) || !/^\d{1,10}$/.test(seed)) {
  console.error('soak: npm run soak -- KILLS SEED, two whole numbers');
  process.exit(2);
}
if (!isAppFresh(ROOT)) await bundleApp();
console.log(`soak: ${kills} kills, seed ${seed}`);
const report = await killCampaign(Number(kills), Number(seed));
for (const [victim, hits] of Object.entries(report.kills)) console.log(`${String(hits).padStart(6)} ${victim}`);
console.log(`${report.scans} scans, ${report.openings} openings, ${report.findings.length} findings`);
for (const finding of report.findings) console.log(`FOUND ${finding}`);
process.exitCode = report.findings.length > 0 ? 1 : 0;
