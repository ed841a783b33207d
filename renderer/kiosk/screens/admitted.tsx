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
  /** How many came in by this opening: from two on, a count and no names. */
  readonly party: number;
}

/** Come in: the whole field, a hollow ring, and what is left. */
export function Admitted({ scene, decision, party }: AdmittedProps): ReactElement {
  const { speaker } = scene;
  const { t } = speaker;
  const alone = party === 1;
  const left = alone ? grantWords(speaker, decision) : null;
  const warnings = warningWords(speaker, decision);
  const member = alone ? decision.names.member : null;
  return (
    <div className="scene decided">
      <section className="field ok">
        <RingMark />
        <div className="said">
          {member === null ? null : <p className="who">{t('screens.admitted.name', { name: member })}</p>}
          <h1 className="call">
            {alone ? t('screens.admitted.call') : t('screens.admitted.several', { count: party })}
          </h1>
          {left === null ? null : <Left message={left} />}
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

/** What is left of what let them in. */
function Left({ message }: { readonly message: string }): ReactElement {
  return (
    <div className="well">
      <p>
        <Said message={message} />
      </p>
    </div>
  );
}
