import type { ReactElement } from 'react';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import type { Scene } from '../scene.ts';
import { DeskButton } from '../staff/door.tsx';
import { Languages, TextSize } from './top-bar.tsx';
import { hasWays, Ways } from './ways.tsx';

/** What can be touched while waiting, and the notice of purpose and camera. In reach mode all of it is down here. */
export function Foot({ scene }: { readonly scene: Scene }): ReactElement {
  const { snap, speaker, kiosk, clock } = scene;
  const { t } = speaker;
  const { reach } = snap.comfort;
  return (
    <div className={hasWays(scene) ? 'foot with-ways' : 'foot'}>
      <Notice scene={scene} />
      {reach ? null : <Ways scene={scene} />}
      {reach ? (
        <div className="within-reach">
          <Ways scene={scene} />
          <Languages scene={scene} />
          <TextSize scene={scene} worded />
        </div>
      ) : null}
      <Button className="less" clock={clock} onPress={() => kiosk.press({ press: 'sheet' })}>
        <Icon name="more" />
        {t(hasWays(scene) ? 'screens.waiting.more' : 'screens.waiting.display')}
      </Button>
      <DeskButton scene={scene} className="quiet more bare" />
      {snap.status?.reach === true ? null : (
        <Button
          className={reach ? 'restore' : 'quiet more'}
          clock={clock}
          {...(reach ? {} : { label: t('screens.waiting.reach') })}
          onPress={() => kiosk.press({ press: 'reach' })}
        >
          <Icon name="wheelchair" />
          {reach ? t('screens.waiting.restore') : null}
        </Button>
      )}
    </div>
  );
}

/** What codes and camera are for, in Japanese and English at least: whoever passes may read that no image is stored. */
function Notice({ scene }: { readonly scene: Scene }): ReactElement {
  const { snap, speaker, speak } = scene;
  const camera = snap.door?.camera !== null;
  const lines = speaker.language === 'ja' ? (['ja', 'en'] as const) : ([speaker.language, 'ja'] as const);
  return (
    <div className="notice">
      {camera ? <Icon name="camera" /> : null}
      <div>
        {lines.map((language) => (
          <p key={language} lang={language}>
            <span>{speak(language)('screens.waiting.purpose')}</span>
            {camera ? <span>{speak(language)('screens.waiting.camera')}</span> : null}
          </p>
        ))}
      </div>
    </div>
  );
}
