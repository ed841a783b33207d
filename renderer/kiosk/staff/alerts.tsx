import type { ReactElement } from 'react';
import { type AlarmRow, AlarmsOutput } from '../../../main/contract/looks.ts';
import { Done } from '../../../main/contract/staff.ts';
import { Button } from '../../parts/button.tsx';
import { Acting, Card, Looked } from './bits.tsx';
import { PassageSymbol } from './symbol.tsx';
import { useAct, useBeat, useLook, useStaff } from './use.ts';
import { alarmWords } from './words.ts';

type Standing = Pick<AlarmRow, 'id' | 'doorId' | 'alarm' | 'since'>;

const SECOND_MS = 1_000;

/** What nobody looks after yet, on the home screen. */
export function AlertCards(): ReactElement {
  const { scene } = useStaff();
  const untaken = (scene.snap.status?.alarms ?? []).filter(({ taken }) => !taken);
  return (
    <>
      {untaken.map((alarm) => (
        <AlertCard key={alarm.id} alarm={alarm} />
      ))}
    </>
  );
}

/** All that stand, taken or not. Asked again whenever the status says that they are others. */
export function Alerts(): ReactElement {
  const { t, scene, site, desk } = useStaff();
  const key = JSON.stringify(scene.snap.status?.alarms ?? []);
  const [look, again] = useLook(key, () =>
    desk.ask(AlarmsOutput, (calls, signal) => calls.look.alarms.query(undefined, { signal })),
  );
  return (
    <main className="w-room w-alerts">
      <h2 className="w-h2">{t('staff.to-alerts')}</h2>
      <Looked look={look} again={again}>
        {(alarms) => (
          <div className="w-grid">
            {alarms.length === 0 ? <p className="w-none">{t('staff.no-alerts')}</p> : null}
            {alarms.map((alarm) =>
              alarm.takenBy === null ? (
                <AlertCard key={alarm.id} alarm={alarm} />
              ) : (
                <Card key={alarm.id} title={alarmWords(t, alarm.alarm)}>
                  <p>{site?.doors.find(({ id }) => id === alarm.doorId)?.name ?? alarm.doorId}</p>
                  <p className="w-note">{t('staff.taken-by', { name: desk.nameOf(alarm.takenBy) })}</p>
                </Card>
              ),
            )}
          </div>
        )}
      </Looked>
    </main>
  );
}

function AlertCard({ alarm }: { readonly alarm: Standing }): ReactElement {
  const { t, desk, toast, clock, scene, site } = useStaff();
  const act = useAct();
  useBeat(clock, SECOND_MS);
  const seconds = Math.max(0, Math.floor((desk.wall() - alarm.since) / SECOND_MS));
  const door =
    site?.doors.find(({ id }) => id === alarm.doorId)?.name ??
    scene.snap.status?.doors.find(({ id }) => id === alarm.doorId)?.name;
  const take = (): void =>
    act.run(
      Done,
      (calls, id, on) => calls.act.takeAlarm.mutate({ act: id, id: alarm.id }, on),
      () => toast(t('staff.did-take')),
    );
  return (
    <section className="w-card w-alert" aria-label={alarmWords(t, alarm.alarm)}>
      <h2 className="w-h2">
        <PassageSymbol look="heed" />
        {alarmWords(t, alarm.alarm)}{' '}
        <span className="num">{`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`}</span>
      </h2>
      <p>
        {door} {t('staff.sounds')}
      </p>
      <div className="w-acts">
        <Button clock={clock} className="main wide" busy={act.busy} onPress={take}>
          {t('staff.take')}
        </Button>
      </div>
      <Acting act={act} />
    </section>
  );
}
