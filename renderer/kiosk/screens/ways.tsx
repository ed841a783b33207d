import type { ReactElement } from 'react';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import type { Scene } from '../scene.ts';

/** Whether anything but holding up a code can be done here. */
export function hasWays({ snap }: Scene): boolean {
  const { status, door } = snap;
  const { provisional = null, carryOver = null } = status?.ways ?? {};
  return provisional !== null || carryOver !== null || (door?.placeCode.length ?? 0) > 0;
}

/** What members may do besides holding up a code, as far as the site wants it. */
export function Ways({ scene }: { readonly scene: Scene }): ReactElement | null {
  const { snap, speaker, kiosk, clock } = scene;
  const { t } = speaker;
  const { provisional = null, carryOver = null } = snap.status?.ways ?? {};
  if (!hasWays(scene)) return null;
  const open = (way: () => void): void => {
    if (snap.comfort.sheet) kiosk.press({ press: 'sheet' });
    way();
  };
  return (
    <div className="ways">
      {provisional === null ? null : (
        <Button clock={clock} onPress={() => open(() => kiosk.visits.openCard())}>
          <Icon name="hello" />
          {t('screens.waiting.first')}
        </Button>
      )}
      {carryOver === null ? null : (
        <Button clock={clock} onPress={() => open(() => kiosk.visits.openCarry(carryOver))}>
          <Icon name="card" />
          {t('screens.waiting.carry')}
        </Button>
      )}
      {(snap.door?.placeCode.length ?? 0) === 0 ? null : (
        <Button clock={clock} onPress={() => open(() => kiosk.visits.openPlace())}>
          <Icon name="mobile" />
          {t('screens.waiting.phone')}
        </Button>
      )}
    </div>
  );
}
