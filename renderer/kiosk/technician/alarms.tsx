import type { ReactElement } from 'react';
import { Done } from '../../../main/contract/staff.ts';
import { Button } from '../../parts/button.tsx';
import { useDesk } from './desk.ts';

/** An alarm sounds until somebody takes it: whoever opens a cabinet rings one, and has to be able to end it here. */
export function Alarms(): ReactElement | null {
  const { t, clock, kiosk, model, state } = useDesk();
  const { status } = kiosk.snapshot();
  const [alarm] = (status?.alarms ?? []).filter(({ taken }) => !taken);
  if (state.view === null || alarm === undefined) return null;
  const { id, doorId } = alarm;
  const door = status?.doors.find((one) => one.id === doorId)?.name ?? doorId;
  const take = (): void => {
    const act = `technician-${Math.round(clock.wall())}`;
    void model.ask(Done, () => model.calls.act.takeAlarm.mutate({ act, id }));
  };
  return (
    <div className="tech-band with-way tech-alarm" role="alert">
      <p>{t('tech.alarm', { door })}</p>
      <Button clock={clock} className="small" onPress={take}>
        {t('tech.alarmTake')}
      </Button>
    </div>
  );
}
