/** What a decision says to the person who stands there: title, remedy, what is left. Pure; codes never reach a member. */
import type { CarryOverSettings } from '../../main/contract/member-ways.ts';
import type { DecisionMessage, RemedyMessage, UnjudgedMessage } from '../../main/contract/page.ts';
import { REFUSALS } from '../../main/contract/values.ts';
import { type Formats, list, money, shortName } from '../locale/format.ts';
import { type Language, strong, type Texts, type TextValues } from '../locale/texts.ts';
import type { IconName } from '../parts/icons.tsx';
import type { Snapshot } from './kiosk.ts';
import type { Offline } from './offline.ts';

export interface Speaker {
  readonly language: Language;
  readonly t: Texts;
  readonly formats: Formats;
}

export interface Said {
  readonly title: string;
  readonly remedy: string;
}

/** More names than that are no help at a glance. */
const MOST_DOORS = 3;

type Refusal = (typeof REFUSALS)[number];

/** A refusal: what is so, and what would help. Where nothing is known that would, the staff. */
export function refusalWords(speaker: Speaker, decision: Pick<DecisionMessage, 'reason' | 'remedy' | 'at'>): Said {
  const { t } = speaker;
  const reason = REFUSALS.find((refusal) => refusal === decision.reason);
  if (reason === undefined) return { title: t('reasons.suspended.title'), remedy: t('screens.common.ask') };
  const values = remedyValues(speaker, reason, decision.remedy, decision.at);
  return {
    title: t(`reasons.${reason}.title`),
    remedy: values === null ? t('screens.common.ask') : t(`reasons.${reason}.remedy`, values),
  };
}

export interface BandWords extends Said {
  readonly icon: IconName;
  /** Since when; null where that says nothing to anybody. */
  readonly since: string | null;
}

/** What holds for everybody at this door, the gravest first; null where all is as ever. @param wall epoch ms now */
export function bandWords(
  speaker: Speaker,
  { status, door, offline, wall }: Pick<Snapshot, 'status' | 'door' | 'offline' | 'wall'>,
): BandWords | null {
  const { t } = speaker;
  if (status?.store === 'fails') {
    const key = door?.onStoreFailure === 'admit-known' ? 'store-known' : 'store-failure';
    const remedy = t(`states.${key}.remedy`, { mode: 'other' });
    return { icon: 'card', title: t(`states.${key}.title`), remedy, since: null };
  }
  if (status?.clock === 'doubtful') {
    const mode = CLOCK_MODES[door?.onDoubtfulClock ?? 'refuse'];
    const remedy = t('states.clock-doubtful.remedy', { mode });
    return { icon: 'clock', title: t('states.clock-doubtful.title'), remedy, since: null };
  }
  if (offline === null) return null;
  const since = sinceWords(speaker, offline, wall);
  return { icon: 'unsynced', title: t('states.offline.title'), remedy: t('states.offline.remedy'), since };
}

/** With its day where that isn't today. */
function sinceWords({ t, formats, language }: Speaker, { syncedAt }: Offline, wall: number): string | null {
  if (syncedAt === null) return null;
  const time = formats.time(syncedAt);
  const isToday = formats.daysBetween(syncedAt, wall) === 0;
  return t('screens.waiting.synced', { when: isToday ? time : `${formats.date(syncedAt, language)} ${time}` });
}

const CLOCK_MODES = { trust: 'trust', 'admit-open': 'admitOpen', refuse: 'other' } as const;

/** Nobody was judged: what is so, and what to do. */
export function unjudgedWords({ t }: Speaker, { why }: UnjudgedMessage): Said {
  return { title: t(`states.${why}.title`), remedy: t(`states.${why}.remedy`, { mode: 'other' }) };
}

/** What the sentence needs; null where that isn't known. */
function remedyValues(speaker: Speaker, reason: Refusal, remedy: RemedyMessage | null, at: number): TextValues | null {
  const { formats, language } = speaker;
  switch (reason) {
    case 'unknown-credential':
    case 'suspended':
    case 'clock-doubtful':
    case 'no-band':
    case 'no-ticket':
      return {};
    case 'no-contract':
      if (typeof remedy?.startsOn !== 'number') return { when: 'none', date: '' };
      return { when: 'date', date: formats.date(remedy.startsOn, language) };
    case 'wrong-store':
      return remedy?.stores[0] === undefined ? null : { stores: list(remedy.stores, language) };
    case 'door-not-allowed':
      return remedy?.doors[0] === undefined ? null : { doors: list(remedy.doors.slice(0, MOST_DOORS), language) };
    case 'wrong-weekday':
    case 'holiday':
    case 'outside-hours':
      return openingValues(speaker, remedy?.opensAt ?? null, at);
    case 'limit-reached':
      if (!remedy?.limit) return null;
      return { date: formats.date(remedy.limit.renewsOn, language), limit: remedy.limit.limit };
    case 'passback':
      return typeof remedy?.insideSince === 'number' ? { since: formats.time(remedy.insideSince) } : null;
  }
}

function openingValues({ formats, language }: Speaker, opensAt: number | null, at: number): TextValues {
  if (opensAt === null) return { when: 'none', opens: '', date: '' };
  const opens = strong(formats.time(opensAt));
  const days = formats.daysBetween(at, opensAt);
  const when = days === 0 ? 'today' : days === 1 ? 'tomorrow' : 'date';
  return { when, opens, date: formats.date(opensAt, language) };
}

/** Why somebody may come in, and what is left; null where there is nothing to say. */
export function grantWords({ t }: Speaker, { reason, names, remaining }: DecisionMessage): string | null {
  const [plan, band, ticket, program] = [names.plan, names.band, names.ticket, names.program].map((name) =>
    shortName(name ?? ''),
  );
  const words = (): string => {
    switch (reason) {
      case 'plan':
        if (remaining !== null) return t('grants.plan-limited', { band: band ?? '', left: remaining });
        return band ? t('grants.plan-unlimited', { band }) : t('grants.plan', { plan: plan ?? '' });
      case 'reservation':
        return program ? t('grants.reservation', { program }) : '';
      case 'ticket':
      case 'redeemed':
        return remaining === null ? '' : t(`grants.${reason}`, { ticket: ticket ?? '', left: remaining });
      case 'schedule':
      case 'record-only':
      case 'override':
        return t(`grants.${reason}`);
      default:
        return '';
    }
  };
  return words().trim() || null;
}

/** Things to know that stop nobody. */
export function warningWords({ t, formats }: Speaker, decision: DecisionMessage): readonly Said[] {
  const until = decision.overstayUntil === null ? null : formats.time(decision.overstayUntil);
  return decision.warnings
    .filter((warning) => warning !== 'overstay' || until !== null)
    .map((warning) => ({
      title: t(`warnings.${warning}.title`, { until: until ?? '' }),
      remedy: t(`warnings.${warning}.remedy`, { until: until ?? '' }),
    }));
}

const MINUTES_PER_HOUR = 60;

export interface StayWords {
  readonly stay: string;
  readonly fee: string;
  /** True: there is something to pay. */
  readonly due: boolean;
}

/** How long somebody stayed and what it costs; null where no entry is known. */
export function stayWords({ t }: Speaker, stay: DecisionMessage['stay']): StayWords | null {
  if (stay === null) return null;
  const hours = Math.floor(stay.minutes / MINUTES_PER_HOUR);
  const due = stay.fee > 0;
  return {
    stay: t('screens.leaving.stay', { hours, minutes: stay.minutes % MINUTES_PER_HOUR }),
    fee: due ? t('screens.leaving.fee', { fee: strong(money(stay.fee)) }) : t('screens.leaving.free'),
    due,
  };
}

/** What spending a ticket does to it. */
export function offerWords({ t }: Speaker, { name, remaining, after }: RemedyMessage['tickets'][number]): string {
  return t('screens.ticket.left', { ticket: shortName(name), left: remaining, after });
}

/** A text of the site; in a language that it doesn't have, its Japanese one. */
export function siteText(text: CarryOverSettings['guidance'], language: Language): string | null {
  return text === null ? null : (text[language] ?? text.ja);
}
