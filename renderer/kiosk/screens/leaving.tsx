import type { ReactElement } from 'react';
import type { DecisionMessage } from '../../../main/contract/page.ts';
import { Button } from '../../parts/button.tsx';
import { WayOutMark } from '../../parts/marks.tsx';
import type { Scene } from '../scene.ts';
import { stayWords, warningWords } from '../words.ts';
import { Heed } from './heed.tsx';
import { Said } from './said.tsx';

interface LeavingProps {
  readonly scene: Scene;
  readonly decision: DecisionMessage;
}

/** Goodbye: how long, what it costs, and what to know for the next time. */
export function Leaving({ scene, decision }: LeavingProps): ReactElement {
  const { speaker, kiosk, clock } = scene;
  const { t } = speaker;
  const stay = stayWords(speaker, decision.stay);
  const { member } = decision.names;
  return (
    <div className="scene decided">
      <section className="field leave">
        <WayOutMark />
        <div className="said">
          {member === null ? null : <p className="who">{t('screens.admitted.name', { name: member })}</p>}
          <h1 className="call">{t('screens.leaving.call')}</h1>
          {stay === null ? null : (
            <div className="well">
              <p>{stay.stay}</p>
              <p className={stay.due ? 'due' : undefined}>
                <Said message={stay.fee} />
              </p>
            </div>
          )}
          {stay?.due === true ? (
            <Button className="close" clock={clock} onPress={() => kiosk.close()}>
              {t('screens.refused.close')}
            </Button>
          ) : null}
        </div>
      </section>
      <Heed warnings={warningWords(speaker, decision)} />
    </div>
  );
}
