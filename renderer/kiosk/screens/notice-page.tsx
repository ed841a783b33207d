import type { ReactElement } from 'react';
import { Button } from '../../parts/button.tsx';
import type { Scene } from '../scene.ts';
import { Phone } from './refused.tsx';
import { TopBar } from './top-bar.tsx';

interface NoticeProps {
  readonly scene: Scene;
  readonly title: string;
  readonly remedy: string | null;
  /** Another try, where that may help; null: closing is all there is. */
  readonly again: { readonly name: string; readonly press: () => void } | null;
}

/** How a visit ended, in a sentence. */
export function Notice({ scene, title, remedy, again }: NoticeProps): ReactElement {
  const { speaker, kiosk, clock } = scene;
  return (
    <div className="scene visit">
      <TopBar scene={scene} />
      <section className="ended">
        <h1 className="call">{title}</h1>
        {remedy === null ? null : <p className="lead">{remedy}</p>}
        {again === null && remedy !== null ? <Phone scene={scene} /> : null}
        <p className="answers">
          {again === null ? null : (
            <Button className="choice main" clock={clock} onPress={again.press}>
              {again.name}
            </Button>
          )}
          <Button className="choice" clock={clock} onPress={() => kiosk.visits.close()}>
            {speaker.t('screens.refused.close')}
          </Button>
        </p>
      </section>
    </div>
  );
}
