import { type ReactElement, useCallback, useEffect, useState } from 'react';
import { Done as StaffDone } from '../../../main/contract/staff.ts';
import { ClockOutput, type ClockView } from '../../../main/contract/technician.ts';
import { Button } from '../../parts/button.tsx';
import { Busy, Chip, Done, Task } from './bits.tsx';
import { useDesk } from './desk.ts';

const AGAIN_MS = 5_000;

export function ClockStep(): ReactElement {
  const { t, model, clock } = useDesk();
  const [view, setView] = useState<ClockView | null>(null);
  const look = useCallback((): void => {
    void model.ask(ClockOutput, () => model.calls.setup.clock.query()).then((seen) => seen.ok && setView(seen.value));
  }, [model]);
  useEffect(() => {
    look();
    let timer = clock.after('clock looked at', AGAIN_MS, again);
    function again(): void {
      look();
      timer = clock.after('clock looked at', AGAIN_MS, again);
    }
    return () => timer.cancel();
  }, [clock, look]);
  return (
    <Task head={t('tech.clock.head')} about={t('tech.clock.about')}>
      {view === null ? <Busy /> : <Shown view={view} look={look} />}
    </Task>
  );
}

function Shown({ view, look }: { readonly view: ClockView; readonly look: () => void }): ReactElement {
  const { t, formats, language, state } = useDesk();
  const { wall, trust, ntp, battery } = view;
  return (
    <section className="tech-card" data-trust={trust}>
      <p className="tech-time num">{formats.time(wall)}</p>
      <p>
        {formats.date(wall, language)} <small lang="en">{view.timezone}</small>
      </p>
      <p>
        <Chip ok={trust !== 'doubtful'}>{t(`tech.trust.${trust}`)}</Chip>
      </p>
      <dl className="tech-facts">
        <dt>{t('tech.clock.ntp')}</dt>
        <dd>{t(ntp ? 'tech.clock.there' : 'tech.clock.missing')}</dd>
        <dt>{t('tech.clock.battery')}</dt>
        <dd>{t(battery ? 'tech.clock.there' : 'tech.clock.missing')}</dd>
      </dl>
      {ntp || battery ? null : (
        <p className="tech-todo">
          <b>{t('tech.next.try')}</b> {t('tech.clock.todo')}
        </p>
      )}
      <Right view={view} look={look} isManager={state.who?.signedIn?.role === 'manager'} />
    </section>
  );
}

interface RightProps {
  readonly view: ClockView;
  readonly look: () => void;
  readonly isManager: boolean;
}

/** The time shown is right: noted; where the unit doubts it, a manager's word ends the doubt. */
function Right({ view, look, isManager }: RightProps): ReactElement {
  const { t, clock, model } = useDesk();
  const [said, setSaid] = useState<'none' | 'yes' | 'no'>('none');
  const isDoubtful = view.trust === 'doubtful';
  if (isDoubtful && !isManager) return <p>{t('tech.clock.manager')}</p>;
  const note = (ok: boolean): void => {
    setSaid(ok ? 'yes' : 'no');
    void model.done((calls) => calls.setup.note.mutate({ part: 'clock', test: 'clock', ok, detail: view.trust }));
    look();
  };
  const confirm = (): void => {
    if (!isDoubtful) {
      note(true);
      return;
    }
    const act = crypto.randomUUID();
    void model
      .ask(StaffDone, () => model.calls.act.confirmClock.mutate({ act, shownAt: view.wall }))
      .then((done) => note(done.ok));
  };
  return (
    <>
      <Button clock={clock} className="main" onPress={confirm}>
        {t('tech.clock.right')}
      </Button>
      {said === 'yes' ? <Done>{t('tech.clock.confirmed')}</Done> : null}
      {said === 'no' ? <p role="alert">{t('tech.clock.refused')}</p> : null}
    </>
  );
}
