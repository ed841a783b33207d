/**
 * `npm start`: the demo, or with `-- --config FILE` a site of one's own. Builds what is stale, runs the controller, and
 * shows its page in the shell where there is a display. Ends with the controller, and the controller with it.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pagePart } from './page/part.ts';
import { isAppFresh } from './setup/app.mjs';
import { watchParents } from './setup/parents.mjs';
import { ROOT, userFolder } from './setup/runtime.mjs';
import { ensureBuilt } from './start/built.ts';
import { runController } from './start/controller.ts';
import { showWindow } from './start/window.ts';

interface Wanted {
  readonly config: string;
  /** Electron may be fetched for the window. */
  readonly isShellAsked: boolean;
}

const wanted = readArguments();
// From the first moment: whoever started us may be gone before the builds are done.
let stop: () => void = () => process.exit(1);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop());
watchParents(() => stop());

await buildApp();
await ensureBuilt(pagePart('kiosk-demo'));

const controller = runController(wanted.config);
stop = () => controller.stop();
controller.onPage((url) => void showWindow({ url, pipe: controller.shellPipe, isAsked: wanted.isShellAsked }));
process.exit(await controller.ended);

function readArguments(): Wanted {
  try {
    const options = { config: { type: 'string' }, shell: { type: 'boolean', default: false } } as const;
    const { values } = parseArgs({ options, strict: true });
    const demo = join(ROOT, 'resources', 'demo', 'genkan.config.json');
    return {
      config: values.config === undefined ? demo : resolve(userFolder(), values.config),
      isShellAsked: values.shell,
    };
  } catch (error) {
    process.stderr.write(`npm start -- [--config FILE] [--shell]: ${error instanceof Error ? error.message : error}\n`);
    process.exit(2);
  }
}

async function buildApp(): Promise<void> {
  if (isAppFresh(ROOT)) return;
  process.stderr.write('Genkan: bundling the program …\n');
  const { bundleApp } = await import('./bundle.ts');
  await bundleApp();
}
