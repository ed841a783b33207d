/**
 * The kiosk's page. Two of them: the packaged one, and the demo's with its dock. `GENKAN_PAGE=demo` picks the second;
 * `GENKAN_PAGE_OUT` puts it elsewhere than `dist/`.
 */
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const ROOT = resolve(import.meta.dirname, '../..');
const demo = process.env['GENKAN_PAGE'] === 'demo';

/** The font packages come with an older format beside woff2 and let text jump when they arrive: neither is wanted. */
function ownFonts(): Plugin {
  return {
    name: 'own-fonts',
    enforce: 'pre',
    transform(code, id) {
      if (!/@fontsource[^?]*\.css/.test(id)) return null;
      return code
        .replaceAll(/,\s*url\([^)]*\.woff\)\s*format\('woff'\)/g, '')
        .replaceAll('font-display: swap', 'font-display: block');
    },
  };
}

export default defineConfig({
  root: resolve(ROOT, 'renderer/kiosk'),
  publicDir: false,
  define: { __DEMO__: JSON.stringify(demo) },
  plugins: [react(), ownFonts()],
  worker: { format: 'es' },
  build: {
    outDir: process.env['GENKAN_PAGE_OUT'] ?? resolve(ROOT, 'dist', demo ? 'kiosk-demo' : 'kiosk'),
    emptyOutDir: true,
    target: 'chrome140',
    // Nothing inline: the page's policy refuses it, and a font that is inline can't be left out.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
