import type { ReactElement } from 'react';
import type { PlaceCodeOutput } from '../../../main/contract/member-ways.ts';
import { plain } from '../../locale/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Qr } from '../../parts/qr.tsx';
import { RunDown } from '../../parts/run-down.tsx';
import type { Scene } from '../scene.ts';
import { TopBar } from './top-bar.tsx';

const SECOND_MS = 1_000;

/** The place's code, for the members' app and for any camera; words where it would be good for nothing. */
export function Place({ scene, code }: { readonly scene: Scene; readonly code: PlaceCodeOutput | null }): ReactElement {
  const { speaker, kiosk, clock } = scene;
  const { t } = speaker;
  const codes = code?.codes ?? null;
  const hidden = code !== null && codes === null;
  return (
    <div className="scene visit">
      <TopBar scene={scene} />
      <section className="place">
        <h1 className="call">{t(hidden ? 'screens.place.none' : 'screens.place.call')}</h1>
        {hidden ? <p className="lead">{t('screens.common.scan')}</p> : null}
        <div className="codes">
          <Figure text={codes?.app ?? null} name={t('screens.place.app')} />
          <Figure text={codes?.url ?? null} name={t('screens.place.camera')} />
        </div>
        {codes === null || code === null ? null : (
          <p className="changes">
            <RunDown key={`${codes.app} ${codes.url}`} everyMs={code.everyMs} leftMs={code.leftMs} />
            {plain(t('screens.place.changes', { seconds: Math.round(code.everyMs / SECOND_MS) }))}
          </p>
        )}
      </section>
      <div className="foot">
        <Button clock={clock} className="wide" onPress={() => kiosk.visits.close()}>
          <Icon name="back" />
          {t('screens.common.back')}
        </Button>
      </div>
    </div>
  );
}

function Figure({ text, name }: { readonly text: string | null; readonly name: string }): ReactElement | null {
  if (text === null) return null;
  return (
    <figure>
      <Qr text={text} name={name} />
      <figcaption>{name}</figcaption>
    </figure>
  );
}
