import { type ReactElement, useMemo, useState } from 'react';
import { OverLimitOutput, TrafficOutput } from '../../../main/contract/looks.ts';
import { Button } from '../../parts/button.tsx';
import { Busy, Card, Looked, More, Options } from './bits.tsx';
import { Chart } from './chart.tsx';
import { dayLater } from './dates.ts';
import { valueOr } from './member.tsx';
import { byDay, byHour, type Column, totalOf } from './traffic.ts';
import { type Site, useLook, useStaff } from './use.ts';

type Span = 'day' | 'month';
const LAST_DAY = 31;

/** Today's and the month's picture, by place. */
export function Picture(): ReactElement {
  const { site, go } = useStaff();
  return (
    <main className="w-room w-picture">
      {site === null ? <Busy onLeave={() => go({ at: 'home' })} /> : <PictureOf site={site} />}
    </main>
  );
}

function PictureOf({ site }: { readonly site: Site }): ReactElement {
  const { t, clock } = useStaff();
  const [span, setSpan] = useState<Span>('day');
  const [placeId, setPlaceId] = useState(site.places[0]?.id ?? '');
  const [day, setDay] = useState(site.today);
  const move = (by: -1 | 1): void => setDay(span === 'day' ? dayLater(day, by) : monthLater(day, by, site.today));
  const isNow = span === 'day' ? day >= site.today : day.slice(0, 7) >= site.today.slice(0, 7);
  return (
    <>
      <div className="w-pickers">
        <Options
          label={t('staff.span')}
          value={span}
          options={[
            ['day', t('staff.span-day')],
            ['month', t('staff.span-month')],
          ]}
          choose={setSpan}
        />
        <Options
          label={t('staff.place')}
          value={placeId}
          options={site.places.map(({ id, name }) => [id, name] as const)}
          choose={setPlaceId}
        />
        <p className="w-acts-row">
          <Button clock={clock} className="small" label={t('staff.before')} onPress={() => move(-1)}>
            ←
          </Button>
          <b className="num">{(span === 'day' ? day : day.slice(0, 7)).replaceAll('-', '/')}</b>
          <Button clock={clock} className="small" label={t('staff.after')} off={isNow} onPress={() => move(1)}>
            →
          </Button>
        </p>
      </div>
      <TrafficCard key={`${placeId} ${span} ${day}`} {...{ placeId, span, day }} />
      <OverLimit month={day.slice(0, 7)} />
    </>
  );
}

/** The first of the month before or after; today where that is this month. */
function monthLater(day: string, by: -1 | 1, today: string): string {
  const first = `${day.slice(0, 7)}-01`;
  const other = `${dayLater(first, by < 0 ? -1 : LAST_DAY).slice(0, 7)}-01`;
  return other.slice(0, 7) === today.slice(0, 7) ? today : other;
}

interface TrafficProps {
  readonly placeId: string;
  readonly span: Span;
  readonly day: string;
}

function TrafficCard({ placeId, span, day }: TrafficProps): ReactElement {
  const { t, clock } = useStaff();
  const [asTable, setAsTable] = useState(false);
  const from = span === 'day' ? day : `${day.slice(0, 7)}-01`;
  const to = span === 'day' ? day : lastOfMonth(from);
  const [look, again] = useLook(`${placeId} ${from} ${to}`, (desk) =>
    desk.ask(TrafficOutput, (calls, signal) => calls.look.traffic.query({ placeId, from, to }, { signal })),
  );
  const turn = (
    <Button clock={clock} className="small" onPress={() => setAsTable(!asTable)}>
      {t(asTable ? 'staff.as-picture' : 'staff.as-table')}
    </Button>
  );
  return (
    <Card title={t(span === 'day' ? 'staff.by-hour' : 'staff.by-day')} end={turn} className="fill figure">
      <Looked look={look} again={again}>
        {({ hours, inside }) => {
          const columns = span === 'day' ? byHour(hours, day) : byDay(hours, Number(to.slice(8, 10)));
          return <Figures columns={columns} inside={inside} asTable={asTable} span={span} />;
        }}
      </Looked>
    </Card>
  );
}

function lastOfMonth(first: string): string {
  return dayLater(`${dayLater(first, LAST_DAY).slice(0, 7)}-01`, -1);
}

interface FiguresProps {
  readonly columns: readonly Column[];
  readonly inside: number;
  readonly asTable: boolean;
  readonly span: Span;
}

function Figures({ columns, inside, asTable, span }: FiguresProps): ReactElement {
  const { t } = useStaff();
  const names = useMemo(() => [t('staff.came'), t('staff.left')] as const, [t]);
  const { entries, exits } = totalOf(columns);
  return (
    <>
      <dl className="w-kpis">
        {(
          [
            [t('staff.inside-now'), inside, ''],
            [names[0], entries, 'bar'],
            [names[1], exits, 'line'],
          ] as const
        ).map(([name, value, key]) => (
          <div key={name} className={key}>
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      {entries + exits === 0 ? <p className="w-none">{t('staff.no-data')}</p> : null}
      {entries + exits > 0 && !asTable ? (
        <Chart columns={columns} names={names} label={t('staff.picture-of', { entries, exits })} />
      ) : null}
      {entries + exits > 0 && asTable ? <Table columns={columns} names={names} span={span} /> : null}
    </>
  );
}

interface TableProps {
  readonly columns: readonly Column[];
  readonly names: readonly [string, string];
  readonly span: Span;
}

function Table({ columns, names, span }: TableProps): ReactElement {
  const { t } = useStaff();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="w-scroll" tabIndex={0} aria-label={t('staff.as-table')}>
      <table className="w-table num">
        <thead>
          <tr>
            <th scope="col">{t(span === 'day' ? 'staff.hour' : 'staff.day')}</th>
            <th scope="col">{names[0]}</th>
            <th scope="col">{names[1]}</th>
          </tr>
        </thead>
        <tbody>
          {columns
            .filter(({ entries, exits }) => entries + exits > 0)
            .map(({ at, entries, exits }) => (
              <tr key={at}>
                <th scope="row">{span === 'day' ? `${at}:00` : at}</th>
                <td>{entries}</td>
                <td>{exits}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}

function OverLimit({ month }: { readonly month: string }): ReactElement {
  const { t, desk, site, clock, go } = useStaff();
  const ask = (after: string | null) =>
    desk.ask(OverLimitOutput, (calls, signal) => calls.look.overLimit.query({ month, after }, { signal }));
  const [look, again] = useLook(`over ${month}`, () => ask(null));
  return (
    <Card title={t('staff.over-limit')} className="fill">
      <Looked look={look} again={again}>
        {(first) => (
          <More
            key={month}
            first={first}
            load={async (after) => valueOr(await ask(after))}
            name={t('staff.over-limit')}
            none={t('staff.nobody-over')}
            draw={(row) => (
              <li key={`${row.contractId} ${row.bandId}`}>
                <Button clock={clock} className="row" onPress={() => go({ at: 'member', memberId: row.memberId })}>
                  <span className="w">
                    <b>{row.name ?? t('staff.left-data')}</b>
                    <small>{site?.plans.find(({ id }) => id === row.planId)?.name}</small>
                  </span>
                  <span className="num">
                    {row.days} / {row.limit}
                  </span>
                </Button>
              </li>
            )}
          />
        )}
      </Looked>
    </Card>
  );
}
