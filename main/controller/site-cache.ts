/** The site as the doors need it: rules, and the names that the screen shows. Compiled anew after an import. */
import type { MasterData } from '../core/model.ts';
import { compileRules, type Rules } from '../core/rules.ts';
import type { Store } from '../store/store.ts';

export interface LoadedSite {
  readonly data: MasterData;
  readonly rules: Rules;
  readonly revision: number;
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
    this.#site = data === null ? null : { data, rules: compileRules(data), revision };
  }
}
