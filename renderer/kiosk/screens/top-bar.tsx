import type { ReactElement } from 'react';
import { LANGUAGE_NAMES } from '../../locale/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import { LeavesMark } from '../../parts/marks.tsx';
import type { Scene } from '../scene.ts';

export function TopBar({ scene }: { readonly scene: Scene }): ReactElement {
  const { snap } = scene;
  return (
    <header className="top">
      <div className="sign">
        <LeavesMark className="logo" />
        <div>
          <span>{snap.status?.site.name}</span>
          <small>{snap.door?.name}</small>
        </div>
      </div>
      {snap.comfort.reach ? null : (
        <div className="langs">
          <Languages scene={scene} />
          <TextSize scene={scene} />
        </div>
      )}
      <TimeLine scene={scene} />
    </header>
  );
}

/** The languages of the site. Nothing where there is only one. */
export function Languages({ scene }: { readonly scene: Scene }): ReactElement | null {
  const { snap, speaker, kiosk, clock } = scene;
  const languages = snap.status?.languages ?? [];
  if (languages.length < 2) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div className="choices" role="group" aria-label={speaker.t('screens.waiting.languages')}>
      {languages.map((language) => (
        <Button
          key={language}
          clock={clock}
          lang={language}
          pressed={language === snap.language}
          onPress={() => kiosk.press({ press: 'language', language })}
        >
          {LANGUAGE_NAMES[language]}
        </Button>
      ))}
    </div>
  );
}

/** 100, 130, 160, 200 %, and from the start again. */
export function TextSize({ scene, worded }: { readonly scene: Scene; readonly worded?: boolean }): ReactElement {
  const { snap, speaker, kiosk, clock } = scene;
  const name = speaker.t('screens.waiting.text');
  const size = `${snap.comfort.text}%`;
  return (
    <Button clock={clock} label={`${name} ${size}`} onPress={() => kiosk.press({ press: 'text' })}>
      <Icon name="textSize" />
      {worded === true ? name : null}
    </Button>
  );
}

/** Redrawn once a minute. */
function TimeLine({ scene }: { readonly scene: Scene }): ReactElement {
  const { snap, speaker } = scene;
  const unknown = snap.status?.clock === 'doubtful';
  return (
    <div className="clock">
      <span className="num">{unknown ? '--:--' : speaker.formats.time(snap.wall)}</span>
      <small>{unknown ? speaker.t('screens.clock.unknown') : speaker.formats.date(snap.wall, speaker.language)}</small>
    </div>
  );
}
