/**
 * A newcomer starts the demo on some day, at some hour, years from now. The gym is believable, each sample shows what its
 * label says, M0001 is let in and M0002 is not.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { answerCase } from '../../main/cli/decide.ts';
import { parseConfig, unknownDoors } from '../../main/contract/config.ts';
import { parseSettings } from '../../main/contract/settings.ts';
import { parseSite } from '../../main/contract/site.ts';
import { isPin, isWeakPin } from '../../main/controller/staff/pin.ts';
import type { DecisionResult } from '../../main/core/decide.ts';
import { formatDay, parseDay, weekdayOf } from '../../main/core/time/day.ts';
import { documentText, makeConfig, makePins, makeSamples, makeSettings, makeSite, valueText } from './documents.ts';
import { codeOf } from './members.ts';
import { SeededRandom } from './random.ts';

const FOLDER = fileURLToPath(new URL('../../resources/demo/', import.meta.url));
const committed = (name: string): string => readFileSync(`${FOLDER}${name}`, 'utf8');
const AGAIN = 'run node build/demo/make-demo.ts and commit what it writes';

const site = makeSite();

describe('what is committed', () => {
  test('is what the generator makes', () => {
    expect(committed('site.json') === documentText(site), AGAIN).toBe(true);
    expect(committed('genkan.config.json') === `${JSON.stringify(makeConfig(), null, 2)}\n`, AGAIN).toBe(true);
    expect(committed('settings.json') === `${JSON.stringify(makeSettings(), null, 2)}\n`, AGAIN).toBe(true);
    expect(committed('pins.json') === `${valueText(makePins())}\n`, AGAIN).toBe(true);
    expect(committed('samples.json') === `${valueText(makeSamples())}\n`, AGAIN).toBe(true);
  });

  test('the site is valid by the rules of its format', () => {
    expect(parseSite(JSON.parse(committed('site.json')))).toEqual({ ok: true, value: site });
  });

  test('the settings fit the site, and each PIN that the dock shows signs its owner in', async () => {
    const settings = parseSettings(JSON.parse(committed('settings.json')), site);
    if (!settings.ok) throw new Error(JSON.stringify(settings.error));
    const { staff, provisionalCards, carryOver } = settings.value;
    expect([provisionalCards, carryOver]).not.toContain(null);
    expect(makePins().map(({ role }) => role)).toEqual(['manager', 'staff', 'technician']);
    for (const { name, pin } of makePins()) {
      const hash = staff.find((one) => one.name === name)?.pinHash ?? '';
      expect([await isPin(pin, hash), await isPin('0000', hash), isWeakPin(pin)]).toEqual([true, false, false]);
    }
  });

  test('the configuration is valid, and its doors are in the site', () => {
    const config = parseConfig(JSON.parse(committed('genkan.config.json')));
    if (!config.ok) throw new Error(JSON.stringify(config.error));
    expect(unknownDoors(config.value, new Set(site.doors.map(({ id }) => id)))).toEqual([]);
    expect(config.value.doors.map(({ id, readers }) => [id, readers.map((reader) => reader.id)])).toEqual([
      ['front', ['front-in', 'front-cam', 'front-out']],
    ]);
  });

  test('each image is the code of its name, small, and there are two hundred', async () => {
    const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')));
    await prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer }, fireImmediately: true });
    const names = readdirSync(`${FOLDER}codes`).sort();
    expect(names).toEqual(Array.from({ length: 200 }, (_, index) => `${codeOf(index + 1)}.png`));
    for (const name of names) {
      const image = readFileSync(`${FOLDER}codes/${name}`);
      expect(image.length).toBeLessThan(700);
      const read = await readBarcodes(new Uint8Array(image), { formats: ['QRCode'] });
      expect(read.map(({ text }) => `${text}.png`)).toEqual([name]);
    }
  }, 60_000);
});

describe('the members', () => {
  test('are two hundred, M0001 to M0200, with names and kana of their own', () => {
    expect(site.members.map(({ codes }) => codes[0])).toEqual(Array.from({ length: 200 }, (_, i) => codeOf(i + 1)));
    expect(new Set(site.members.map(({ name }) => name)).size).toBe(200);
    for (const { name, kana } of site.members) {
      expect(name).toMatch(/^\S+ \S+$/);
      expect(kana).toMatch(/^[ァ-ヶー]+ [ァ-ヶー]+$/);
    }
    const plansInUse = new Set(site.members.flatMap(({ contracts }) => contracts.map(({ planId }) => planId)));
    expect(plansInUse).toEqual(new Set(site.plans.map(({ id }) => id)));
  });

  test('have a history that the rules allow', () => {
    const contracts = new Map(site.members.flatMap((member) => member.contracts.map((one) => [one.id, one] as const)));
    const ofMonth = new Map<string, number>();
    expect(site.usage.length).toBeGreaterThan(500);
    for (const { contractId, bandId, date } of site.usage) {
      const contract = contracts.get(contractId)!;
      expect(contract.from <= date && (contract.to ?? date) >= date).toBe(true);
      const { entry } = site.plans.find(({ id }) => id === contract.planId)!;
      const band = entry.mode === 'limits' ? entry.bands.find((one) => one.bandId === bandId)! : null;
      const day = parseDay(date)!;
      expect(band?.weekdays === null || band?.weekdays.includes(weekdayOf(day))).toBe(true);
      expect(band?.holiday === 'closed' && site.holidays.includes(date)).toBe(false);
      const month = `${contractId} ${date.slice(0, 7)}`;
      ofMonth.set(month, (ofMonth.get(month) ?? 0) + 1);
      expect(ofMonth.get(month)).toBeLessThanOrEqual(band?.monthlyLimit ?? 31);
    }
    for (const { id, typeId, issuedOn, remaining } of site.tickets) {
      const uses = site.ticketUses.filter(({ ticketId }) => ticketId === id);
      expect(uses.length + remaining).toBe(site.ticketTypes.find((type) => type.id === typeId)?.uses);
      for (const use of uses) expect(use.date >= issuedOn).toBe(true);
    }
  });
});

/** What the door says to each code, each presented once at this moment, with the history of the bundle alone. */
function answersAt(at: string, codes: readonly string[]): ReadonlyMap<string, DecisionResult> {
  const actions = codes.map((code) => ({ do: 'scan', at, door: 'front', direction: 'in', code }));
  const answer = answerCase({ name: at, site, actions });
  if ('error' in answer) throw new Error(answer.error);
  return new Map(codes.map((code, index) => [code, answer.results[index]!]));
}

/** Reasons of the samples that are the same at every moment from the fifth of a month on. */
const ALWAYS: readonly (readonly [code: string, reason: string, remaining: number | null])[] = [
  ['M0001', 'plan', null],
  ['M0002', 'suspended', null],
  ['M0003', 'suspended', null],
  ['M0004', 'no-contract', null],
  ['M0005', 'no-contract', null],
  ['M0006', 'wrong-store', null],
  ['M0007', 'no-ticket', null],
  ['M0008', 'ticket', 2],
  ['M0009', 'no-ticket', null],
  ['M0012', 'limit-reached', null],
  ['M0013', 'limit-reached', null],
  ['M0014', 'plan', 0],
  ['M0015', 'reservation', null],
  ['M0018', 'no-contract', null],
  ['M0020', 'no-ticket', null],
  ['M9999', 'unknown-credential', null],
];

describe('what the samples show', () => {
  test('there are at most twelve, each of a member or of nobody on purpose', () => {
    const codes = new Set(site.members.flatMap((member) => member.codes));
    const samples = makeSamples();
    expect(samples.length).toBeLessThanOrEqual(12);
    expect(samples.filter(({ code }) => !codes.has(code)).map(({ code }) => code)).toEqual(['M9999']);
  });

  test('the same on every day and at every hour, from the fifth of the month on', () => {
    const random = new SeededRandom(1);
    for (let round = 0; round < 40; round += 1) {
      const day = formatDay(parseDay('2026-11-21')! + random.below(760)).replace(/-0[1-4]$/, '-05');
      const at = `${day}T${String(random.below(24)).padStart(2, '0')}:30:00+09:00`;
      const answers = answersAt(
        at,
        ALWAYS.map(([code]) => code),
      );
      const shown = [...answers].map(([code, { reason, remaining }]) => [code, reason, remaining]);
      expect(shown, at).toEqual(ALWAYS);
      expect(answers.get('M0001')).toMatchObject({ granted: true, alert: 'none' });
    }
  }, 60_000);

  test('until the fourth, members who have used up their month are let in again on a day that counted', () => {
    const answers = answersAt('2027-03-04T12:00:00+09:00', ['M0001', 'M0002', 'M0012', 'M0015']);
    expect([...answers].map(([, { reason, remaining }]) => [reason, remaining])).toEqual([
      ['plan', null],
      ['suspended', null],
      ['plan', 0],
      ['reservation', null],
    ]);
  });

  test.each([
    ['2026-11-25T09:44:00+09:00', 'outside-hours', 'outside-hours'],
    ['2026-11-25T09:45:00+09:00', 'outside-hours', 'plan'],
    ['2026-11-25T16:50:00+09:00', 'plan', 'plan'],
    ['2026-11-25T17:00:00+09:00', 'plan', 'outside-hours'],
    ['2026-11-25T23:00:00+09:00', 'outside-hours', 'outside-hours'],
    ['2026-11-27T23:30:00+09:00', 'plan', 'outside-hours'],
    ['2026-11-28T12:00:00+09:00', 'plan', 'wrong-weekday'],
    ['2026-11-23T12:00:00+09:00', 'plan', 'holiday'],
  ])('at %s the evening member is %s, the daytime member %s', (at, evening, daytime) => {
    const answers = answersAt(at, ['M0010', 'M0011']);
    expect([answers.get('M0010')?.reason, answers.get('M0011')?.reason]).toEqual([evening, daytime]);
  });

  test('M0001 again and again: let in, with a warning; and out, with a fee for who pays by the visit', () => {
    const scan = (code: string, minute: string, direction = 'in') => ({
      do: 'scan',
      at: `2026-12-09T12:${minute}:00+09:00`,
      door: 'front',
      direction,
      code,
    });
    const actions = [scan('M0001', '00'), scan('M0001', '01'), scan('M0008', '02'), scan('M0008', '42', 'out')];
    const answer = answerCase({ name: 'again', site, actions });
    if ('error' in answer) throw new Error(answer.error);
    expect(answer.results).toMatchObject([
      { granted: true, warnings: [] },
      { granted: true, warnings: ['passback'] },
      { granted: true, reason: 'ticket' },
      { granted: true, reason: 'exit', stay: { minutes: 40, fee: 660 } },
    ]);
  });
});
