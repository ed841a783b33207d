import type { ReactElement } from 'react';
import type { Speaker } from '../words.ts';

const DAY_HOURS = 24;
/** Most people's day; the whole one where that isn't enough. */
const MORNING_HOUR = 6;
const EVERY_HOURS = 3;
/** Labels nearer than that touch each other. */
const LABEL_HOURS = 1.7;
/** A label's middle keeps that far from the ends, in per cent. */
const EDGE_PERCENT = 4;

interface DayLineProps {
  readonly speaker: Speaker;
  readonly now: number;
  readonly opensAt: number;
}

/** Today from now to the opening. The end of the opening isn't known here, so it fades. */
export function DayLine({ speaker, now, opensAt }: DayLineProps): ReactElement {
  const { formats, t } = speaker;
  const nowHour = formats.hourOfDay(now);
  const opensHour = formats.hourOfDay(opensAt);
  const first = Math.min(nowHour, opensHour) < MORNING_HOUR ? 0 : MORNING_HOUR;
  const percent = (hour: number): number => ((hour - first) / (DAY_HOURS - first)) * 100;
  const label = (hour: number): string => `${Math.min(100 - EDGE_PERCENT, Math.max(EDGE_PERCENT, percent(hour)))}%`;
  const hours = Array.from({ length: (DAY_HOURS - first) / EVERY_HOURS }, (_, index) => first + index * EVERY_HOURS);
  return (
    <div className="day" aria-hidden="true">
      <span className="mark-now" style={{ left: label(nowHour) }}>
        {t('screens.clock.now', { time: formats.time(now) })}
      </span>
      <div className="track">
        <i className="from" style={{ left: `${percent(opensHour)}%` }} />
        <i className="at" style={{ left: `${percent(nowHour)}%` }} />
      </div>
      {hours
        .filter((hour) => Math.abs(hour - opensHour) > LABEL_HOURS)
        .map((hour) => (
          <small key={hour} style={{ left: label(hour) }}>
            {hour}
          </small>
        ))}
      <b style={{ left: label(opensHour) }}>{formats.time(opensAt)}</b>
    </div>
  );
}
