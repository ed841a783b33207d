/** For tests: the hub as it is, its server over its SQLite store, with lines that are flushed by hand. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VirtualClock } from '../../device/clock/virtual.ts';
import type { SiteBundle } from '../../main/core/model.ts';
import { digest, HubKeys, makeKeys } from '../hub/keys.ts';
import type { HubStore, SnapshotPage } from '../hub/ports.ts';
import { openHubStore } from '../hub/store/store.ts';
import { changesOf } from '../hub/store/testing.ts';
import { HUB_LIMITS } from '../hub/units/limits.ts';
import { UnitServer } from '../hub/units/server.ts';
import type { Change } from '../wire/entities.ts';
import { ADDRESS, type FarEnd, type HandLine, rowKey } from './testing.ts';

export const TENANT = 't';
const QUIET = { info: () => undefined, warn: () => undefined };
const FILE = 'hub.sqlite';
/** A commit there costs no disk. */
const MEMORY = '/dev/shm';
const PAGE = 500;
const YEAR_MS = 365 * 86_400_000;

export class RealHub {
  readonly #clock: VirtualClock;
  readonly #folder: string;
  #store: HubStore;
  #server: UnitServer | null = null;
  #keys: HubKeys | null = null;
  #hasCopy = false;

  private constructor(clock: VirtualClock, store: HubStore, folder: string) {
    this.#clock = clock;
    this.#store = store;
    this.#folder = folder;
  }

  static async make(clock: VirtualClock, site: SiteBundle): Promise<RealHub> {
    const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'genkan-hub-'));
    const store = await openHubStore({ file: join(folder, FILE) }, clock);
    await store.createTenant(TENANT, 'Tenant', clock.wall());
    await store.importSite(TENANT, site, 'ana', clock.wall());
    const hub = new RealHub(clock, store, folder);
    await hub.begin();
    return hub;
  }

  get store(): HubStore {
    return this.#store;
  }

  /** Throws while its process is gone. */
  get server(): UnitServer {
    if (this.#server === null) throw new Error('the hub is away');
    return this.#server;
  }

  get keys(): HubKeys {
    if (this.#keys === null) throw new Error('the hub has not begun');
    return this.#keys;
  }

  get isThere(): boolean {
    return this.#server !== null;
  }

  /** A one-time code for a unit of that site. */
  async code(site: string): Promise<string> {
    const code = `CODE${String(Math.floor(this.#clock.mono() * 4)).padStart(8, '0')}`;
    const expiresAt = this.#clock.wall() + YEAR_MS;
    await this.#store.createPairing({
      codeDigest: digest(code),
      tenant: TENANT,
      site,
      name: site,
      by: 'ana',
      expiresAt,
    });
    return code;
  }

  async begin(): Promise<void> {
    if (this.#server !== null) return;
    const keys = new HubKeys(await this.#store.keys(makeKeys));
    this.#keys = keys;
    const server = new UnitServer({ store: this.#store, keys, clock: this.#clock, log: QUIET, limits: HUB_LIMITS });
    await server.start();
    this.#server = server;
  }

  /** Its process is gone, its database isn't. */
  async end(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    await server?.stop();
  }

  async close(): Promise<void> {
    await this.end();
    await this.#store.close();
    rmSync(this.#folder, { recursive: true });
  }

  /** Keeps a copy of the database; it must not run. */
  async copy(): Promise<void> {
    await this.#reopen(() => copyFileSync(join(this.#folder, FILE), join(this.#folder, 'copy')));
    this.#hasCopy = true;
  }

  /** The database is put back to the copy, and the hub told so; it must not run. */
  async restore(): Promise<void> {
    if (!this.#hasCopy) return;
    await this.#reopen(() => copyFileSync(join(this.#folder, 'copy'), join(this.#folder, FILE)));
    await this.#store.restored(this.#clock.wall());
  }

  accept(line: HandLine): FarEnd {
    const { server } = this;
    const socket = {
      send: (messages: readonly (string | Buffer)[], sent: (() => void) | null) => {
        line.toUnit.push(...messages.map(String));
        sent?.();
        return 0;
      },
      unsent: 0,
      pause: () => undefined,
      resume: () => undefined,
      end: () => {
        line.hangsUp = true;
      },
      cut: () => line.cutHere(),
    };
    const session = server.accept(socket, { host: ADDRESS.host, address: '127.0.0.1' });
    return { said: (text) => session.receive(text), closed: () => session.closed() };
  }

  async record(unit: string, epoch: number): Promise<string[]> {
    const bodies: string[] = [];
    let after: { readonly unit: string; readonly epoch: number; readonly seq: number } | null = null;
    for (;;) {
      const page = await this.#store.events(TENANT, unit, after, PAGE);
      const last = page.at(-1);
      if (last === undefined) return bodies;
      bodies.push(...page.filter((event) => event.epoch === epoch).map(({ body }) => body));
      after = last;
    }
  }

  /** What is there, without what is gone. */
  async standing(): Promise<ReadonlyMap<string, Change>> {
    const standing = new Map<string, Change>();
    let cursor: string | null = null;
    do {
      const page: SnapshotPage = await this.#store.snapshotPage(TENANT, cursor, PAGE);
      for (const change of changesOf(page.changes)) standing.set(rowKey(change), change);
      cursor = page.cursor;
    } while (cursor !== null);
    return standing;
  }

  async #reopen(meanwhile: () => void): Promise<void> {
    await this.#store.close();
    meanwhile();
    this.#store = await openHubStore({ file: join(this.#folder, FILE) }, this.#clock);
  }
}
