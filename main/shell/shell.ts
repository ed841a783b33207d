/** Puts the shell together from Electron and what the process hands in. */
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import { type Address, parseAddress } from './address.ts';
import type { ShellApp, ShellElectron } from './electron.ts';
import { limitNavigation } from './navigation.ts';
import { limitPermissions } from './permissions.ts';
import { readPipe, type Secrets } from './pipe.ts';
import { keepShown } from './recovery.ts';
import { limitRequests } from './requests.ts';
import { type Say, sayOnce } from './say.ts';
import { addSwitches, refuseSwitches } from './switches.ts';
import { brightnessVerb } from './verbs/brightness.ts';
import { BRIGHTNESS, QUIT } from './verbs/channels.ts';
import { quitVerb } from './verbs/quit.ts';
import { offer } from './verbs/verb.ts';
import { openWindow, PARTITION } from './window.ts';

/** What isn't Electron's. */
export interface Surroundings {
  readonly clock: Clock;
  /** Null: started by hand, without a controller that says anything. */
  readonly pipe: Readable | null;
  readonly say: Say;
  /** Ends the process; only used before there is a window. */
  readonly exit: (code: number) => void;
  /** `/sys/class/backlight` */
  readonly backlightDir: string;
}

/** The token is written before anything else; a controller that hangs shall not keep the window dark. */
const TOKEN_WAIT_MS = 2_000;

/** Where nobody says otherwise: the port in the config's defaults. */
const USUAL_ADDRESS = 'http://127.0.0.1:8377/';

const NO_SECRETS: Secrets = { token: () => null, spendPermit: () => false };

/** Settles when the window is there, or `exit` has been called. Throws on a bug alone. */
export async function startShell(electron: ShellElectron, around: Surroundings): Promise<void> {
  const { app } = electron;
  const switches = refuseSwitches(app);
  if (!switches.ok) return leave(around, 2, `Shell not started: ${switches.error}`);
  const address = parseAddress(app.commandLine.getSwitchValue('controller') || USUAL_ADDRESS);
  if (!address.ok) return leave(around, 2, `Shell not started: ${address.error}`);
  addSwitches(app);
  app.enableSandbox();
  if (!app.requestSingleInstanceLock()) return leave(around, 0, 'Shell not started: it runs already');
  await show(electron, around, address.value);
}

function leave(around: Surroundings, code: number, line: string): void {
  around.say(line);
  around.exit(code);
}

async function show(electron: ShellElectron, around: Surroundings, address: Address): Promise<void> {
  const { app } = electron;
  const { clock, pipe } = around;
  const say = sayOnce(around.say);
  watchApp(app, address, say);
  let load: (() => void) | null = null;
  const secrets = pipe === null ? NO_SECRETS : readPipe(pipe, clock, say, () => load?.());
  await app.whenReady();

  const session = electron.session.fromPartition(PARTITION, { cache: false });
  limitPermissions(session, address);
  limitRequests(session, address, secrets.token);
  session.setSpellCheckerEnabled(false);
  await session.setProxy({ mode: 'direct' });

  let leaving = false;
  app.on('before-quit', () => {
    leaving = true;
  });
  const window = openWindow(electron, join(app.getAppPath(), 'preload.js'), () => leaving || !app.isPackaged);
  app.on('second-instance', () => window.focus());
  // On a developer's screen the window goes with `npm start`; on a unit it waits for the next controller.
  if (!app.isPackaged) pipe?.once('close', () => app.quit());
  const keeper = { ipcMain: electron.ipcMain, address, contentsId: window.webContents.id, say };
  offer(BRIGHTNESS, brightnessVerb(around.backlightDir), keeper);
  offer(QUIT, quitVerb({ spendPermit: secrets.spendPermit, quit: () => app.quit(), clock }), keeper);

  load = keepShown(window.webContents, address, clock, around.say);
  if (pipe === null || secrets.token() !== null) return load();
  clock.after('shell token', TOKEN_WAIT_MS, () => {
    if (secrets.token() === null) load?.();
  });
}

function watchApp(app: ShellApp, address: Address, say: Say): void {
  app.on('web-contents-created', (_event, contents) => limitNavigation(contents, address, say));
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, answer) => {
    event.preventDefault();
    answer(false);
  });
  app.on('select-client-certificate', (event, _contents, _url, _certificates, answer) => {
    event.preventDefault();
    answer();
  });
  // Chromium starts it again, without acceleration when that goes on; the page stays.
  app.on('child-process-gone', (_event, { type }) => {
    if (type === 'GPU') say('Shell: the graphics process ended; Chromium starts it again');
  });
}
