import { errorText } from '../contract/issues.ts';
import { referenceErrors } from '../contract/references.ts';
import { parseSettings, type Settings } from '../contract/settings.ts';
import type { MasterData } from '../core/model.ts';

/** What came is wrong: thrown out of a transaction, so that nothing of it stays. */
export class Refused extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super('refused');
    this.lines = lines;
  }
}

/** Nobody reads more lines. */
export const MOST_LINES = 100;

/** Master data whose references break, in lines; null: there is no site. */
export function masterTrouble(master: MasterData | null): readonly string[] {
  if (master === null) return ['site: a site'];
  const none = { members: [], tickets: [], reservations: [], usage: [], ticketUses: [], stays: [] };
  return referenceErrors({ format: 'genkan-site/1', ...master, ...none }).map(errorText);
}

export function settingsTrouble(settings: Settings, master: MasterData): readonly string[] {
  const checked = parseSettings(settings, master);
  return checked.ok ? [] : checked.error.map((error) => `settings: ${errorText(error)}`);
}

/** Ids that members' data may refer to. */
export interface KnownIds {
  readonly plans: ReadonlySet<string>;
  readonly ticketTypes: ReadonlySet<string>;
  readonly stores: ReadonlySet<string>;
  readonly programs: ReadonlySet<string>;
}

export function idsOf({ plans, ticketTypes, stores, programs }: MasterData): KnownIds {
  const ids = (items: readonly { readonly id: string }[]) => new Set(items.map(({ id }) => id));
  return { plans: ids(plans), ticketTypes: ids(ticketTypes), stores: ids(stores), programs: ids(programs) };
}
