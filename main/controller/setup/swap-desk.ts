/** Swaps a dead unit for this one, by documents from a stick: all checked first, then taken while the store is closed. */
import type { SetupRefusal } from '../../api/setup-port.ts';
import type { Person } from '../../contract/staff.ts';
import type { Clock, ClockTrust } from '../../core/clock.ts';
import { ok, type Result } from '../../core/result.ts';
import type { Journal } from '../journal.ts';
import type { ConfigDesk } from './config-desk.ts';
import type { SetupHost } from './host.ts';
import { refused } from './refusal.ts';
import type { SealDesk } from './seal-desk.ts';
import { readDocument, siteDoors } from './site-desk.ts';
import { plannedSwap, swapStore } from './swap.ts';

export interface SwapDeskParts {
  readonly host: SetupHost;
  readonly seals: SealDesk;
  readonly clock: Clock;
  readonly config: ConfigDesk;
  readonly journal: Journal;
  readonly trust: () => ClockTrust;
}

/** Paths. */
export interface SwapFiles {
  readonly site: string;
  readonly settings: string | null;
  /** null: this unit keeps its own. */
  readonly config: string | null;
  /** null: nobody knows who the old unit was. */
  readonly unit: string | null;
}

/** `passphrase`: of all that are sealed; null: nobody was asked for one. */
export interface Sealing {
  readonly passphrase: string | null;
}

type Documents = Readonly<Record<keyof SwapFiles, unknown>>;

export class SwapDesk {
  readonly #parts: SwapDeskParts;

  constructor(parts: SwapDeskParts) {
    this.#parts = parts;
  }

  /** @returns lines that say what will be; the unit begins again with it within a moment */
  async swap(
    by: Person,
    { passphrase, ...files }: SwapFiles & Sealing,
  ): Promise<Result<{ lines: string[] }, SetupRefusal>> {
    const { host, config, clock, journal, trust } = this.#parts;
    const documents = await this.#documents(files, passphrase);
    if (!documents.ok) return documents;
    const { site, settings, unit, config: other } = documents.value;
    const plan = plannedSwap({ site, settings, unit, by });
    if (!plan.ok) return plan;
    const doors = new Set(siteDoors(site)?.map(({ id }) => id));
    const text = other === null ? config.tried([], doors) : config.triedFrom(other, doors);
    if (!text.ok) return text;
    const replaces = plan.value.unit?.unitId ?? null;
    const detail = { what: 'swap', replaces, staffId: by.staffId };
    const told = journal.act((_, note) => ok(note({ type: 'system', detail })));
    if (!told.ok) return refused('store');
    const prepare = () => swapStore(host.files, plan.value, { clock, trust: trust() });
    const begun = host.beginAgain({ config: text.value, now: null, prepare });
    if (!begun.ok) return refused(begun.error.code, begun.error.lines);
    return ok({ lines: [`${replaces ?? 'this unit'} goes on here, in its next epoch`] });
  }

  async #documents(files: SwapFiles, passphrase: string | null): Promise<Result<Documents, SetupRefusal>> {
    const document = (path: string | null) => (path === null ? ok(null) : readDocument(path));
    const [site, settings, config, unit] = await Promise.all(
      [files.site, files.settings, files.config, files.unit].map(document),
    );
    if (!site?.ok) return site ?? refused('no-file');
    if (!settings?.ok) return settings ?? refused('no-file');
    if (!config?.ok) return config ?? refused('no-file');
    if (!unit?.ok) return unit ?? refused('no-file');
    const read = [site.value, settings.value, config.value, unit.value];
    const opened = await this.#parts.seals.open(read, passphrase);
    if (!opened.ok) return opened;
    const [ofSite, ofSettings, ofConfig, ofUnit] = opened.value;
    return ok({ site: ofSite, settings: ofSettings, config: ofConfig, unit: ofUnit });
  }
}
