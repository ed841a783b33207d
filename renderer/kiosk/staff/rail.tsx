import type { ReactElement } from 'react';
import { Button } from '../../parts/button.tsx';
import { Icon, type IconName } from '../../parts/icons.tsx';
import { type Place, type Route, useStaff } from './use.ts';

const PLACES: readonly (readonly [Place, IconName])[] = [
  ['home', 'house'],
  ['members', 'search'],
  ['tickets', 'ticket'],
  ['passes', 'qr'],
  ['picture', 'chart'],
  ['alerts', 'bell'],
  ['roll', 'wayOut'],
  ['unit', 'door'],
];

export function Rail({ at }: { readonly at: Route['at'] }): ReactElement {
  const { t, clock, go, desk, scene } = useStaff();
  const here = at === 'member' || at === 'why' ? 'members' : at;
  const untaken = (scene.snap.status?.alarms ?? []).filter(({ taken }) => !taken).length;
  return (
    <nav className="w-rail" aria-label={t('staff.title')}>
      {PLACES.map(([place, icon]) => (
        // Going somewhere twice does nothing, and nobody waits between two places.
        <Button key={place} clock={clock} deafMs={0} pressed={here === place} onPress={() => go({ at: place })}>
          <Icon name={icon} />
          <span>{t(`staff.to-${place}`)}</span>
          {place === 'alerts' && untaken > 0 ? <span className="n">{untaken}</span> : null}
        </Button>
      ))}
      <Button clock={clock} className="last" onPress={() => desk.close()}>
        <Icon name="leave" />
        <span>{t('staff.sign-out')}</span>
      </Button>
    </nav>
  );
}
