/** The stand-in as the module `electron` of a process of its own, with the process's command line. */
import { launchChromium, StandIn } from './stand-in.ts';

const [, appPath = '', ...args] = process.argv;
const switches = Object.fromEntries(
  args.map((arg): [string, string] => {
    const [name = '', value = ''] = arg.replace(/^--/, '').split(/=(.*)/s);
    return [name, value];
  }),
);
const browser = launchChromium();

async function end(): Promise<void> {
  await (await browser).close();
  process.exit(0);
}

const standIn = new StandIn({
  browser,
  appPath,
  switches,
  onQuit: () => {
    end().catch(() => process.exit(3));
  },
});
process.once('SIGTERM', () => standIn.quit());

export const { app, BrowserWindow, ipcMain, Menu, session } = standIn.electron;
