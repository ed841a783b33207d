/** What the shell's tests share: the shell as it is, on the stand-in, on virtual time, with a pipe and a panel. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Browser } from 'playwright-core';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { startShell } from '../../main/shell/shell.ts';
import { bundleShell } from './bundle.ts';
import { launchChromium, StandIn, type StandInOptions } from './stand-in.ts';
import type { TestSite } from './test-site.ts';

export const TOKEN = 'token-of-this-unit-0123456789-0123456789-abcd';

export interface Rig {
  readonly standIn: StandIn;
  readonly clock: VirtualClock;
  /** To what the controller writes. */
  readonly pipe: PassThrough;
  /** What the journal got. */
  readonly said: string[];
  /** Exit codes asked for before there was a window. */
  readonly exits: number[];
  /** How often the shell ended itself. */
  readonly quits: () => number;
  readonly backlightDir: string;
}

export interface RigOptions extends Omit<StandInOptions, 'browser' | 'appPath' | 'onQuit'> {
  /** A shell started by hand has none. */
  readonly withoutPipe?: boolean;
}

/** One Chromium, one bundle and one folder for a test file. */
export class Workshop {
  readonly #folder = mkdtemp(join(tmpdir(), 'genkan-shell-'));
  readonly #browser: Promise<Browser> = launchChromium();
  readonly #rigs: Rig[] = [];
  #bundle: Promise<string> | null = null;
  #panels = 0;

  browser(): Promise<Browser> {
    return this.#browser;
  }

  folder(): Promise<string> {
    return this.#folder;
  }

  /** The folder with the bundled shell. */
  bundle(): Promise<string> {
    this.#bundle ??= this.#folder.then(async (folder) => {
      await bundleShell(join(folder, 'shell'));
      return join(folder, 'shell');
    });
    return this.#bundle;
  }

  /** Starts a shell; its pipe has said the token already, unless the test wants none. */
  async start(options: RigOptions & { readonly token?: string | null }): Promise<Rig> {
    const { token = TOKEN, withoutPipe = false, ...standInOptions } = options;
    let quits = 0;
    const onQuit = (): void => {
      quits += 1;
    };
    const appPath = await this.bundle();
    const standIn = new StandIn({ ...standInOptions, browser: this.#browser, appPath, onQuit });
    this.#panels += 1;
    const backlightDir = join(await this.#folder, `backlight-${this.#panels}`);
    const rig: Rig = {
      standIn,
      clock: new VirtualClock(),
      pipe: new PassThrough(),
      said: [],
      exits: [],
      quits: () => quits,
      backlightDir,
    };
    this.#rigs.push(rig);
    if (token !== null) rig.pipe.write(`${JSON.stringify({ token })}\n`);
    await startShell(standIn.electron, {
      clock: rig.clock,
      pipe: withoutPipe ? null : rig.pipe,
      say: (line) => rig.said.push(line),
      exit: (code) => rig.exits.push(code),
      backlightDir,
    });
    return rig;
  }

  /** Ends the shells of the test that has run. */
  async clear(): Promise<void> {
    for (const { standIn } of this.#rigs.splice(0)) await standIn.close();
  }

  async close(): Promise<void> {
    await this.clear();
    await (await this.#browser).close();
    await rm(await this.#folder, { recursive: true, force: true });
  }
}

/** The next time that the window's contents tell `event`. */
export async function next(rig: Rig, event: string): Promise<void> {
  const contents = await rig.standIn.contents();
  await new Promise<void>((resolve) => contents.once(event, () => resolve()));
}

/** Starts a shell and waits until the page is there: its script has run, and the shell knows. */
export async function startShown(workshop: Workshop, site: TestSite, options: RigOptions = {}): Promise<Rig> {
  const told = site.next('/told');
  const rig = await workshop.start({ switches: { controller: site.url }, ...options });
  await Promise.all([told, next(rig, 'did-finish-load')]);
  return rig;
}

/** A panel as the kernel shows it, but of plain files. */
export async function makeBacklight(backlightDir: string, name: string, max: string, type = 'raw'): Promise<string> {
  const dir = join(backlightDir, name);
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'max_brightness'), `${max}\n`);
  await writeFile(join(dir, 'brightness'), `${max}\n`);
  await writeFile(join(dir, 'type'), `${type}\n`);
  return dir;
}
