import { type ReactElement, useEffect, useState } from 'react';
import { type Passage, RollOutput } from '../../../main/contract/looks.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import { AlertCards } from './alerts.tsx';
import { Card, Chip, Looked, Rows } from './bits.tsx';
import { Doors } from './doors.tsx';
import { usePassages } from './passages.ts';
import type { RollShown } from './roll.tsx';
import { PassageSymbol } from './symbol.tsx';
import { useLook, useStaff } from './use.ts';
import { passageWords, symbolOf, whoWords } from './words.ts';

const REFRESH_MS = 1_500;

/** Who is inside, what happens, and the doors. */
export function Home(): ReactElement {
  const live = usePassages();
  return (
    <main className="w-room w-home">
      <section className="w-col">
        <Inside news={live.rows[0]?.event ?? 0} />
      </section>
      <PassageCard {...live} />
      <section className="w-col doors">
        <AlertCards />
        <Doors />
      </section>
    </main>
  );
}

/** Asked again soon after somebody came or went. */
function Inside({ news }: { readonly news: number }): ReactElement {
  const { t, go, clock } = useStaff();
  const [look, again] = useLook('roll', (desk) =>
    desk.ask(RollOutput, (calls, signal) => calls.look.roll.query(undefined, { signal })),
  );
  useEffect(() => {
    if (news === 0) return undefined;
    const timer = clock.after('staff roll', REFRESH_MS, again);
    return () => timer.cancel();
  }, [news, clock, again]);
  return (
    <Looked look={look} again={again}>
      {({ total, places }) => (
        <>
          <Card title={t('staff.inside-now')}>
            <p className="w-count">
              <b className="num">{total}</b> {t('staff.people')}
            </p>
            <Button clock={clock} className="small" onPress={() => go({ at: 'roll' })}>
              <Icon name="wayOut" />
              {t('staff.to-roll')}
            </Button>
          </Card>
          <Card title={t('staff.who-inside')} className="fill">
            <Rows name={t('staff.who-inside')}>
              {places.map((place) => (
                <AtPlace key={place.placeId} place={place} />
              ))}
            </Rows>
            {total === 0 ? <p className="w-none">{t('staff.nobody')}</p> : null}
          </Card>
        </>
      )}
    </Looked>
  );
}

function AtPlace({ place: { name, people } }: { readonly place: RollShown['places'][number] }): ReactElement {
  const { t, go, clock, scene } = useStaff();
  return (
    <li className="head">
      <b>{name}</b>
      <span className="num">{t('staff.count-people', { count: people.length })}</span>
      <ul>
        {people.map((person) => (
          <li key={person.memberId}>
            <Button clock={clock} className="row" onPress={() => go({ at: 'member', memberId: person.memberId })}>
              <span className="t num">{scene.speaker.formats.time(person.since)}</span>
              <span className="w">{person.name ?? t('staff.left-data')}</span>
            </Button>
          </li>
        ))}
      </ul>
    </li>
  );
}

const KINDS = ['all', 'in', 'out', 'no'] as const;
type Kind = (typeof KINDS)[number];

function isOf(kind: Kind, { granted, direction, type }: Passage): boolean {
  if (kind === 'all') return true;
  if (kind === 'no') return granted === false || (type === 'scan' && granted === null);
  return granted === true && direction === kind;
}

function PassageCard({ rows, look, again }: ReturnType<typeof usePassages>): ReactElement {
  const { t, clock } = useStaff();
  const [kind, setKind] = useState<Kind>('all');
  const shown = rows.filter((row) => isOf(kind, row));
  const filter = (
    <fieldset className="w-seg">
      <legend className="w-hidden">{t('staff.passages')}</legend>
      {KINDS.map((one) => (
        <Button key={one} clock={clock} pressed={one === kind} onPress={() => setKind(one)}>
          {t(`staff.kind-${one}`)}
        </Button>
      ))}
    </fieldset>
  );
  return (
    <Card title={t('staff.passages')} end={filter} className="fill">
      <Looked look={look} again={again}>
        {() =>
          shown.length === 0 ? (
            <p className="w-none">{t('staff.none-yet')}</p>
          ) : (
            <Rows name={t('staff.passages')}>
              {shown.map((passage) => (
                <PassageRow key={passage.event} passage={passage} />
              ))}
            </Rows>
          )
        }
      </Looked>
    </Card>
  );
}

export function PassageRow({ passage }: { readonly passage: Passage }): ReactElement {
  const { t, clock, go, site, scene } = useStaff();
  const door = site?.doors.find(({ id }) => id === passage.doorId)?.name;
  const inside = (
    <>
      <PassageSymbol look={symbolOf(passage)} />
      <span className="t num">{scene.speaker.formats.time(passage.at)}</span>
      <span className="w">
        <b>{whoWords(t, passage)}</b>
        <small>{passageWords(t, passage)}</small>
      </span>
      {door === undefined ? null : <Chip look="plain">{door}</Chip>}
    </>
  );
  // Only what was judged has a why.
  if (passage.granted === null || passage.event < 0) return <li className="plain">{inside}</li>;
  const { event, memberId, name } = passage;
  return (
    <li>
      <Button
        clock={clock}
        className={`row w-row-${symbolOf(passage)}`}
        onPress={() => go({ at: 'why', event, memberId, name })}
      >
        {inside}
        <Icon name="shut" />
      </Button>
    </li>
  );
}
