/** The site as the doors need it: rules, and the names that the screen shows. Compiled anew after an import. */
import type { MasterData } from '../core/model.ts';
import { compileRules, type Rules } from '../core/rules.ts';
import type { Store } from '../store/store.ts';
import { PassChecker } from './passes/pass-checker.ts';

export interface LoadedSite {
  readonly data: MasterData;
  readonly rules: Rules;
  readonly revision: number;
  /** null while no settings have been imported. */
  readonly passes: PassChecker | null;
  /** Plans for which a static code is none. */
  readonly staticCodesOff: ReadonlySet<string>;
}

export class SiteCache {
  readonly #store: Store;
  #site: LoadedSite | null = null;

  constructor(store: Store) {
    this.#store = store;
    this.reload();
  }

  /** null while no site has been imported. */
  get(): LoadedSite | null {
    return this.#site;
  }

  reload(): void {
    const data = this.#store.master();
    const { revision } = this.#store.record.unit();
    const settings = this.#store.settings();
    const passes = settings === null ? null : new PassChecker(settings);
    const staticCodesOff = new Set(settings?.staticCodesOff);
    this.#site = data === null ? null : { data, rules: compileRules(data), revision, passes, staticCodesOff };
  }
}
