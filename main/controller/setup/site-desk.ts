/** A site from a stick: found, checked against this unit's doors, taken in as a whole. */
import { lstatSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Tree } from '../../../device/discovery/tree.ts';
import type { SetupRefusal } from '../../api/setup-port.ts';
import type { Person } from '../../contract/staff.ts';
import type { ConfigChange, MediaFile } from '../../contract/technician.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { makeCode } from '../../seal/passphrase.ts';
import { seal } from '../../seal/sealed.ts';
import type { Store } from '../../store/store.ts';
import type { ConfigDesk } from './config-desk.ts';
import { codeOf, writeWhole } from './config-trial.ts';
import { listFiles, listMedia, type Medium } from './media.ts';
import { refused } from './refusal.ts';
import type { UnitIdentity } from './report.ts';
import type { SealDesk } from './seal-desk.ts';

/** As much as `genkan import` takes through the socket. */
const MOST_BYTES = 512 * 1_024 * 1_024;

export interface TakenIn {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

export interface SiteDeskParts {
  readonly tree: Tree;
  readonly store: Store;
  readonly config: ConfigDesk;
  readonly seals: SealDesk;
  /** As `genkan import` does. */
  readonly takeIn: (document: unknown) => TakenIn;
  readonly configuredDoors: () => readonly string[];
  readonly identity: () => UnitIdentity;
  readonly ended: (by: Person, line: string) => void;
}

export interface ImportedFile {
  readonly path: string;
  readonly changes: readonly ConfigChange[];
  /** null: nobody was asked for one. */
  readonly passphrase: string | null;
}

const Doors = z.looseObject({
  doors: z.array(z.looseObject({ id: z.string(), name: z.string().catch('') })).max(1_000),
});
type SiteDoor = { readonly id: string; readonly name: string };

export class SiteDesk {
  readonly #parts: SiteDeskParts;

  constructor(parts: SiteDeskParts) {
    this.#parts = parts;
  }

  media(): { readonly media: Medium[]; readonly files: MediaFile[] } {
    const media = listMedia(this.#parts.tree);
    return { media: [...media], files: [...listFiles(this.#parts.tree, media)] };
  }

  /** Where something may be written: the medium of that path, if it is one and takes writing. */
  writable(path: string): string | null {
    return listMedia(this.#parts.tree).find((medium) => medium.path === path && medium.writable)?.path ?? null;
  }

  /**
   * Takes the document in. A site whose doors aren't this unit's would keep it from starting: it is taken only with
   * changes that make them so, both or neither.
   */
  async importFile(
    by: Person,
    { path, changes, passphrase }: ImportedFile,
  ): Promise<Result<{ line: string; doors: SiteDoor[]; unknown: string[] }, SetupRefusal>> {
    const read = await readDocument(path);
    if (!read.ok) return read;
    const opened = await this.#parts.seals.open([read.value], passphrase);
    if (!opened.ok) return opened;
    const [document] = opened.value;
    const doors = siteDoors(document);
    const renamed = new Map(
      changes.flatMap((change) => (change.do === 'rename-door' ? [[change.door, change.to]] : [])),
    );
    const gone = new Set(changes.flatMap((change) => (change.do === 'remove-door' ? [change.door] : [])));
    const ids = new Set(doors?.map(({ id }) => id));
    const own = this.#parts.configuredDoors().filter((id) => !gone.has(id));
    const unknown = doors === null ? [] : own.filter((id) => !ids.has(renamed.get(id) ?? id));
    if (unknown.length > 0) return ok({ line: '', doors: [...(doors ?? [])], unknown });
    const text = changes.length === 0 ? null : this.#parts.config.tried(changes, ids);
    if (text?.ok === false) return text;
    const taken = text === null ? this.#take(by, document) : this.#takeWith(by, document, text.value);
    return taken.ok ? ok({ line: taken.value, doors: [...(doors ?? [])], unknown: [] }) : taken;
  }

  /** @returns what was taken in, in a line */
  #take(by: Person, document: unknown): Result<string, SetupRefusal> {
    const { ok: isTaken, lines } = this.#parts.takeIn(document);
    if (!isTaken) return refused('refused', lines);
    const [line = ''] = lines;
    this.#parts.ended(by, line);
    return ok(line);
  }

  /** The file first: a unit that finds it alone goes back to the one before, and one with the site alone could not start. */
  #takeWith(by: Person, document: unknown, config: string): Result<string, SetupRefusal> {
    let taken: Result<string, SetupRefusal> = refused('store');
    const written = this.#parts.config.write(by, config, () => {
      taken = this.#take(by, document);
      return taken.ok ? ok(undefined) : err(taken.error.lines);
    });
    return written.ok ? taken : written;
  }

  /**
   * What a new unit needs to take this one's place: site with history, settings, configuration, and who this one is.
   * @returns the code that opens the first two, which hold members and staff: it is written nowhere
   */
  async swapStick(medium: string): Promise<Result<{ lines: string[]; code: string }, SetupRefusal>> {
    const folder = this.writable(medium);
    if (folder === null) return refused('no-file');
    const site = this.#parts.store.exportSite();
    if (site === null) return refused('refused', ['this unit has no site to hand over']);
    const settings = this.#parts.store.settings();
    const config = this.#parts.config.tried([]);
    if (!config.ok) return config;
    const unit = { format: 'genkan-unit/1', ...this.#parts.identity() };
    const code = makeCode();
    const sealed = async (document: { readonly format: string }) => JSON.stringify(await seal(document, code));
    const files: readonly (readonly [string, string])[] = [
      ['genkan-site.json', await sealed(site)],
      ...(settings === null ? [] : [['genkan-settings.json', await sealed(settings)] as const]),
      ['genkan.config.json', config.value],
      ['genkan-unit.json', JSON.stringify(unit)],
    ];
    try {
      for (const [name, text] of files) writeWhole(this.#parts.tree.at(join(folder, name)), Buffer.from(text));
      return ok({ lines: files.map(([name]) => join(folder, name)), code });
    } catch (error) {
      const code = codeOf(error);
      if (code === null) throw error;
      return refused(code === 'ENOSPC' ? 'no-space' : 'no-file', [`${folder}: ${code}`]);
    }
  }
}

/** null: no site. */
export function siteDoors(document: unknown): readonly SiteDoor[] | null {
  const parsed = Doors.safeParse(document);
  return parsed.success ? parsed.data.doors.map(({ id, name }) => ({ id, name: name.slice(0, 1_000) })) : null;
}

/** The reading waits for the stick, and no door waits for the reading. */
export async function readDocument(path: string): Promise<Result<unknown, SetupRefusal>> {
  try {
    const found = lstatSync(path);
    if (!found.isFile() || found.size > MOST_BYTES) return refused('no-file', [`${path} is no file of at most 512 MB`]);
    const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
    return ok(JSON.parse(text));
  } catch (error) {
    const code = codeOf(error);
    // What isn't JSON would be quoted by the engine's own message.
    return code === null ? refused('refused', [`${path} is not JSON`]) : refused('no-file', [`${path}: ${code}`]);
  }
}
