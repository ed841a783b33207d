import type { ReactElement } from 'react';
import type * as z from 'zod';
import { RollOutput } from '../../../main/contract/looks.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import type { Speaker } from '../words.ts';
import { Looked } from './bits.tsx';
import type { StaffTexts } from './texts.ts';
import { useLook, useStaff } from './use.ts';

export type RollShown = Extract<z.infer<typeof RollOutput>, { ok: true }>['value'];

/** Who is inside, for who stands at the meeting point: large, whole, to be ticked off or printed. */
export function Roll(): ReactElement {
  const { t, clock, scene } = useStaff();
  const { formats, language } = scene.speaker;
  const [look, again] = useLook('roll', (desk) =>
    desk.ask(RollOutput, (calls, signal) => calls.look.roll.query(undefined, { signal })),
  );
  return (
    <main className="w-room w-roll">
      <header>
        <h2>{t('staff.roll-title')}</h2>
        <Button clock={clock} className="small" onPress={again}>
          {t('staff.anew')}
        </Button>
        <Button clock={clock} className="small" onPress={() => window.print()}>
          <Icon name="card" />
          {t('staff.print')}
        </Button>
      </header>
      <Looked look={look} again={again}>
        {(roll) => <RollNames {...{ roll, t, formats, language }} />}
      </Looked>
    </main>
  );
}

interface RollNamesProps extends Omit<Speaker, 't'> {
  readonly roll: RollShown;
  readonly t: StaffTexts;
}

/** By place. */
export function RollNames({ roll: { at, total, places }, t, formats, language }: RollNamesProps): ReactElement {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="w-card w-sheet-of-names" tabIndex={0} aria-label={t('staff.roll-title')}>
      <p className="w-count">
        <b className="num">{total}</b> {t('staff.people')}
        <small>{t('staff.as-of', { time: `${formats.date(at, language)} ${formats.time(at)}` })}</small>
      </p>
      {total === 0 ? <p className="w-none">{t('staff.nobody')}</p> : null}
      {places.map(({ placeId, name, people }) => (
        <section key={placeId}>
          <h3>
            {name} <span className="num">{t('staff.count-people', { count: people.length })}</span>
          </h3>
          <ul>
            {people.map((person) => (
              <li key={person.memberId}>
                <i aria-hidden="true" />
                <b>{person.name ?? t('staff.left-data')}</b>
                <span className="num">{formats.time(person.since)}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}
