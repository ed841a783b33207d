/** The configuration as a technician changes it: tried as a whole, written, and taken up by a controller that begins again. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SetupRefusal } from '../../api/setup-port.ts';
import { parseConfig, unknownDoors } from '../../contract/config.ts';
import { errorText } from '../../contract/issues.ts';
import type { Person } from '../../contract/staff.ts';
import type { ConfigChange } from '../../contract/technician.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { readJson } from '../config-file.ts';
import type { Journal } from '../journal.ts';
import type { SiteCache } from '../site-cache.ts';
import { changedConfig } from './changes.ts';
import type { NextLife, SetupHost } from './host.ts';
import { refused } from './refusal.ts';

const LONGEST_TEXT = 262_144;

export class ConfigDesk {
  readonly #host: SetupHost;
  readonly #journal: Journal;
  readonly #site: SiteCache;

  constructor(host: SetupHost, journal: Journal, site: SiteCache) {
    this.#host = host;
    this.#journal = journal;
    this.#site = site;
  }

  /** SHA-256 of the file as it is; empty where it can't be read. */
  digest(): string {
    try {
      return createHash('sha256').update(readFileSync(this.#host.configFile)).digest('hex');
    } catch {
      return '';
    }
  }

  /** @param doors the site's that the configuration is for; null: those that the unit has */
  tried(changes: readonly ConfigChange[], doors: ReadonlySet<string> | null = null): Result<string, SetupRefusal> {
    const json = readJson(this.#host.configFile);
    return json.ok ? this.#checked(json.value, changes, doors ?? this.#siteDoors()) : refused('refused', [json.error]);
  }

  /** A configuration from elsewhere in the place of this one; folder and address stay this unit's. */
  triedFrom(document: unknown, doors: ReadonlySet<string>): Result<string, SetupRefusal> {
    const own = readJson(this.#host.configFile);
    if (!own.ok) return refused('refused', [own.error]);
    const { dataDir, listen, site } = Object(own.value);
    const kept = { ...(listen === undefined ? {} : { listen }), site: site ?? null };
    return this.#checked({ ...Object(document), dataDir, ...kept }, [], doors);
  }

  apply(by: Person, changes: readonly ConfigChange[]): Result<null, SetupRefusal> {
    const text = this.tried(changes);
    return text.ok ? this.write(by, text.value) : text;
  }

  /** On record before it is on the disk. @param data brings the site that it is for; null: there is that site already */
  write(by: Person, text: string, data: NextLife['now'] = null): Result<null, SetupRefusal> {
    const sha256 = createHash('sha256').update(text).digest('hex');
    const detail = { what: 'configuration', sha256, staffId: by.staffId };
    const told = this.#journal.act((_, note) => ok(note({ type: 'system', detail })));
    if (!told.ok) return refused('store');
    const begun = this.#host.beginAgain({ config: text, now: data, prepare: null });
    return begun.ok ? ok(null) : refused(begun.error.code, begun.error.lines);
  }

  #siteDoors(): ReadonlySet<string> {
    return new Set(this.#site.get()?.data.doors.map(({ id }) => id));
  }

  #checked(json: unknown, changes: readonly ConfigChange[], doors: ReadonlySet<string>): Result<string, SetupRefusal> {
    const changed = changedConfig(json, changes);
    if (!changed.ok) return refused('refused', changed.error);
    const config = parseConfig(changed.value);
    if (!config.ok) return refused('refused', config.error.map(errorText));
    const unknown = doors.size === 0 ? [] : unknownDoors(config.value, doors);
    if (unknown.length > 0) return refused('refused', unknown.map(errorText));
    const text = `${JSON.stringify(changed.value, null, 2)}\n`;
    return text.length <= LONGEST_TEXT
      ? ok(text)
      : err({ fault: 'refused', lines: ['$: a configuration of at most 256 kB'] });
  }
}
