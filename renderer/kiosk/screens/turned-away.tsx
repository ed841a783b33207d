import type { ReactElement } from 'react';
import type { UnjudgedMessage } from '../../../main/contract/page.ts';
import { DiscMark } from '../../parts/marks.tsx';
import type { Scene } from '../scene.ts';
import { unjudgedWords } from '../words.ts';
import { CallOrClose, Phone } from './refused.tsx';

/** Not now, and it has nothing to do with who stands there. */
export function TurnedAway({
  scene,
  message,
}: {
  readonly scene: Scene;
  readonly message: UnjudgedMessage;
}): ReactElement {
  const { speaker } = scene;
  const { title, remedy } = unjudgedWords(speaker, message);
  return (
    <div className="scene refused">
      <div className="barred">
        <DiscMark />
      </div>
      <section className="help">
        <h1 className="call">{title}</h1>
        <p className="lead">{remedy}</p>
      </section>
      <div className="foot">
        <Phone scene={scene} event={message.event} />
        <CallOrClose scene={scene} event={message.event} />
      </div>
    </div>
  );
}
