import { type ReactElement, useState } from 'react';
import { ClockOutput, DevicesOutput, HealthOutput } from '../../../main/contract/looks.ts';
import { Done } from '../../../main/contract/staff.ts';
import { Button } from '../../parts/button.tsx';
import { Ask, Card, Chip, Looked, Rows } from './bits.tsx';
import { dayAndTime } from './dates.ts';
import { OwnPin, Team } from './team.tsx';
import { useAct, useLook, useStaff } from './use.ts';

/** The team, the clock, the devices, and whether all is well. */
export function UnitRoom(): ReactElement {
  const { person } = useStaff();
  return (
    <main className="w-room w-unit">
      <section className="w-col">
        {person.role === 'manager' ? <Team /> : <OwnPin />}
        <ClockCard />
      </section>
      <section className="w-col">
        <FireCard />
        <Devices />
      </section>
    </main>
  );
}

function ClockCard(): ReactElement {
  const { t, scene, person, clock } = useStaff();
  const { formats } = scene.speaker;
  const [asks, setAsks] = useState(false);
  const [look, again] = useLook('clock', (desk) =>
    desk.ask(ClockOutput, (calls, signal) => calls.look.clock.query(undefined, { signal })),
  );
  return (
    <Card title={t('staff.clock')}>
      <Looked look={look} again={again}>
        {({ trust, wall }) => (
          <>
            <p>
              <b className="num">{dayAndTime(formats, wall)}</b>{' '}
              <Chip look={trust === 'doubtful' ? 'heed' : 'ok'}>{t(`staff.clock-${trust}`)}</Chip>
            </p>
            {trust === 'doubtful' && person.role === 'manager' ? (
              <Button clock={clock} className="main" onPress={() => setAsks(true)}>
                {t('staff.confirm-clock')}
              </Button>
            ) : null}
            {asks ? <ConfirmClock shownAt={wall} again={again} close={() => setAsks(false)} /> : null}
          </>
        )}
      </Looked>
    </Card>
  );
}

interface ConfirmProps {
  readonly shownAt: number;
  readonly again: () => void;
  readonly close: () => void;
}

function ConfirmClock({ shownAt, again, close }: ConfirmProps): ReactElement {
  const { t, toast, scene } = useStaff();
  const act = useAct();
  const go = (): void =>
    act.run(
      Done,
      (calls, id, on) => calls.act.confirmClock.mutate({ act: id, shownAt }, on),
      () => {
        toast(t('staff.did-confirm'));
        close();
        again();
      },
    );
  return (
    <Ask
      title={t('staff.ask-clock', { time: dayAndTime(scene.speaker.formats, shownAt) })}
      says={[t('staff.says-clock'), t('staff.says-record')]}
      go={t('staff.confirm-clock')}
      {...{ act, close }}
      onGo={go}
    />
  );
}

/** Only while it burns, as far as the unit knows. */
function FireCard(): ReactElement | null {
  const { t, scene, person, toast, clock } = useStaff();
  const [asks, setAsks] = useState(false);
  const act = useAct();
  const burns = (scene.snap.status?.doors ?? []).some(({ state }) => state === 'fire');
  if (!burns) return null;
  const go = (): void =>
    act.run(
      Done,
      (calls, id, on) => calls.act.resetFire.mutate({ act: id }, on),
      () => {
        toast(t('staff.did-fire'));
        setAsks(false);
      },
    );
  return (
    <Card title={t('staff.alarm-fire')} className="w-alert">
      <p>{t(person.role === 'manager' ? 'staff.fire-manager' : 'staff.fire-staff')}</p>
      {person.role === 'manager' ? (
        <Button clock={clock} className="danger" onPress={() => setAsks(true)}>
          {t('staff.reset-fire')}
        </Button>
      ) : null}
      {asks ? (
        <Ask
          title={t('staff.ask-fire')}
          says={[t('staff.says-fire'), t('staff.says-record')]}
          go={t('staff.reset-fire')}
          danger
          act={act}
          onGo={go}
          close={() => setAsks(false)}
        />
      ) : null}
    </Card>
  );
}

function Devices(): ReactElement {
  const { t, site, scene } = useStaff();
  const key = JSON.stringify(scene.snap.status?.devices ?? []);
  const [health, healthAgain] = useLook(`health ${key}`, (desk) =>
    desk.ask(HealthOutput, (calls, signal) => calls.look.health.query(undefined, { signal })),
  );
  const [look, again] = useLook(`devices ${key}`, (desk) =>
    desk.ask(DevicesOutput, (calls, signal) => calls.look.devices.query(undefined, { signal })),
  );
  const chip = (
    <Looked look={health} again={healthAgain}>
      {({ status }) => <Chip look={status === 'ok' ? 'ok' : 'heed'}>{t(`staff.health-${status}`)}</Chip>}
    </Looked>
  );
  return (
    <Card title={t('staff.devices')} end={chip} className="fill">
      <Looked look={look} again={again}>
        {(devices) => (
          <Rows name={t('staff.devices')}>
            {devices.map((device) => (
              <li key={`${device.kind} ${device.id}`} className="plain">
                <span className="w">
                  <b>
                    {t(`staff.device-${device.kind}`)} {device.id}
                  </b>
                  <small>{site?.doors.find(({ id }) => id === device.doorId)?.name}</small>
                </span>
                <Chip look={device.ok ? 'ok' : 'no'}>{t(device.ok ? 'staff.works' : 'staff.away')}</Chip>
              </li>
            ))}
          </Rows>
        )}
      </Looked>
    </Card>
  );
}
