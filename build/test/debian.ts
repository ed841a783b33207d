/** The system's programs that tests use for real. */
import { existsSync, globSync } from 'node:fs';
import { runTool } from './tool.ts';

/** Debian package → the program by which it is known to be there; `*` where its folder is named by the version. */
const NEEDED = new Map([
  ['chromium', '/usr/bin/chromium'],
  ['iproute2', '/usr/sbin/ip'],
  // node-hid's binary is linked with it.
  ['libusb-1.0-0', '/usr/lib/*/libusb-1.0.so.0'],
  ['postgresql', '/usr/lib/postgresql/*/bin/postgres'],
  ['socat', '/usr/bin/socat'],
]);

/** apt-get may need the proxy that our own environment names. */
const APT = { limitMs: 600_000, isShown: false, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };

/** Installs what is missing where that is possible. Null when all is there, else one line that says what to do. */
export async function needDebianPackages(): Promise<string | null> {
  const missing = missingPackages();
  if (missing.length === 0) return null;
  const wanted = `the tests need the Debian packages ${missing.join(', ')}`;
  if (process.getuid?.() !== 0) return `${wanted}: install them with apt-get install ${missing.join(' ')}`;
  process.stderr.write(`Genkan: ${wanted}, installing them with apt-get …\n`);
  await runTool('apt-get', ['update', '-q'], APT);
  const options = ['install', '-y', '-q', '--no-install-recommends', '-o', 'Dpkg::Lock::Timeout=120'];
  const { output } = await runTool('apt-get', [...options, ...missing], APT);
  if (missingPackages().length === 0) return null;
  return `${wanted}, and apt-get could not install them: ${output.trim().split('\n').at(-1)}`;
}

function missingPackages(): string[] {
  return [...NEEDED].filter(([, program]) => !isThere(program)).map(([name]) => name);
}

function isThere(program: string): boolean {
  return program.includes('*') ? globSync(program).length > 0 : existsSync(program);
}
