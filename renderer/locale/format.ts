/** Dates, times and money as each language writes them, in the site's time zone. Instants are epoch milliseconds. */
import type { Language } from './texts.ts';

const MINUTES_PER_HOUR = 60;
const DAY_MS = 86_400_000;

interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

export interface Formats {
  /** 17:00 */
  time(at: number): string;
  /** 12月1日(月), Mon 1 Dec, 12月1日(周一), 12월 1일(월) */
  date(at: number, language: Language): string;
  /** 11/26 */
  monthAndDay(at: number): string;
  /** Calendar days from `from` to `to` on the site's wall: 0 is the same day. */
  daysBetween(from: number, to: number): number;
  /** Hours since midnight, with a fraction. */
  hourOfDay(at: number): number;
}

/** Throws where there is no such time zone. */
export function createFormats(timezone: string): Formats {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const local = (at: number): LocalTime => {
    const parts = new Map(clock.formatToParts(at).map((part) => [part.type, Number(part.value)]));
    const value = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return {
      year: value('year'),
      month: value('month'),
      day: value('day'),
      hour: value('hour'),
      minute: value('minute'),
    };
  };
  const dayNumber = ({ year, month, day }: LocalTime): number => Date.UTC(year, month - 1, day) / DAY_MS;
  const named = (at: number, language: Language, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(language, { timeZone: timezone, ...options }).format(at);
  return {
    time: (at) => {
      const { hour, minute } = local(at);
      return `${hour}:${String(minute).padStart(2, '0')}`;
    },
    date: (at, language) => {
      const { month, day } = local(at);
      const weekday = named(at, language, { weekday: 'short' });
      if (language === 'en') return `${weekday} ${day} ${named(at, language, { month: 'short' })}`;
      if (language === 'ko') return `${month}월 ${day}일(${weekday})`;
      return `${month}月${day}日(${weekday})`;
    },
    monthAndDay: (at) => {
      const { month, day } = local(at);
      return `${month}/${day}`;
    },
    daysBetween: (from, to) => dayNumber(local(to)) - dayNumber(local(from)),
    hourOfDay: (at) => {
      const { hour, minute } = local(at);
      return hour + minute / MINUTES_PER_HOUR;
    },
  };
}

/** ¥1,200 */
export function money(yen: number): string {
  return `¥${new Intl.NumberFormat('en-US').format(yen)}`;
}

/** Sentences one after the other: Japanese and Chinese have no space between them. */
export function sentences(all: readonly string[], language: Language): string {
  return all.join(language === 'ja' || language === 'zh-Hans' ? '' : ' ');
}

/** Names one after the other, as the language puts them. */
export function list(names: readonly string[], language: Language): string {
  return names.map(shortName).join(language === 'ja' || language === 'zh-Hans' ? '、' : ', ');
}

/** Half-width characters; a full-width one counts as two. */
const NAME_WIDTH = 44;

/** A name of the site's data, cut where it would push the rest of its sentence off the screen. */
export function shortName(name: string): string {
  let width = 0;
  let kept = '';
  for (const letter of name) {
    width += (letter.codePointAt(0) ?? 0) > 0xff ? 2 : 1;
    if (width > NAME_WIDTH) return `${kept.trimEnd()}…`;
    kept += letter;
  }
  return kept;
}
