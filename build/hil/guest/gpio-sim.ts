/** A GPIO chip of the kernel's own simulator, as the world beyond its pins sees it. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Guest } from './check.ts';

const CONFIGFS = '/sys/kernel/config';

let made = 0;

export class GpioSim {
  readonly label: string;
  readonly #config: string;
  readonly #bank: string;
  readonly #names: ReadonlyMap<number, string>;
  #pins = '';
  /** `/dev/gpiochipN`: another one each time the chip comes back while somebody still holds the old one. */
  path = '';

  /** @param names of lines, by offset */
  constructor(guest: Guest, names: ReadonlyMap<number, string> = new Map(), lines = 8) {
    prepare(guest);
    made += 1;
    this.label = `sim-${made}`;
    this.#config = join(CONFIGFS, 'gpio-sim', this.label);
    this.#bank = join(this.#config, 'bank');
    this.#names = names;
    mkdirSync(this.#config);
    mkdirSync(this.#bank);
    writeFileSync(join(this.#bank, 'num_lines'), String(lines));
    writeFileSync(join(this.#bank, 'label'), this.label);
    for (const [offset, name] of names) {
      mkdirSync(join(this.#bank, `line${offset}`));
      writeFileSync(join(this.#bank, `line${offset}`, 'name'), name);
    }
    this.live(true);
    guest.after(() => this.remove());
  }

  /** Whether the chip is there. */
  live(there: boolean): void {
    writeFileSync(join(this.#config, 'live'), there ? '1' : '0');
    if (!there) return;
    const chip = read(this.#bank, 'chip_name');
    this.path = join('/dev', chip);
    this.#pins = join('/sys/devices/platform', read(this.#config, 'dev_name'), chip);
  }

  /** What a voltmeter at the pin shows. */
  value(line: number): 0 | 1 {
    return read(join(this.#pins, `sim_gpio${line}`), 'value') === '1' ? 1 : 0;
  }

  /** What the world pulls the pin to: an input reads it, an output drives against it. */
  pull(line: number, to: 'up' | 'down'): void {
    writeFileSync(join(this.#pins, `sim_gpio${line}`, 'pull'), `pull-${to}`);
  }

  remove(): void {
    this.live(false);
    for (const offset of this.#names.keys()) rmdirSync(join(this.#bank, `line${offset}`));
    rmdirSync(this.#bank);
    rmdirSync(this.#config);
  }
}

function prepare(guest: Guest): void {
  if (made > 0) return;
  guest.modprobe('configfs', 'gpio-sim');
  spawnSync('mount', ['-t', 'configfs', 'configfs', CONFIGFS]);
}

function read(...path: string[]): string {
  return readFileSync(join(...path), 'utf8').trim();
}
