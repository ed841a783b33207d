/** The demo's documents, as they stand in `resources/demo/`. */
import type { SiteBundle } from '../../main/core/model.ts';
import { CASES, UNKNOWN_CODE } from './cases.ts';
import { DOORS, HOLIDAYS, PLACES, PLANS, PROGRAMS, SITE, STORES, TICKET_TYPES } from './masters.ts';
import { codeOf, makePeople } from './members.ts';

export function makeSite(): SiteBundle {
  return {
    format: 'genkan-site/1',
    site: SITE,
    stores: STORES,
    holidays: HOLIDAYS,
    programs: PROGRAMS,
    places: PLACES,
    doors: DOORS,
    plans: PLANS,
    ticketTypes: TICKET_TYPES,
    ...makePeople(),
  };
}

/** Members and their codes worth presenting, with what they show. The simulator's dock offers them. */
export function makeSamples() {
  const samples = [...CASES].flatMap(([number, { label }]) =>
    label === undefined ? [] : [{ code: codeOf(number), label }],
  );
  return [...samples, UNKNOWN_CODE];
}

export function makeConfig() {
  return {
    dataDir: '../../.demo',
    listen: { host: '127.0.0.1', port: 8377 },
    site: 'site.json',
    display: { name: 'none', languages: ['ja', 'en', 'zh-Hans', 'ko'], helpPhone: '03-0000-0000' },
    doors: [
      {
        id: 'front',
        lock: { driver: 'sim' },
        readers: [
          { id: 'front-in', driver: 'sim', direction: 'in' },
          { id: 'front-cam', driver: 'camera', direction: 'in' },
          { id: 'front-out', driver: 'sim', direction: 'out' },
        ],
        inputs: { contact: { driver: 'sim' } },
      },
    ],
  };
}

/** JSON with an item of each list a line, so that a change shows as the lines that it touches. */
export function documentText(document: object): string {
  const entries = Object.entries(document).map(([key, value]) => `${JSON.stringify(key)}: ${valueText(value)}`);
  return `{\n ${entries.join(',\n ')}\n}\n`;
}

export function valueText(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0 || typeof value[0] !== 'object') return JSON.stringify(value);
  return `[\n  ${value.map((item) => JSON.stringify(item)).join(',\n  ')}\n ]`;
}
