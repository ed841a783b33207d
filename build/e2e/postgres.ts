/**
 * A private PostgreSQL for tests: own data and socket in a temporary folder, nothing on the network. It ends with whoever
 * started it, however that ends: its shell waits for the end of its input.
 */
import { type ChildProcess, execFileSync, type StdioOptions, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { SystemClock } from '../../device/clock/system.ts';

const PATIENCE_MS = 20_000;
const VERSIONS = '/usr/lib/postgresql';
/** Runs the server until the input ends, then ends it as its argument says. */
const WHILE_INPUT = '"$@" & server=$!; read -r signal || signal=QUIT; kill -s "$signal" $server; wait $server';

function programs(): string {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((one) => join(VERSIONS, one, 'bin')).find((bin) => existsSync(join(bin, 'postgres')));
  if (found === undefined) throw new Error('no PostgreSQL here: install the Debian package postgresql');
  return found;
}

/** PostgreSQL refuses to run as root. */
function owner(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

export class PrivatePostgres {
  /** Holds its data and its socket. */
  readonly folder = mkdtempSync(join(tmpdir(), 'genkan-pg-'));
  readonly #bin = programs();
  readonly #owner = owner();
  readonly #isDurable: boolean;
  #server: ChildProcess | null = null;
  #databases = 0;

  /** @param isDurable waits for the disk at each commit, as an installed one does */
  constructor(isDurable: boolean) {
    this.#isDurable = isDurable;
  }

  async start(): Promise<void> {
    const { uid, gid } = this.#owner;
    const data = join(this.folder, 'data');
    if (!existsSync(data)) {
      chmodSync(this.folder, 0o755);
      if (uid !== undefined && gid !== undefined) chownSync(this.folder, uid, gid);
      const options = ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
      execFileSync(join(this.#bin, 'initdb'), options, { ...this.#owner, cwd: this.folder, stdio: 'pipe' });
    }
    this.#run(data);
    const clock = new SystemClock();
    const deadline = clock.mono() + PATIENCE_MS;
    while (!(await this.#isReady())) {
      if (clock.mono() > deadline) throw new Error(`PostgreSQL did not answer within ${PATIENCE_MS} ms`);
      await new Promise<void>((resolve) => {
        clock.after('PostgreSQL answers', 50, resolve);
      });
    }
  }

  #run(data: string): void {
    const settings = {
      listen_addresses: '',
      unix_socket_directories: this.folder,
      shared_buffers: '64MB',
      ...(this.#isDurable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const command = [join(this.#bin, 'postgres'), '-D', data, ...flags];
    const stdio: StdioOptions = ['pipe', 'ignore', 'ignore'];
    const options = { ...this.#owner, cwd: this.folder, stdio };
    this.#server = spawn('sh', ['-c', WHILE_INPUT, 'sh', ...command], options);
  }

  async #isReady(): Promise<boolean> {
    try {
      await this.query('SELECT 1');
      return true;
    } catch {
      return false;
    }
  }

  /** @param how `QUIT`: at once, as in a crash; `INT`: connections are cut, but all is put in order */
  async stop(how: 'QUIT' | 'INT' = 'QUIT'): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
    server.stdin?.end(`${how}\n`);
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** @returns the address of a new, empty database */
  async database(): Promise<string> {
    this.#databases += 1;
    const name = `test_${this.#databases}`;
    await this.query(`CREATE DATABASE ${name}`);
    return this.url(name);
  }

  url(name: string): string {
    return `postgres://postgres@localhost/${name}?host=${encodeURIComponent(this.folder)}`;
  }

  /** Runs one of PostgreSQL's own tools: `pg_dump`, `pg_restore`. */
  tool(name: string, ...args: readonly string[]): string {
    return execFileSync(join(this.#bin, name), args, { ...this.#owner, cwd: this.folder, encoding: 'utf8' });
  }

  async query(sql: string, database = 'postgres'): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const client = new pg.Client({ connectionString: this.url(database) });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }
}
