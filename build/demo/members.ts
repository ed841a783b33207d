/** Two hundred members with what they hold and did: first the cases, then whoever else goes to a gym. */
import type {
  Contract,
  Member,
  Reservation,
  SiteBundle,
  Stay,
  Ticket,
  TicketUse,
  Usage,
} from '../../main/core/model.ts';
import { dayOf, formatDay, parseDay, weekdayOf } from '../../main/core/time/day.ts';
import { CASES, type Case } from './cases.ts';
import { HOLIDAYS } from './masters.ts';
import { People } from './names.ts';
import { SeededRandom } from './random.ts';

const COUNT = 200;
/** The demo's history ends on this day. */
const LAST_DAY = dayOf(2026, 11, 20);

type SitePeople = Pick<SiteBundle, 'members' | 'tickets' | 'reservations' | 'usage' | 'ticketUses' | 'stays'>;

interface Making {
  readonly members: Member[];
  readonly tickets: Ticket[];
  readonly reservations: Reservation[];
  readonly usage: Usage[];
  readonly ticketUses: TicketUse[];
  readonly stays: Stay[];
}

export function codeOf(number: number): string {
  return `M${number.toString().padStart(4, '0')}`;
}

export function makePeople(): SitePeople {
  const random = new SeededRandom(8_377);
  const people = new People(random);
  const made: Making = { members: [], tickets: [], reservations: [], usage: [], ticketUses: [], stays: [] };
  for (let number = 1; number <= COUNT; number += 1) {
    const described = CASES.get(number) ?? somebody(random);
    addMember(made, number, described, number === 1 ? { name: '見本 太郎', kana: 'ミホン タロウ' } : people.next());
    if (!CASES.has(number)) addHistory(made, number, random);
  }
  made.usage.sort((a, b) => (a.date === b.date ? compare(a.memberId, b.memberId) : compare(a.date, b.date)));
  made.reservations.sort((a, b) => compare(a.start, b.start) || compare(a.id, b.id));
  made.ticketUses.sort((a, b) => compare(a.date, b.date) || compare(a.ticketId, b.ticketId));
  addStays(made);
  return made;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function addMember(made: Making, number: number, described: Case, name: { name: string; kana: string }): void {
  const digits = codeOf(number).slice(1);
  const id = `member-${digits}`;
  const contracts: Contract[] = described.plans.map(([planId, from, to], index) => ({
    id: `contract-${digits}-${index + 1}`,
    planId,
    from,
    to,
  }));
  made.members.push({
    id,
    name: name.name,
    kana: name.kana,
    codes: [codeOf(number), ...(described.furtherCodes ?? [])],
    suspended: { profile: false, identity: false, ...described.suspended },
    contracts,
  });
  for (const [index, { typeId, issuedOn, remaining, usedOn }] of (described.tickets ?? []).entries()) {
    const ticketId = `ticket-${digits}-${index + 1}`;
    made.tickets.push({ id: ticketId, typeId, memberId: id, issuedOn, remaining });
    for (const date of usedOn) made.ticketUses.push({ ticketId, date, uses: 1 });
  }
  for (const [index, booked] of (described.reservations ?? []).entries()) {
    made.reservations.push(reservation(`reservation-${digits}-${index + 1}`, id, booked));
  }
  const [first] = contracts;
  if (first === undefined) return;
  for (const date of datesOfEachMonth(described.usedDates ?? [])) {
    made.usage.push({ memberId: id, contractId: first.id, bandId: 'full', date });
  }
}

function reservation(
  id: string,
  memberId: string,
  booked: Pick<Reservation, 'programId' | 'start' | 'end'>,
): Reservation {
  return { id, memberId, storeId: 'kaigan', ...booked, status: 'booked' };
}

/** These dates of each month from 2026-10 to 2028-12, so that the case is there whenever the demo runs. */
function datesOfEachMonth(dates: readonly number[]): string[] {
  const months = Array.from({ length: 27 }, (_, index) => 9 + index);
  return months.flatMap((month) =>
    dates.map((date) => formatDay(dayOf(2026 + Math.floor(month / 12), (month % 12) + 1, date))),
  );
}

function dayBetween(random: SeededRandom, from: number, to: number): number {
  return from + random.below(to - from + 1);
}

/** One of the many: a plan since some day, now and then after another one, seldom suspended. */
function somebody(random: SeededRandom): Case {
  const planId = random.weighted([
    ['master', 76],
    ['daytime', 40],
    ['light', 24],
    ['night', 36],
    ['drop-in', 14],
    ['school', 10],
  ]);
  const since = dayBetween(random, dayOf(2022, 4, 1), dayOf(2026, 8, 31));
  const before = random.below(6) === 0 && planId !== 'school' ? earlier(random, since) : [];
  const ends = random.below(20) === 0 ? formatDay(dayBetween(random, since + 60, dayOf(2027, 3, 31))) : null;
  const suspended = { profile: random.below(60) === 0, identity: random.below(60) === 0 };
  return {
    plans: [...before, [planId, formatDay(since), ends]],
    suspended,
    tickets: planId === 'drop-in' ? [ticketBook(random, since)] : towels(random, since),
  };
}

function earlier(random: SeededRandom, before: number): Case['plans'] {
  return [
    [random.pick(['master', 'light', 'drop-in']), formatDay(before - 200 - random.below(400)), formatDay(before - 1)],
  ];
}

function ticketBook(random: SeededRandom, since: number): NonNullable<Case['tickets']>[number] {
  const issued = dayBetween(random, since, LAST_DAY - 40);
  const used = random.below(11);
  const usedOn = [
    ...new Set(Array.from({ length: used }, () => formatDay(dayBetween(random, issued, LAST_DAY)))),
  ].sort();
  return { typeId: 'visit-10', issuedOn: formatDay(issued), remaining: 10 - usedOn.length, usedOn };
}

function towels(random: SeededRandom, since: number): NonNullable<Case['tickets']> {
  if (random.below(12) !== 0) return [];
  return [{ typeId: 'towel-11', issuedOn: formatDay(dayBetween(random, since, LAST_DAY)), remaining: 11, usedOn: [] }];
}

/** What the member's last contract let them do in the three months before the demo begins, and what they have booked. */
function addHistory(made: Making, number: number, random: SeededRandom): void {
  const member = made.members.at(-1);
  const contract = member?.contracts.at(-1);
  if (member === undefined || contract === undefined) return;
  const from = Math.max(dayOf(2026, 9, 1), parseDay(contract.from) ?? 0);
  const to = Math.min(LAST_DAY, contract.to === null ? LAST_DAY : (parseDay(contract.to) ?? LAST_DAY));
  const visits = VISITS[contract.planId];
  if (visits !== undefined) {
    for (const date of visitDates(random, visits, from, to)) {
      made.usage.push({ memberId: member.id, contractId: contract.id, bandId: visits.bandId, date });
    }
  }
  if (!['master', 'light', 'daytime'].includes(contract.planId)) return;
  const bookings = random.below(4);
  for (let index = 1; index <= bookings; index += 1) {
    const date = formatDay(dayBetween(random, LAST_DAY, dayOf(2027, 12, 28)));
    const hour = 10 + random.below(6);
    const booked = { start: `${date}T${hour}:00:00+09:00`, end: `${date}T${hour + 1}:00:00+09:00` };
    const programId = random.pick(['yoga', 'pilates', 'personal']);
    const id = `reservation-${codeOf(number).slice(1)}-${index}`;
    const status = random.below(8) === 0 ? 'cancelled' : 'booked';
    made.reservations.push({ ...reservation(id, member.id, { programId, ...booked }), status });
  }
}

interface Visits {
  readonly bandId: string;
  readonly monthlyLimit: number | null;
  isOpen(day: number): boolean;
}

const isHoliday = (day: number) => HOLIDAYS.includes(formatDay(day));
const isWorkday = (day: number) => !['sat', 'sun'].includes(weekdayOf(day));

/** Plans whose entries are counted, as the rules would count them. */
const VISITS: Readonly<Record<string, Visits>> = {
  daytime: { bandId: 'day', monthlyLimit: 8, isOpen: (day) => isWorkday(day) && !isHoliday(day) },
  light: { bandId: 'full', monthlyLimit: 4, isOpen: () => true },
  night: { bandId: 'night', monthlyLimit: null, isOpen: isWorkday },
};

function visitDates(random: SeededRandom, visits: Visits, from: number, to: number): string[] {
  const ofMonth = new Map<string, number>();
  const dates: string[] = [];
  for (let day = from; day <= to; day += 1) {
    if (random.below(7) !== 0 || !visits.isOpen(day)) continue;
    const month = formatDay(day).slice(0, 7);
    const count = ofMonth.get(month) ?? 0;
    if (visits.monthlyLimit !== null && count >= visits.monthlyLimit) continue;
    ofMonth.set(month, count + 1);
    dates.push(formatDay(day));
  }
  return dates;
}

/** Who was inside on the evening before: nobody still is when the demo starts, a day later at the earliest. */
function addStays(made: Making): void {
  const openMembers = made.members.filter(({ contracts, suspended }) => {
    const [only, ...more] = contracts;
    return (
      only?.planId === 'master' && more.length === 0 && only.to === null && !suspended.profile && !suspended.identity
    );
  });
  for (const [index, { id, contracts }] of openMembers.slice(-6).entries()) {
    const [contract] = contracts;
    if (contract === undefined) continue;
    made.stays.push({
      memberId: id,
      placeId: index < 4 ? 'kaigan-gym' : 'ekimae-gym',
      enteredAt: `${formatDay(LAST_DAY)}T19:${10 + 7 * index}:00+09:00`,
      via: { contractId: contract.id, until: null },
    });
  }
}
