import { type ReactElement, useState } from 'react';
import type { Pulse } from '../../../main/contract/technician.ts';
import { Button } from '../../parts/button.tsx';
import { Ask, Done, Options, Task, Trouble } from './bits.tsx';
import { useDesk } from './desk.ts';
import type { Refusal } from './model.ts';

export function LockStep(): ReactElement {
  const { t, state, model } = useDesk();
  const doors = state.view?.doors.filter(({ configured }) => configured) ?? [];
  const [chosen, setDoor] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const door = doors.find(({ id }) => id === chosen) ?? doors[0];
  if (door === undefined) return <p>{t('tech.none')}</p>;
  const move = (): void => {
    void model
      .done((calls) => calls.setup.pulse.mutate({ door: door.id }))
      .then((done) => setRefusal(done.ok ? null : done.refusal));
  };
  const seconds = (door.pulseMs / 1_000).toFixed(1);
  const pulse = state.view?.pulse?.door === door.id ? state.view.pulse : null;
  const isMoving = pulse?.state === 'running' && pulse.steps.every(({ step }) => step !== 'rested');
  return (
    <Task head={t('tech.lock.head', { door: door.name })} about={t('tech.lock.about', { seconds })}>
      {doors.length < 2 ? null : (
        <Options
          label={t('tech.lock.choose')}
          value={door.id}
          options={doors.map(({ id, name }) => [id, name])}
          choose={setDoor}
        />
      )}
      <div className="tech-duo">
        <section className="tech-card tech-pulse">
          <Ask word={t('tech.lock.move')} question={t('tech.lock.sure')} go={move} off={isMoving} />
          {refusal === null ? null : <Trouble refusal={refusal} head={t('tech.lock.no')} />}
          {pulse === null || pulse.state === 'running' ? null : <Verdict key={pulse.at} pulse={pulse} />}
        </section>
        <section className="tech-card" aria-live="polite">
          <h3>{t('tech.lock.seen')}</h3>
          <Seen pulse={pulse} />
        </section>
      </div>
    </Task>
  );
}

function Seen({ pulse }: { readonly pulse: Pulse | null }): ReactElement {
  const { t } = useDesk();
  if (pulse === null) return <p>{t('tech.pulse.none')}</p>;
  return (
    <ol className="tech-seq" data-pulse={pulse.state}>
      {pulse.steps.map(({ step, ms }) => (
        <li key={step}>
          <span aria-hidden="true">✓</span>
          <span>{t(`tech.pulse.${step}`)}</span>
          <span className="num">{ms} ms</span>
        </li>
      ))}
      {pulse.state === 'failed' ? <li className="no">{t('tech.pulse.failed')}</li> : null}
    </ol>
  );
}

/** Whether the bolt itself moved only somebody at the door can see. */
function Verdict({ pulse }: { readonly pulse: Pulse }): ReactElement {
  const { t, clock, model } = useDesk();
  const [moved, setMoved] = useState<boolean | null>(null);
  const say = (ok: boolean): void => {
    setMoved(ok);
    const detail = ok ? 'seen to move and rest' : 'not seen to move';
    void model.done((calls) => calls.setup.note.mutate({ part: `${pulse.door}.lock`, test: 'level', ok, detail }));
  };
  if (moved === true) return <Done>{t('tech.lock.moved')}</Done>;
  return (
    <div>
      <p>{t('tech.lock.asked')}</p>
      <div className="tech-pair">
        <Button clock={clock} onPress={() => say(true)}>
          {t('tech.lock.moved')}
        </Button>
        <Button clock={clock} onPress={() => say(false)}>
          {t('tech.lock.still')}
        </Button>
      </div>
      {moved === false ? (
        <p className="tech-todo">
          <b>{t('tech.next.try')}</b> {t('tech.lock.try')}
        </p>
      ) : null}
    </div>
  );
}
