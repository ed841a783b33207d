/**
 * Ends the controller or its guard with SIGKILL, again and again, on real serial lines, mostly at the points where it
 * hurts most, and looks each time whether anything was lost, taken twice or left open.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SystemClock } from '../../device/clock/system.ts';
import { Pty } from '../../device/sim/pty.ts';
import { until } from '../../device/sim/wait.ts';
import type { Point } from '../../main/controller/probe.ts';
import { Appliance, genkan, guardsOf, type RecordedEvent, UnitFolder } from './appliance.ts';

export type Victim = `controller ${Point}` | 'controller at random' | 'guard relay-on' | 'guard at random';

export interface KillReport {
  readonly kills: Readonly<Record<string, number>>;
  readonly scans: number;
  readonly openings: number;
  /** What went wrong; empty when all held. */
  readonly findings: readonly string[];
}

const NAMED: readonly Victim[] = [
  'controller before-commit',
  'controller after-commit',
  'controller after-relay-on',
  'controller before-outcome',
  'guard relay-on',
];
/** Three named points out of four, the rest at any moment. */
const ROUND: readonly Victim[] = [
  ...NAMED,
  'controller at random',
  ...NAMED.slice(0, 4),
  'guard at random',
  'guard relay-on',
];

const PULSE_MS = 150;
const ON = 'a0 01 01 a2';
const USES = 1_000_000;

/** mulberry32: small, seeded, the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Everybody has one entry a day that counts; `T` has a ticket that is used at each entry. */
function siteOf(members: number): object {
  const person = (id: string, planId: string) => ({
    id,
    name: 'Test',
    kana: null,
    codes: [id],
    suspended: { profile: false, identity: false },
    contracts: [{ id: `c-${id}`, planId, from: '2020-01-01', to: null }],
  });
  const plan = (id: string, entry: object) => ({
    id,
    name: id,
    kind: 'standard',
    storeIds: null,
    stayFee: 'none',
    entry,
    booking: null,
  });
  const limited = { bandId: 'all', weekdays: null, holiday: 'as-weekday', monthlyLimit: 31 };
  return {
    format: 'genkan-site/1',
    site: { id: 's', name: 'Kills', timezone: 'Asia/Tokyo' },
    stores: [{ id: 'st', name: 'St', bands: [{ id: 'all', name: 'All', from: '00:00', to: '24:00' }] }],
    places: [{ id: 'p', storeId: 'st', name: 'P', smaregiStoreId: null, fee: null }],
    doors: [{ id: 'front', placeId: 'p', name: 'Front', policy: 'plan', admitsPlans: null, passback: 'off' }],
    plans: [
      plan('limited', { mode: 'limits', bands: [limited], earlyMinutes: 0, lateMinutes: 0, freeWithReservation: null }),
      plan('tickets', { mode: 'ticket' }),
    ],
    members: [...Array.from({ length: members }, (_, index) => person(`L${index}`, 'limited')), person('T', 'tickets')],
    ticketTypes: [
      {
        id: 'tt',
        name: 'T',
        uses: 1,
        validDays: null,
        price: 0,
        present: 'qr',
        description: null,
        image: null,
        entry: { storeIds: null, bandIds: null, weekdays: null, consume: 'entry' },
      },
    ],
    tickets: [{ id: 'k', typeId: 'tt', memberId: 'T', issuedOn: '2020-01-01', remaining: USES }],
  };
}

class Campaign {
  readonly #random: () => number;
  readonly #scanner: Pty;
  readonly #relay: Pty;
  readonly #folder: UnitFolder;
  readonly #kills = new Map<string, number>();
  readonly findings: string[] = [];
  #next = 0;

  constructor(seed: number, scanner: Pty, relay: Pty, folder: UnitFolder) {
    this.#random = randomOf(seed);
    this.#scanner = scanner;
    this.#relay = relay;
    this.#folder = folder;
  }

  async kill(victim: Victim): Promise<void> {
    const [process, point] = victim.split(' ');
    const isNamed = process === 'controller' && point !== 'at';
    const unit = await Appliance.start(this.#folder, isNamed ? { env: { GENKAN_DIE_AT: String(point) } } : {});
    await unit.healthy('the unit is ok');
    const openings = this.#openings();
    this.#present();
    if (victim === 'guard relay-on') await until('the relay is on', () => this.#openings() > openings);
    else if (!isNamed) await this.#pause(this.#random() * PULSE_MS * 1.5);
    if (process === 'guard') await this.#killGuard(unit);
    else if (isNamed) await unit.running.ended;
    else await unit.kill();
    this.#kills.set(victim, (this.#kills.get(victim) ?? 0) + 1);
    await this.#rests(victim);
    if (process === 'guard') await unit.stop();
    this.#look(victim);
  }

  /** After the last kill: one more start settles what was cut off, then the chain must hold. */
  async finish(): Promise<KillReport> {
    const unit = await Appliance.start(this.#folder);
    await unit.healthy('the unit is ok');
    await unit.stop();
    const { code, stdout } = await genkan(['verify', '--config', this.#folder.config]);
    if (code !== 0) this.findings.push(`the chain is broken: ${stdout.trim()}`);
    const events = this.#folder.events();
    const settled = new Set(events.filter(({ type }) => type === 'outcome').map(({ of }) => of));
    for (const { seq } of granted(events)) if (!settled.has(seq)) this.findings.push(`event ${seq} has no outcome`);
    const scans = events.filter(({ type }) => type === 'scan').length;
    return { kills: Object.fromEntries(this.#kills), scans, openings: this.#openings(), findings: this.findings };
  }

  #present(): void {
    this.#next += 1;
    this.#scanner.send(this.#next % 3 === 0 ? 'T\r' : `L${this.#next}\r`);
  }

  async #killGuard(unit: Appliance): Promise<void> {
    const [guard] = guardsOf(unit.pid);
    if (guard === undefined) throw new Error('the unit has no guard');
    process.kill(guard, 'SIGKILL');
    await until('another guard runs', () => guardsOf(unit.pid).some((pid) => pid !== guard));
    await unit.healthy('the unit is ok again');
  }

  #openings(): number {
    return this.#relay.hex().split(ON).length - 1;
  }

  async #rests(victim: Victim): Promise<void> {
    const rested = until('the relay rests', () => !this.#relay.hex().endsWith(ON), { withinMs: 3_000 });
    await rested.catch(() => this.findings.push(`after killing ${victim} the relay stays on`));
  }

  /** What must hold at once, before anything is started again. */
  #look(victim: Victim): void {
    const events = this.#folder.events();
    const grants = granted(events);
    if (this.#openings() > grants.length) this.findings.push(`after killing ${victim}: an opening without its event`);
    const consumed = grants.filter(
      ({ result }) => Array.isArray(result?.['consumed']) && result['consumed'].length > 0,
    );
    const usage = this.#folder.query('SELECT event_seq FROM usage WHERE event_seq IS NOT NULL');
    const uses = this.#folder.query('SELECT event_seq FROM ticket_use');
    const spent = [...usage, ...uses].map(({ event_seq: seq }) => seq).sort();
    const owed = consumed.map(({ seq }) => seq).sort();
    if (JSON.stringify(spent) !== JSON.stringify(owed))
      this.findings.push(`after killing ${victim}: rights and events differ`);
    const [ticket] = this.#folder.query('SELECT remaining FROM ticket');
    if (ticket?.['remaining'] !== USES - uses.length) this.findings.push(`after killing ${victim}: the ticket is off`);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      new SystemClock().after('the moment of the kill', ms, resolve);
    });
  }
}

function granted(events: readonly RecordedEvent[]): RecordedEvent[] {
  return events.filter(({ type, result }) => type === 'scan' && result?.granted === true);
}

/** @param seed the same seed kills at the same moments, as far as the machine lets it */
export async function killCampaign(kills: number, seed: number): Promise<KillReport> {
  const clock = new SystemClock();
  const scanner = await Pty.make(clock, 'scanner');
  const relay = await Pty.make(clock, 'relay');
  const folder = new UnitFolder({
    site: 'kills.json',
    doors: [
      {
        id: 'front',
        pulseMs: PULSE_MS,
        repeatMs: 0,
        lock: { driver: 'serial-relay', path: relay.path },
        readers: [{ id: 'front-in', driver: 'serial', path: scanner.path }],
      },
    ],
  });
  try {
    writeFileSync(join(folder.path, 'kills.json'), JSON.stringify(siteOf(kills + 1)));
    const campaign = new Campaign(seed, scanner, relay, folder);
    for (let count = 0; count < kills; count += 1) await campaign.kill(ROUND[count % ROUND.length] as Victim);
    return await campaign.finish();
  } finally {
    await scanner.remove();
    await relay.remove();
    folder.remove();
  }
}
