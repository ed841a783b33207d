/** A CDC-ACM device of the kernel's own, plugged into a simulated USB socket: /dev/ttyACM0, with its other end in our hands. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Guest } from './check.ts';

const CONFIGFS = '/sys/kernel/config';
const GADGET = join(CONFIGFS, 'usb_gadget/genkan');
const FUNCTION = join(GADGET, 'functions/acm.0');
const DEVICE_END = '/dev/ttyGS0';

export class AcmGadget {
  readonly path = '/dev/ttyACM0';
  readonly #guest: Guest;
  #file: number | null = null;
  #received = Buffer.alloc(0);

  private constructor(guest: Guest) {
    this.#guest = guest;
  }

  static async make(guest: Guest): Promise<AcmGadget> {
    guest.modprobe('configfs', 'dummy_hcd', 'cdc-acm', 'libcomposite', 'usb_f_acm');
    if (!existsSync(join(CONFIGFS, 'usb_gadget'))) spawnSync('mount', ['-t', 'configfs', 'configfs', CONFIGFS]);
    if (!existsSync(GADGET)) describe();
    const gadget = new AcmGadget(guest);
    await gadget.replug();
    guest.after(() => gadget.unplug());
    return gadget;
  }

  /** The device sends. */
  send(text: string): void {
    if (this.#file !== null) writeSync(this.#file, text);
  }

  /** All that the device has heard, in hex. */
  received(): string {
    const chunk = Buffer.alloc(4_096);
    try {
      for (;;) {
        const length = this.#file === null ? 0 : readSync(this.#file, chunk);
        if (length === 0) break;
        this.#received = Buffer.concat([this.#received, chunk.subarray(0, length)]);
      }
    } catch {
      // EAGAIN: that was all.
    }
    return this.#received.toString('hex');
  }

  unplug(): void {
    this.received();
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    plug(false);
  }

  /** Plugs it in. Its own end is another file each time: the old one was hung up. */
  async replug(): Promise<void> {
    plug(true);
    await this.#guest.wait('both ends of the gadget', () => existsSync(DEVICE_END) && existsSync(this.path));
    spawnSync('stty', ['-F', DEVICE_END, 'raw', '-echo']);
    this.#file = openSync(DEVICE_END, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  }
}

function describe(): void {
  mkdirSync(GADGET);
  writeFileSync(join(GADGET, 'idVendor'), '0x1d6b');
  writeFileSync(join(GADGET, 'idProduct'), '0x0104');
  mkdirSync(join(GADGET, 'strings/0x409'));
  writeFileSync(join(GADGET, 'strings/0x409/serialnumber'), 'HIL0001');
  mkdirSync(FUNCTION);
  mkdirSync(join(GADGET, 'configs/c.1'));
  symlinkSync(FUNCTION, join(GADGET, 'configs/c.1/acm.0'));
}

function plug(there: boolean): void {
  const [controller = ''] = readdirSync('/sys/class/udc');
  try {
    writeFileSync(join(GADGET, 'UDC'), there ? controller : '\n');
  } catch (error) {
    // Already as it should be.
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code !== 'EBUSY' && code !== 'ENODEV') throw error;
  }
}
