/** For tests: a machine's files in a temp folder, made to look as the kernel and udev would make them. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { onTestFinished } from 'vitest';
import { Tree } from './tree.ts';

export class FakeMachine {
  readonly root = mkdtempSync(join(tmpdir(), 'genkan-machine-'));

  constructor() {
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true }));
  }

  get tree(): Tree {
    return new Tree(this.root);
  }

  file(path: string, content: string | Buffer = '', mode = 0o660): this {
    const at = this.#at(path);
    writeFileSync(at, content);
    chmodSync(at, mode);
    return this;
  }

  /** A symlink within the tree. */
  link(path: string, target: string): this {
    const at = this.#at(path);
    symlinkSync(relative(dirname(at), join(this.root, target)), at);
    return this;
  }

  /** As it is written, whatever it leads to: `/proc/1/fd/3`. */
  rawLink(path: string, target: string): this {
    symlinkSync(target, this.#at(path));
    return this;
  }

  /** A USB device in the socket `port` (`1-1.2`). */
  usb(port: string, texts: Readonly<Record<string, string>>): string {
    const folder = `/sys/devices/pci/usb1/${port}`;
    for (const [file, text] of Object.entries(texts)) this.file(`${folder}/${file}`, `${text}\n`);
    return folder;
  }

  /** A serial port of a USB device, as the kernel alone shows it. */
  usbSerial(name: string, port: string, texts: Readonly<Record<string, string>>, driver = 'ftdi_sio'): this {
    const folder = `${this.usb(port, texts)}/${port}:1.0`;
    this.file(`/sys/bus/usb-serial/drivers/${driver}/bind`).file(`${folder}/${name}/uevent`, `DRIVER=${driver}`);
    this.link(`/sys/class/tty/${name}/device`, `${folder}/${name}`);
    this.link(`${folder}/${name}/driver`, `/sys/bus/usb-serial/drivers/${driver}`);
    return this.file(`/dev/${name}`);
  }

  hid(node: string, uevent: string, descriptor: readonly number[] = []): this {
    const folder = `/sys/class/hidraw/${node}/device`;
    this.file(`${folder}/uevent`, uevent).file(`${folder}/report_descriptor`, Buffer.from(descriptor));
    return this.file(`/dev/${node}`);
  }

  #at(path: string): string {
    const at = join(this.root, path);
    mkdirSync(dirname(at), { recursive: true });
    return at;
  }
}

export const FTDI = {
  idVendor: '0403',
  idProduct: '6001',
  serial: 'A50285BI',
  manufacturer: 'FTDI',
  product: 'FT232R USB UART',
};
export const CH340 = { idVendor: '1a86', idProduct: '7523', product: 'USB Serial' };
