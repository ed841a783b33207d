import type { ReactElement } from 'react';
import type { DecisionMessage } from '../../../main/contract/page.ts';
import { Icon } from '../../parts/icons.tsx';
import { RingMark } from '../../parts/marks.tsx';
import type { Scene } from '../scene.ts';
import { grantWords, warningWords } from '../words.ts';
import { Heed } from './heed.tsx';
import { Said } from './said.tsx';

interface AdmittedProps {
  readonly scene: Scene;
  readonly decision: DecisionMessage;
}

/** Come in: the whole field, a hollow ring, and what is left. */
export function Admitted({ scene, decision }: AdmittedProps): ReactElement {
  const { speaker } = scene;
  const { t } = speaker;
  const left = grantWords(speaker, decision);
  const warnings = warningWords(speaker, decision);
  const { member } = decision.names;
  return (
    <div className="scene decided">
      <section className="field ok">
        <RingMark />
        <div className="said">
          {member === null ? null : <p className="who">{t('screens.admitted.name', { name: member })}</p>}
          <h1 className="call">{t('screens.admitted.call')}</h1>
          {left === null ? null : (
            <div className="well">
              <p>
                <Said message={left} />
              </p>
            </div>
          )}
        </div>
        {warnings.length > 0 ? null : (
          <p className="next">
            <Icon name="next" />
            {t('screens.admitted.next')}
          </p>
        )}
        <div className="leaves" aria-hidden="true">
          <i />
          <i />
        </div>
        <div className="drain" aria-hidden="true">
          <i />
        </div>
      </section>
      <Heed warnings={warnings} />
    </div>
  );
}
