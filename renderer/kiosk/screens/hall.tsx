import type { ReactElement, ReactNode } from 'react';
import { Icon } from '../../parts/icons.tsx';
import type { Scene } from '../scene.ts';
import { bandWords } from '../words.ts';
import { Foot } from './foot.tsx';
import { Pull } from './pull.tsx';
import { Sheet } from './sheet.tsx';
import { TopBar } from './top-bar.tsx';

/** Two leaves and the pull: where codes are held up. `children` are the words on the left leaf. */
export function Hall({ scene, children }: { readonly scene: Scene; readonly children: ReactNode }): ReactElement {
  const { snap } = scene;
  const { reach, sheet } = snap.comfort;
  if (sheet) return <Sheet scene={scene} />;
  const kind = ['scene', 'waiting', reach ? 'reach' : '', snap.before === 'admitted' ? 'meet' : ''];
  return (
    <div className={kind.filter(Boolean).join(' ')}>
      <TopBar scene={scene} />
      <Band scene={scene} />
      <section className="hall">
        <div className="leaf">{children}</div>
        <div className="leaf lattice">
          <Pull scene={scene} />
          <Cue scene={scene} />
        </div>
      </section>
      <Foot scene={scene} />
    </div>
  );
}

/** What holds for everybody here, in gold. */
function Band({ scene }: { readonly scene: Scene }): ReactElement | null {
  const { snap, speaker } = scene;
  const said = bandWords(speaker, snap);
  if (said === null) return null;
  return (
    <div className="band" role="status">
      <Icon name={said.icon} />
      <b>{said.title}</b>
      <p>{said.remedy}</p>
      {said.since === null ? null : <small>{said.since}</small>}
    </div>
  );
}

/** A phone is there and too dark to be read. */
function Cue({ scene }: { readonly scene: Scene }): ReactElement | null {
  const { camera } = scene.snap;
  if (!camera.dark || !camera.moving || camera.off) return null;
  return <p className="cue">{scene.speaker.t('screens.waiting.brighter')}</p>;
}
