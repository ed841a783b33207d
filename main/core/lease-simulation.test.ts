// A tenant with a few sites and units, a hub, and lines that come and go. Members scan wherever they are, entries are
// taken back, rights move, sites are added and closed. Whatever is cut off from whatever:
// (a) by grants under leases that hold, no right is spent twice;
// (b) nobody is refused what the site holds, as far as the unit can know;
// (c) once all hear each other, what was overdrawn is exactly what was spent beyond what there was, by name.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Decision, decideEntry, decideOverride, decideRedemption } from './decide.ts';
import type { MemberFacts, UsageFacts } from './facts.ts';
import { covers, movesFor, topUp } from './lease-moves.ts';
import { leaseFactsOf, monthOf, type Sharing, ticketLeaseOf } from './leased.ts';
import {
  available,
  firstCounts,
  initialShare,
  isSameRight,
  type Moved,
  mayGive,
  type Right,
  ranksOf,
} from './leases.ts';
import { overdraftOf } from './overdrafts.ts';
import { dayNumber } from './rules.ts';
import { band, doorOf, limits, plan, rulesOf, ticket, ticketType } from './testing.ts';
import { DAY_MS, HOUR_MS } from './time/day.ts';

const LIMITS = [1, 2, 3, 5, 8];
const RULES = rulesOf({
  plans: [
    ...LIMITS.map((n) => plan(`p${n}`, limits([band('full', { monthlyLimit: n })]))),
    plan('book', { mode: 'ticket' }),
  ],
  ticketTypes: [ticketType('daily', { consume: 'day' }), ticketType('once', { consume: 'entry' })],
});
const DOOR = doorOf(RULES, 'front');
const FIRST_DAY = dayNumber('2026-11-24');
const NOON_MS = 3 * HOUR_MS;

/** How many members come by a plan, and how many by a ticket. */
const MEMBERS = 4;

interface Event {
  readonly unit: string;
  readonly seq: number;
  readonly at: number;
  readonly day: number;
  /** What it used up, or relied on as used up already. */
  readonly uses: { readonly right: Right; readonly count: number; readonly reused: boolean } | null;
  readonly undoes: number | null;
  readonly gave: Moved | null;
  /** Granted under a lease that holds. */
  readonly held: boolean;
}

type Roster = ReadonlyMap<string, readonly string[]>;

/** Up to which event of each unit it knows; a hub or a unit. */
interface Replica {
  roster: Roster;
  readonly heads: Map<string, number>;
}

interface Command {
  readonly do: 'scan' | 'redeem' | 'override' | 'undo' | 'hub-line' | 'lan-line' | 'sleep' | 'grow' | 'close';
  readonly a: number;
  readonly b: number;
}

class World {
  readonly logs = new Map<string, Event[]>();
  readonly units = new Map<string, Replica>();
  readonly hub: Replica;
  readonly hubDown = new Set<string>();
  readonly lanDown = new Set<string>();
  /** They have heard that they are no longer of the tenant's. */
  readonly closed = new Set<string>();
  readonly limit: number;
  readonly uses: number;
  day = FIRST_DAY;
  ticks = 0;
  /** A roster that not all heard when it changed: the old one is still believed in somewhere. */
  rosterTorn = false;

  constructor(shape: readonly number[], limit: number, uses: number) {
    this.limit = limit;
    this.uses = uses;
    const sites = shape.map((count, index) => [`s${index}`, unitsOf(`s${index}`, count)] as const);
    this.hub = { roster: new Map(sites), heads: new Map() };
    for (const [, units] of sites) for (const unit of units) this.#found(unit);
  }

  #found(unit: string): void {
    this.units.set(unit, { roster: this.hub.roster, heads: new Map() });
    this.logs.set(unit, []);
  }

  get at(): number {
    return this.day * DAY_MS + NOON_MS + this.ticks;
  }

  // ——— lines

  /** All who hear each other tell what they know, until nobody learns anything. */
  flow(): void {
    const lines: (readonly [Replica, Replica])[] = [];
    for (const [unit, replica] of this.units) {
      if (this.isLive(unit)) {
        replica.roster = this.hub.roster;
        lines.push([replica, this.hub]);
      }
    }
    for (const [unit, replica] of this.units) {
      for (const peer of this.peersHeard(unit)) {
        const other = this.units.get(peer);
        if (other !== undefined) lines.push([replica, other]);
      }
    }
    while (lines.some(([a, b]) => [learn(a, b), learn(b, a)].includes(true)));
  }

  isLive(unit: string): boolean {
    return !this.hubDown.has(unit) && [...this.hub.roster.values()].some((units) => units.includes(unit));
  }

  /** On the LAN; both must take each other for units of one site. */
  peersHeard(unit: string): string[] {
    return siblings(this.units.get(unit)?.roster, unit).filter(
      (peer) =>
        !this.lanDown.has([unit, peer].sort().join()) && siblings(this.units.get(peer)?.roster, peer).includes(unit),
    );
  }

  sharing(unit: string): Sharing | null {
    const roster = this.#replica(unit).roster;
    if (roster.size < 2) return null;
    const heard = this.peersHeard(unit);
    const whole = this.isLive(unit) || siblings(roster, unit).every((peer) => heard.includes(peer));
    return { sites: [...roster.keys()], site: siteOf(roster, unit), whole };
  }

  #replica(unit: string): Replica {
    const replica = this.units.get(unit);
    if (replica === undefined) throw new Error(unit);
    return replica;
  }

  // ——— what is known

  known(replica: Replica): Event[] {
    return [...replica.heads].flatMap(([unit, head]) => (this.logs.get(unit) ?? []).slice(0, head));
  }

  total(right: Right): number {
    return right.kind === 'ticket' ? this.uses : this.limit;
  }

  facts(unit: string, memberId: number): MemberFacts {
    const replica = this.#replica(unit);
    const known = this.known(replica);
    const sharing = this.sharing(unit);
    const contractId = `c${memberId}`;
    const dates = rowsOf(known).flatMap(({ right, day, unit: of }) =>
      right.kind === 'band' && right.contractId === contractId
        ? [{ contractId, bandId: 'full', day, site: siteOf(replica.roster, of) }]
        : [],
    );
    const usage = new Map<number, UsageFacts>(dates.map(({ site: _, ...date }) => [date.day, date]));
    const tickets =
      memberId < MEMBERS ? [] : ['daily', 'once'].map((type) => this.ticket(replica, sharing, memberId, type));
    return {
      ...{ id: `m${memberId}`, suspended: false, tickets, reservations: [], stays: [] },
      contracts: [{ id: contractId, planId: memberId < MEMBERS ? `p${this.limit}` : 'book', from: 0, to: null }],
      usage: [...usage.values()],
      leases: sharing === null ? null : leaseFactsOf(sharing, [contractId], dates, moves(known)),
    };
  }

  ticket(replica: Replica, sharing: Sharing | null, memberId: number, type: string): MemberFacts['tickets'][number] {
    const known = this.known(replica);
    const right: Right = { kind: 'ticket', ticketId: `${type}-${memberId}` };
    const rows = rowsOf(known).filter((row) => isSameRight(row.right, right));
    const remaining = Math.max(0, this.uses - sum(rows.map(({ count }) => count)));
    const spent = rows.flatMap(({ unit, count }) => {
      const site = siteOf(replica.roster, unit);
      return site === null ? [] : [{ site, uses: count }];
    });
    const lease = sharing === null ? null : ticketLeaseOf(sharing, right.ticketId, remaining, spent, moves(known));
    const usedToday = rows.some(({ day }) => day === this.day);
    return ticket(right.ticketId, type, { memberId: `m${memberId}`, remaining, usedToday, lease });
  }

  balances(replica: Replica, right: Right): ReadonlyMap<string, number> {
    const known = this.known(replica);
    const rows = rowsOf(known).filter((row) => isSameRight(row.right, right));
    const sites = [...replica.roster.keys()];
    if (right.kind === 'ticket') {
      const spent = rows.map(({ unit, count }) => ({ site: siteOf(replica.roster, unit) ?? '', uses: count }));
      const outside = sum(spent.filter(({ site }) => site === '').map(({ uses }) => uses));
      return available(right, this.uses - outside, sites, spent, moves(known));
    }
    const ranks = ranksOf(right.contractId, sites);
    const names = [...ranks.keys()];
    const dates = rows.map(({ day, unit }) => ({ day, rank: ranks.get(siteOf(replica.roster, unit) ?? '') ?? null }));
    const { outside, spent } = firstCounts(dates);
    const bySite = spent.map(({ rank, uses }) => ({ site: names[rank] ?? '', uses }));
    return available(right, Math.max(0, this.limit - outside), sites, bySite, moves(known));
  }

  // ——— what happens

  append(unit: string, event: Partial<Event>): Event {
    const log = this.logs.get(unit) ?? [];
    const nothing = { uses: null, undoes: null, gave: null, held: false };
    const whole = { ...nothing, unit, seq: log.length + 1, at: this.at, day: this.day, ...event };
    log.push(whole);
    this.#replica(unit).heads.set(unit, log.length);
    this.ticks += 1;
    this.flow();
    return whole;
  }

  record(unit: string, decision: Decision): void {
    const { consumed, reused } = decision.changes;
    const right = consumed ?? reused;
    if (right === null) return;
    const isLeased = this.#replica(unit).roster.size > 1;
    const held = isLeased
      ? decision.lease === null
      : this.isLive(unit) || siblings(this.#replica(unit).roster, unit).length === 0;
    const count = right.kind === 'ticket' ? right.uses : 1;
    this.append(unit, {
      uses: { right: leasable(right), count, reused: consumed === null },
      held: held && consumed !== null,
    });
    if (consumed !== null) this.hubHeard(unit, leasable(right));
  }

  /** The hub has heard of a use: it looks after the site before the next one. */
  hubHeard(unit: string, right: Right): void {
    const site = siteOf(this.hub.roster, unit);
    if (!this.isLive(unit) || site === null) return;
    this.move(right, covers(this.balances(this.hub, right), this.away()));
    this.move(right, topUp(this.balances(this.hub, right), site, this.away()));
  }

  away(): Set<string> {
    const isAway = (units: readonly string[]) => !units.some((unit) => this.isLive(unit));
    return new Set([...this.hub.roster].filter(([, units]) => isAway(units)).map(([site]) => site));
  }

  move(right: Right, steps: ReturnType<typeof topUp>): void {
    for (const { from, to, uses } of steps) {
      const unit = (this.hub.roster.get(from) ?? []).find((one) => this.isLive(one));
      const sharing = unit === undefined ? null : this.sharing(unit);
      if (unit === undefined || sharing === null) continue;
      const here = this.balances(this.#replica(unit), right).get(from) ?? 0;
      const given = mayGive(here, sharing.whole, uses);
      if (given > 0) this.append(unit, { gave: { right, from, to, uses: given } });
    }
  }

  scan(unit: string, memberId: number): void {
    const judge = () => decideEntry(RULES, DOOR, this.at, this.facts(unit, memberId));
    const decision = judge();
    this.checkAgainstOracle(unit, memberId, decision);
    if (decision.result.granted) this.record(unit, decision);
    else if (decision.elsewhere !== null && this.isLive(unit)) this.tryAgain(unit, decision.elsewhere, judge);
  }

  /** The hub was asked at once. */
  tryAgain(unit: string, right: Right, judge: () => Decision): void {
    const site = siteOf(this.hub.roster, unit) ?? '';
    const before = this.balances(this.hub, right);
    const away = this.away();
    this.move(right, movesFor(before, site, away, 1));
    const reachable = sum([...before].filter(([of, has]) => has > 0 && !away.has(of)).map(([, has]) => has));
    if (reachable + (before.get(site) ?? 0) < 1) return;
    const again = judge();
    expect(again.result.granted, 'the second try works while the hub is there').toBe(true);
    this.record(unit, again);
  }

  // ——— what must hold

  /** (b), and no grant past the share: worked out by hand from what the unit knows. */
  checkAgainstOracle(unit: string, memberId: number, { result, lease }: Decision): void {
    const replica = this.#replica(unit);
    if (replica.roster.size < 2 || memberId >= MEMBERS) return;
    const site = siteOf(replica.roster, unit);
    const right: Right = { kind: 'band', contractId: `c${memberId}`, bandId: 'full', month: monthOf(this.day) };
    const known = this.known(replica);
    const rows = rowsOf(known).filter((row) => isSameRight(row.right, right));
    if (rows.some(({ day }) => day === this.day)) {
      expect(result.granted).toBe(true);
      return;
    }
    const order = [...ranksOf(`c${memberId}`, [...replica.roster.keys()]).keys()];
    const first = (day: number) => {
      const sites = rows.filter((row) => row.day === day).map((row) => siteOf(replica.roster, row.unit));
      return sites.includes(null) ? null : order.find((name) => sites.includes(name));
    };
    const days = [...new Set(rows.map(({ day }) => day))];
    const outside = days.filter((day) => first(day) === null).length;
    const moved = moves(known).filter(
      (one) => isSameRight(one.right, right) && order.includes(one.from) && order.includes(one.to),
    );
    const net = (end: 'from' | 'to') => sum(moved.filter((one) => one[end] === site).map(({ uses }) => uses));
    const share = site === null ? 0 : initialShare(right, this.limit - outside, order, site);
    const here = share + net('to') - net('from') - days.filter((day) => first(day) === site).length;
    const isGranted = days.length < this.limit && here > 0;
    expect(result.granted).toBe(isGranted);
    if (isGranted) expect(lease).toBe(this.sharing(unit)?.whole === true ? null : 'cut-off');
  }

  /** (a): what was spent too much is no more than what was granted without a lease that holds. */
  checkTruth(): void {
    const all = [...this.logs.values()].flat();
    for (const right of rightsOf(all)) {
      const spent = spentOf(rowsOf(all), right);
      const held = spentOf(
        rowsOf(all).filter((row) => row.held),
        right,
      );
      const slack = this.unsafe(all, right);
      if (!this.rosterTorn) {
        expect(spent - this.total(right)).toBeLessThanOrEqual(slack.grants);
        expect(held - this.total(right)).toBeLessThanOrEqual(slack.returns);
      }
    }
  }

  /** Uses that no lease vouches for, and given back dates that another site had relied on or counted too. */
  unsafe(all: readonly Event[], right: Right): { readonly grants: number; readonly returns: number } {
    const uses = all.filter(({ uses: use }) => use !== null && isSameRight(use.right, right));
    const undone = uses.filter((event) => isUndone(all, event));
    const returns = undone.filter(({ day, unit }) =>
      uses.some((other) => other.unit !== unit && other.day === day),
    ).length;
    const loose = uses.filter((event) => !event.held && event.uses?.reused === false);
    return { grants: sum(loose.map((event) => event.uses?.count ?? 0)) + returns, returns };
  }

  /** (c), once everybody hears everybody. */
  heal(): void {
    this.hubDown.clear();
    this.lanDown.clear();
    this.flow();
    const all = this.known(this.hub);
    expect(all.length).toBe(
      sum([...this.logs].filter(([unit]) => this.isLive(unit)).map(([, log]) => log.length)) + this.orphans(),
    );
    for (const [unit, replica] of this.units) {
      if (this.isLive(unit)) expect(this.known(replica).length).toBe(all.length);
    }
    for (const right of rightsOf(all)) this.checkNames(all, right);
  }

  /** Events of closed sites that the hub has. */
  orphans(): number {
    return sum([...this.hub.heads].filter(([unit]) => !this.isLive(unit)).map(([, head]) => head));
  }

  // ——— what is done

  act({ do: what, a, b }: Command): void {
    const units = [...this.units.keys()].filter((unit) => !this.closed.has(unit));
    const unit = units[a % units.length] ?? '';
    const memberId = b % (MEMBERS + 2);
    const acts: Readonly<Record<Command['do'], () => void>> = {
      scan: () => this.scan(unit, memberId),
      redeem: () => this.redeem(unit, MEMBERS + (b % 2), 1 + (b % 3)),
      override: () => this.record(unit, decideOverride(RULES, DOOR, this.at, this.facts(unit, memberId), true)),
      undo: () => this.undo(unit, b),
      'hub-line': () => toggle(this.hubDown, unit),
      'lan-line': () => this.toggleLan(unit, b),
      sleep: () => {
        this.day += 1;
        this.ticks = 0;
      },
      grow: () => this.grow(b),
      close: () => this.close(b),
    };
    acts[what]();
    this.flow();
  }

  toggleLan(unit: string, b: number): void {
    const peers = siblings(this.hub.roster, unit);
    const peer = peers[b % Math.max(1, peers.length)];
    if (peer !== undefined) toggle(this.lanDown, [unit, peer].sort().join());
  }

  redeem(unit: string, memberId: number, uses: number): void {
    const replica = this.#replica(unit);
    const decision = decideRedemption(RULES, this.at, this.ticket(replica, this.sharing(unit), memberId, 'once'), uses);
    this.record(unit, decision);
  }

  undo(unit: string, back: number): void {
    const log = this.logs.get(unit) ?? [];
    const event = log.filter(({ uses }) => uses !== null).at(-1 - (back % 4));
    if (event === undefined || isUndone(log, event)) return;
    this.append(unit, { undoes: event.seq });
  }

  /** A site more, or a unit more at a site. */
  grow(b: number): void {
    const sites = [...this.hub.roster];
    if (this.units.size > 9) return;
    const name = b % 3 === 0 ? `s${this.units.size}` : (sites[b % sites.length]?.[0] ?? '');
    const unit = `${name}-v${this.units.size}`;
    const units = [...(this.hub.roster.get(name) ?? []), unit];
    this.changeRoster(new Map([...this.hub.roster, [name, units]]));
    this.#found(unit);
    this.flow();
    this.coverAll();
  }

  close(b: number): void {
    const [site, units] = [...this.hub.roster][b % this.hub.roster.size] ?? ['', []];
    if (this.hub.roster.size < 2) return;
    this.changeRoster(new Map([...this.hub.roster].filter(([of]) => of !== site)));
    for (const unit of units) if (!this.rosterTorn) this.closed.add(unit);
    this.flow();
    this.coverAll();
  }

  changeRoster(roster: Roster): void {
    this.rosterTorn ||= [...this.units.keys()].some((unit) => !this.closed.has(unit) && !this.isLive(unit));
    this.hub.roster = roster;
  }

  /** Shares are others now: whoever has spent more than the new one is made up for. */
  coverAll(): void {
    for (const right of rightsOf(this.known(this.hub)))
      this.move(right, covers(this.balances(this.hub, right), this.away()));
  }

  checkNames(all: readonly Event[], right: Right): void {
    const rows = rowsOf(all).filter((row) => isSameRight(row.right, right));
    const uses = rows.map((row) => ({
      id: `${row.unit}/1/${row.seq}`,
      at: row.at,
      uses: row.count,
      day: right.kind === 'band' ? row.day : null,
    }));
    const overdraft = overdraftOf(this.total(right), uses);
    const beyond = Math.max(0, spentOf(rows, right) - this.total(right));
    expect(overdraft?.by ?? 0).toBe(beyond);
    const rest = uses.filter(({ id }) => !(overdraft?.events ?? []).includes(id));
    const others = rest.map(({ id, uses: count }) => ({
      ...rows.find((row) => `${row.unit}/1/${row.seq}` === id),
      count,
    }));
    const days = new Set(others.map(({ day }) => day)).size;
    const kept = right.kind === 'band' ? days : sum(others.map(({ count }) => count));
    expect(kept).toBeLessThanOrEqual(this.total(right));
  }
}

interface Row {
  readonly right: Right;
  readonly unit: string;
  readonly seq: number;
  readonly at: number;
  readonly day: number;
  readonly count: number;
  readonly held: boolean;
}

/** What is used up by what is known: a use that was given back counts for who relied on it, if nobody else has it. */
function rowsOf(known: readonly Event[]): Row[] {
  const live = known.filter((event) => event.uses !== null && !isUndone(known, event));
  const keyOf = ({ uses, day }: Event) => JSON.stringify([uses?.right, day]);
  const consumed = new Set(live.filter(({ uses }) => uses?.reused === false).map(keyOf));
  const inOrder = [...live].sort((a, b) => a.at - b.at || (a.unit < b.unit ? -1 : 1));
  return inOrder.flatMap((event) => {
    const { uses, unit, seq, at, day, held } = event;
    if (uses === null || (uses.reused && consumed.has(keyOf(event)))) return [];
    consumed.add(keyOf(event));
    return [{ right: uses.right, unit, seq, at, day, count: uses.count, held }];
  });
}

function isUndone(known: readonly Event[], { unit, seq }: Event): boolean {
  return known.some((event) => event.unit === unit && event.undoes === seq);
}

function moves(known: readonly Event[]): Moved[] {
  return known.flatMap(({ gave }) => (gave === null ? [] : [gave]));
}

function spentOf(rows: readonly Row[], right: Right): number {
  const own = rows.filter((row) => isSameRight(row.right, right));
  return right.kind === 'band' ? new Set(own.map(({ day }) => day)).size : sum(own.map(({ count }) => count));
}

function rightsOf(all: readonly Event[]): Right[] {
  const keys = new Map(
    all.flatMap(({ uses }) => (uses === null ? [] : [[JSON.stringify(uses.right), uses.right] as const])),
  );
  return [...keys.values()];
}

type Used = NonNullable<Decision['changes']['consumed']>;

function leasable(right: Used): Right {
  if (right.kind === 'ticket') return { kind: 'ticket', ticketId: right.ticketId };
  return { kind: 'band', contractId: right.contractId, bandId: right.bandId, month: monthOf(right.day) };
}

function learn(a: Replica, b: Replica): boolean {
  let learned = false;
  for (const [unit, head] of b.heads) {
    if ((a.heads.get(unit) ?? 0) >= head) continue;
    a.heads.set(unit, head);
    learned = true;
  }
  return learned;
}

function siteOf(roster: Roster, unit: string): string | null {
  return [...roster].find(([, units]) => units.includes(unit))?.[0] ?? null;
}

function siblings(roster: Roster | undefined, unit: string): string[] {
  const units = [...(roster?.values() ?? [])].find((of) => of.includes(unit)) ?? [];
  return units.filter((of) => of !== unit);
}

function unitsOf(site: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${site}-u${index}`);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function toggle(set: Set<string>, key: string): void {
  if (!set.delete(key)) set.add(key);
}

const kinds = (of: readonly (readonly [Command['do'], number])[]) =>
  fc.oneof(...of.map(([what, weight]) => ({ weight, arbitrary: fc.constant(what) })));

const STEADY = [
  ['scan', 12],
  ['redeem', 2],
  ['undo', 2],
  ['hub-line', 4],
  ['lan-line', 2],
  ['sleep', 3],
] as const;

const worlds = (of: Parameters<typeof kinds>[0]) =>
  fc.record({
    shape: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
    limit: fc.constantFrom(...LIMITS),
    uses: fc.integer({ min: 1, max: 7 }),
    commands: fc.array(fc.record({ do: kinds(of), a: fc.nat({ max: 60 }), b: fc.nat({ max: 60 }) }), {
      minLength: 5,
      maxLength: 60,
    }),
  });

interface Life {
  readonly shape: readonly number[];
  readonly limit: number;
  readonly uses: number;
  readonly commands: readonly Command[];
}

function live({ shape, limit, uses, commands }: Life): void {
  const world = new World(shape, limit, uses);
  for (const command of commands) world.act(command);
  world.checkTruth();
  world.heal();
}

const RUNS = 1_000;
/** Two seconds; on a machine that has much else to do, many more. */
const LIMIT_MS = 120_000;

test('lines come and go', { timeout: LIMIT_MS }, () => {
  fc.assert(fc.property(worlds(STEADY), live), { numRuns: RUNS });
});

test('staff count what they say; sites and units are added and closed', { timeout: LIMIT_MS }, () => {
  const eventful = [...STEADY, ['override', 2], ['grow', 1], ['close', 1]] as const;
  fc.assert(fc.property(worlds(eventful), live), { numRuns: RUNS });
});
