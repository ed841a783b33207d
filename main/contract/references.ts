/** The second half of checking a bundle: what must be unique is, and what is referred to is there. */
import type { SiteBundle } from '../core/model.ts';
import { type DocumentError, MAX_ERRORS, type Path, pathText } from './issues.ts';

class Findings {
  readonly errors: DocumentError[] = [];

  add(path: Path, expected: string): void {
    if (this.errors.length < MAX_ERRORS) this.errors.push({ path: pathText(path), expected });
  }

  /** Reports the second and further ones of the same key. Returns all keys. */
  unique(keys: readonly string[], path: (index: number) => Path, expected: string): Set<string> {
    const seen = new Set<string>();
    for (const [index, key] of keys.entries()) {
      if (seen.has(key)) this.add(path(index), expected);
      seen.add(key);
    }
    return seen;
  }

  uniqueIds(list: string, items: readonly { readonly id: string }[], base: Path = []): Set<string> {
    return this.unique(
      items.map(({ id }) => id),
      (index) => [...base, list, index, 'id'],
      'an id that stands only once in its list',
    );
  }

  within(known: ReadonlySet<string>, id: string, path: Path, expected: string): void {
    if (!known.has(id)) this.add(path, expected);
  }

  allWithin(known: ReadonlySet<string>, ids: readonly string[] | null, path: Path, expected: string): void {
    for (const [index, id] of (ids ?? []).entries()) this.within(known, id, [...path, index], expected);
  }
}

interface Known {
  readonly stores: ReadonlySet<string>;
  readonly bands: ReadonlySet<string>;
  readonly programs: ReadonlySet<string>;
  readonly places: ReadonlySet<string>;
  readonly plans: ReadonlySet<string>;
  readonly ticketTypes: ReadonlySet<string>;
  readonly tickets: ReadonlySet<string>;
  /** Contract ids by member id. */
  readonly contracts: ReadonlyMap<string, ReadonlySet<string>>;
}

const A_STORE = 'the id of a store';
const A_BAND = 'the id of a band of some store';
const A_MEMBER = 'the id of a member';
const ONE_OF_THE_MEMBERS_CONTRACTS = "the id of one of the member's contracts";

/** At most 100 errors, in the order of the document's lists. */
export function referenceErrors(site: SiteBundle): readonly DocumentError[] {
  const findings = new Findings();
  const known: Known = {
    stores: findings.uniqueIds('stores', site.stores),
    bands: new Set(site.stores.flatMap((store) => store.bands.map(({ id }) => id))),
    programs: findings.uniqueIds('programs', site.programs),
    places: findings.uniqueIds('places', site.places),
    plans: findings.uniqueIds('plans', site.plans),
    ticketTypes: findings.uniqueIds('ticketTypes', site.ticketTypes),
    tickets: findings.uniqueIds('tickets', site.tickets),
    contracts: checkMembers(findings, site),
  };
  findings.uniqueIds('doors', site.doors);
  findings.uniqueIds('reservations', site.reservations);
  for (const [index, store] of site.stores.entries()) findings.uniqueIds('bands', store.bands, ['stores', index]);
  checkPlacesAndDoors(findings, site, known);
  checkPlans(findings, site, known);
  checkContracts(findings, site, known);
  checkTickets(findings, site, known);
  checkHistory(findings, site, known);
  return findings.errors;
}

function checkMembers(findings: Findings, site: SiteBundle): ReadonlyMap<string, ReadonlySet<string>> {
  findings.uniqueIds('members', site.members);
  const codes = new Set<string>();
  const contracts = new Set<string>();
  for (const [index, member] of site.members.entries()) {
    for (const [place, code] of member.codes.entries()) {
      if (codes.has(code))
        findings.add(['members', index, 'codes', place], 'a code that stands only once in the bundle');
      codes.add(code);
    }
    for (const [place, { id }] of member.contracts.entries()) {
      const path = ['members', index, 'contracts', place, 'id'];
      if (contracts.has(id)) findings.add(path, 'a contract id that stands only once in the bundle');
      contracts.add(id);
    }
  }
  return new Map(site.members.map((member) => [member.id, new Set(member.contracts.map(({ id }) => id))]));
}

function checkPlacesAndDoors(findings: Findings, site: SiteBundle, known: Known): void {
  for (const [index, place] of site.places.entries()) {
    findings.within(known.stores, place.storeId, ['places', index, 'storeId'], A_STORE);
  }
  for (const [index, door] of site.doors.entries()) {
    findings.within(known.places, door.placeId, ['doors', index, 'placeId'], 'the id of a place');
    findings.allWithin(known.plans, door.admitsPlans, ['doors', index, 'admitsPlans'], 'the id of a plan');
  }
}

function checkPlans(findings: Findings, site: SiteBundle, known: Known): void {
  for (const [index, plan] of site.plans.entries()) {
    findings.allWithin(known.stores, plan.storeIds, ['plans', index, 'storeIds'], A_STORE);
    checkBands(findings, known, plan.booking?.bands ?? [], ['plans', index, 'booking', 'bands']);
    if (plan.entry.mode !== 'limits') continue;
    const path = ['plans', index, 'entry'];
    checkBands(findings, known, plan.entry.bands, [...path, 'bands']);
    const { freeWithReservation: free } = plan.entry;
    const programs = free === 'any' ? null : free;
    findings.allWithin(known.programs, programs, [...path, 'freeWithReservation'], 'the id of a program');
  }
}

function checkBands(findings: Findings, known: Known, bands: readonly { readonly bandId: string }[], path: Path): void {
  for (const [index, { bandId }] of bands.entries()) {
    findings.within(known.bands, bandId, [...path, index, 'bandId'], A_BAND);
  }
  findings.unique(
    bands.map(({ bandId }) => bandId),
    (index) => [...path, index, 'bandId'],
    'a band that stands only once in this list',
  );
}

function checkContracts(findings: Findings, site: SiteBundle, known: Known): void {
  for (const [index, member] of site.members.entries()) {
    for (const [place, { planId }] of member.contracts.entries()) {
      findings.within(known.plans, planId, ['members', index, 'contracts', place, 'planId'], 'the id of a plan');
    }
  }
}

function checkTickets(findings: Findings, site: SiteBundle, known: Known): void {
  for (const [index, { entry }] of site.ticketTypes.entries()) {
    if (entry === null) continue;
    const path = ['ticketTypes', index, 'entry'];
    findings.allWithin(known.stores, entry.storeIds, [...path, 'storeIds'], A_STORE);
    findings.allWithin(known.bands, entry.bandIds, [...path, 'bandIds'], A_BAND);
  }
  for (const [index, ticket] of site.tickets.entries()) {
    findings.within(known.ticketTypes, ticket.typeId, ['tickets', index, 'typeId'], 'the id of a ticket type');
    checkMember(findings, known, ticket.memberId, ['tickets', index]);
  }
}

function checkHistory(findings: Findings, site: SiteBundle, known: Known): void {
  for (const [index, reservation] of site.reservations.entries()) {
    const path = ['reservations', index];
    checkMember(findings, known, reservation.memberId, path);
    findings.within(known.stores, reservation.storeId, [...path, 'storeId'], A_STORE);
    findings.within(known.programs, reservation.programId, [...path, 'programId'], 'the id of a program');
  }
  for (const [index, usage] of site.usage.entries()) {
    checkMember(findings, known, usage.memberId, ['usage', index]);
    checkContract(findings, known, usage.memberId, usage.contractId, ['usage', index]);
    findings.within(known.bands, usage.bandId, ['usage', index, 'bandId'], A_BAND);
  }
  for (const [index, use] of site.ticketUses.entries()) {
    findings.within(known.tickets, use.ticketId, ['ticketUses', index, 'ticketId'], 'the id of a ticket');
  }
  for (const [index, stay] of site.stays.entries()) {
    checkMember(findings, known, stay.memberId, ['stays', index]);
    findings.within(known.places, stay.placeId, ['stays', index, 'placeId'], 'the id of a place');
    if (stay.via !== null) checkContract(findings, known, stay.memberId, stay.via.contractId, ['stays', index, 'via']);
  }
}

function checkMember(findings: Findings, known: Known, memberId: string, path: Path): void {
  if (!known.contracts.has(memberId)) findings.add([...path, 'memberId'], A_MEMBER);
}

/** Silent where the member isn't there: that is said already. */
function checkContract(findings: Findings, known: Known, memberId: string, contractId: string, path: Path): void {
  const contracts = known.contracts.get(memberId);
  if (contracts !== undefined && !contracts.has(contractId)) {
    findings.add([...path, 'contractId'], ONE_OF_THE_MEMBERS_CONTRACTS);
  }
}
