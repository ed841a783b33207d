/** Debian's packages, unpacked into a folder. Nothing is installed: apt's lists and its cache are the folder's own. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../../main/core/result.ts';
import { runTool } from '../../test/tool.ts';

const LIMIT_MS = 300_000;
const KERNEL = /^linux-image-(6\.12\.\d+\+deb\d+-amd64) /gm;

export class Packages {
  readonly #folder: string;
  readonly #options: readonly string[];

  constructor(folder: string) {
    this.#folder = join(folder, 'apt');
    mkdirSync(join(this.#folder, 'lists/partial'), { recursive: true });
    mkdirSync(join(this.#folder, 'archives/partial'), { recursive: true });
    const settings = [
      `Dir::State::Lists=${join(this.#folder, 'lists')}`,
      `Dir::Cache=${this.#folder}`,
      'Acquire::Languages=none',
      // Nobody else uses this folder, and dpkg's own lock is root's.
      'Debug::NoLocking=1',
      'APT::Sandbox::User=',
    ];
    this.#options = ['-q', ...settings.flatMap((setting) => ['-o', setting])];
  }

  /** Learns what there is. @returns the newest 6.12 kernel, such as `6.12.117+deb12-amd64` */
  async newestKernel(): Promise<Result<string, string>> {
    const updated = await this.#apt('apt-get', ['update']);
    if (!updated.ok) return updated;
    const found = await this.#apt('apt-cache', ['search', '--names-only', '^linux-image-6[.]12[.]']);
    if (!found.ok) return found;
    const versions = [...found.value.matchAll(KERNEL)].map(([, version]) => String(version));
    const newest = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
    return newest === undefined
      ? err('apt knows no Linux 6.12 for amd64: is this Debian 12 or 13, and its archive in reach?')
      : ok(newest);
  }

  /** Downloads packages, and what they need where the machine lacks it. @returns their files */
  async download(names: readonly string[]): Promise<Result<readonly string[], string>> {
    const how = ['install', '--download-only', '--reinstall', '--no-install-recommends', '-y'];
    const done = await this.#apt('apt-get', [...how, ...names]);
    if (!done.ok) return done;
    const archives = join(this.#folder, 'archives');
    return ok(readdirSync(archives).flatMap((file) => (file.endsWith('.deb') ? [join(archives, file)] : [])));
  }

  async #apt(command: string, args: readonly string[]): Promise<Result<string, string>> {
    // It may need the proxy that our own environment names.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
    const { status, output } = await runTool(command, [...this.#options, ...args], {
      limitMs: LIMIT_MS,
      isShown: false,
      env,
    });
    if (status === 0) return ok(output);
    return err(`${command} ${args[0]} failed: ${output.trim().split('\n').at(-1)}`);
  }
}
