/** A guest in QEMU: the kit's kernel over the host's files, which it sees read-only, a USB serial adapter, one channel. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../device/sim/wait.ts';
import { envOf, type Layout } from './kit/layout.ts';
import { Lines } from './talk.ts';

const MEMORY_MB = 1_536;
const CONSOLE_LINES = 15;

export interface MachineOptions {
  readonly kit: Layout;
  /** What the guest runs, a line of shell. Its output goes to the console. */
  readonly command: string;
  readonly hear: (line: string) => void;
}

export class Machine {
  readonly #folder = mkdtempSync(join(tmpdir(), 'genkan-hil-'));
  readonly #child: ChildProcess;
  readonly #received: Buffer[] = [];
  #serial: Socket | null = null;
  #monitor: Socket | null = null;
  #errors = '';
  /** QEMU's; null while it runs and where it was killed. */
  exitCode: number | null = null;
  /** Resolves when the guest has powered off or was reset: there is no second start. */
  readonly ended: Promise<void>;

  constructor({ kit, command, hear }: MachineOptions) {
    const start = join(this.#folder, 'start.sh');
    writeFileSync(start, startScript(kit, command));
    this.#child = spawn('qemu-system-x86_64', qemuArguments(kit, this.#folder, start), {
      env: envOf(kit),
      stdio: ['pipe', 'pipe', 'pipe'],
      // A session of its own.
      detached: true,
    });
    hurry(this.#child.pid);
    const lines = new Lines();
    this.#child.stdout?.on('data', (bytes: Buffer) => {
      for (const line of lines.feed(bytes.toString())) hear(line);
    });
    this.#child.stderr?.on('data', (bytes: Buffer) => {
      this.#errors += bytes.toString();
    });
    this.#child.stdin?.on('error', () => undefined);
    const kill = () => this.kill();
    process.once('exit', kill);
    this.ended = new Promise((resolve) => {
      const end = () => {
        process.off('exit', kill);
        this.#serial?.destroy();
        this.#monitor?.destroy();
        resolve();
      };
      this.#child.once('error', (error) => {
        this.#errors += error.message;
        end();
      });
      this.#child.once('close', (code) => {
        this.exitCode = code;
        end();
      });
    });
  }

  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Takes the USB serial adapter's other end, and puts the adapter in or pulls it out. */
  async usbSerial(there: boolean): Promise<void> {
    this.#serial ??= await this.#socket('serial', (bytes) => this.#received.push(bytes));
    let answer = '';
    this.#monitor ??= await this.#socket('monitor', (bytes) => {
      answer += bytes.toString();
    });
    this.#monitor.removeAllListeners('data').on('data', (bytes: Buffer) => {
      answer += bytes.toString();
    });
    const add = { driver: 'usb-serial', id: 'adapter', chardev: 'serial', bus: 'usb.0' };
    const order = there
      ? { execute: 'device_add', arguments: add, id: 'order' }
      : { execute: 'device_del', arguments: { id: 'adapter' }, id: 'order' };
    this.#monitor.write(`{"execute":"qmp_capabilities"}\n${JSON.stringify(order)}\n`);
    const done = there ? /"return".*"id": "order"|"id": "order".*"return"/ : /"DEVICE_DELETED"/;
    await until('QEMU moves the adapter', () => done.test(answer), { seen: () => answer });
  }

  send(bytes: Uint8Array): void {
    this.#serial?.write(bytes);
  }

  received(): Buffer {
    return Buffer.concat(this.#received.splice(0));
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** The last lines of the console, and what QEMU complained of. */
  lastWords(): string {
    const said = readFileSync(join(this.#folder, 'console'), 'utf8').split('\n');
    return [...said.slice(-CONSOLE_LINES), this.#errors].join('\n').trim();
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #socket(name: string, hear: (bytes: Buffer) => void): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect(join(this.#folder, name), () => resolve(socket));
      socket.on('error', reject).on('data', hear);
    });
  }
}

/** An emulated machine that shares its processor with much else is too slow for its own time limits. Root may help it. */
function hurry(pid: number | undefined): void {
  if (pid === undefined) return;
  const { PRIORITY_HIGHEST } = constants.priority;
  try {
    setPriority(pid, PRIORITY_HIGHEST);
    // Where the kernel shares out by sessions, a priority counts only within one.
    writeFileSync(`/proc/${pid}/autogroup`, String(PRIORITY_HIGHEST));
  } catch {
    // Not root, or a kernel without such groups.
  }
}

function qemuArguments(kit: Layout, folder: string, start: string): string[] {
  const share = join(kit.root, 'usr/share');
  const kernel = ['console=ttyS0', 'quiet', 'panic=-1', 'mitigations=off', 'nokaslr', `hil.start=${start}`];
  return [
    ...['-L', join(share, 'qemu'), '-L', join(share, 'seabios')],
    // One processor: with two, emulated, a boot in twenty died.
    ...['-M', 'q35', '-accel', 'tcg,tb-size=512', '-cpu', 'Haswell', '-smp', '1', '-m', String(MEMORY_MB)],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-kernel', kit.kernelFile, '-initrd', kit.initrdFile, '-append', kernel.join(' ')],
    ...['-serial', `file:${join(folder, 'console')}`],
    ...['-fsdev', 'local,id=host,path=/,security_model=none,readonly=on,multidevs=remap'],
    ...['-device', 'virtio-9p-pci,fsdev=host,mount_tag=host'],
    ...['-chardev', 'stdio,id=talk,signal=off', '-device', 'virtio-serial-pci'],
    ...['-device', 'virtserialport,chardev=talk,name=talk'],
    ...['-device', 'qemu-xhci,id=usb'],
    ...['-chardev', `socket,id=serial,path=${join(folder, 'serial')},server=on,wait=off`],
    ...['-qmp', `unix:${join(folder, 'monitor')},server=on,wait=off`],
  ];
}

/** What the guest does once it stands on the host's files. */
function startScript(kit: Layout, command: string): string {
  const path = ['bin', 'sbin', 'usr/bin'].map((folder) => join(kit.root, folder));
  return `
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:${path.join(':')} HOME=/root TERM=dumb
export HIL_ROOT=${kit.root} NODE_COMPILE_CACHE=/run/compile-cache UV_THREADPOOL_SIZE=16
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t debugfs debug /sys/kernel/debug
${kit.root}/bin/busybox ifconfig lo 127.0.0.1 up
exec </dev/null >/dev/ttyS0 2>&1
cd /
echo "up after $(cut -d' ' -f1 /proc/uptime) s"
${command}
echo "ended with $? after $(cut -d' ' -f1 /proc/uptime) s"
sync
echo o > /proc/sysrq-trigger
sleep 60
`;
}
