import type { ReactElement } from 'react';
import { plain } from '../../locale/texts.ts';
import { Icon } from '../../parts/icons.tsx';
import { DiscMark } from '../../parts/marks.tsx';
import type { Scene } from '../scene.ts';
import type { View } from '../screen.ts';
import { refusalWords } from '../words.ts';
import { Hall } from './hall.tsx';

type Card = NonNullable<Extract<View, { screen: 'waiting' }>['card']>;

/** Nothing is asked: hold up a code. */
export function Waiting({ scene, card }: { readonly scene: Scene; readonly card: Card | null }): ReactElement {
  const { snap, speaker } = scene;
  const { t } = speaker;
  const held = snap.door?.state === 'held-unlocked';
  const byCamera = snap.door?.camera !== null && !snap.camera.off;
  return (
    <Hall scene={scene}>
      <h1 className="call">{t(held ? 'states.held-unlocked.title' : 'screens.waiting.call')}</h1>
      <p className="lead">
        {held ? t('states.held-unlocked.remedy') : t('screens.waiting.aim', { aim: byCamera ? 'camera' : 'below' })}
      </p>
      {card === null ? <Ready scene={scene} /> : <NoteCard scene={scene} card={card} />}
    </Hall>
  );
}

function Ready({ scene }: { readonly scene: Scene }): ReactElement {
  const { snap, speaker } = scene;
  const percent = syncedPercent(snap.status);
  if (percent !== null) return <p className="ready">{speaker.t('screens.waiting.syncing', { percent })}</p>;
  if (snap.door?.camera !== null && snap.camera.off) {
    return (
      <p className="fact off">
        <Icon name="cameraOff" />
        {speaker.t('screens.waiting.off')}
      </p>
    );
  }
  return <p className="ready">{speaker.t(snap.reading ? 'screens.waiting.reading' : 'screens.waiting.ready')}</p>;
}

/** How much of a first sync is done; null: none is under way. */
function syncedPercent(status: Scene['snap']['status']): number | null {
  const progress = status?.hub?.progress ?? null;
  return progress === null ? null : Math.floor((100 * progress.rows) / Math.max(1, progress.of));
}

/** The refusal before, so that the next may scan while the first still reads. */
function NoteCard({ scene, card }: { readonly scene: Scene; readonly card: Card }): ReactElement {
  const { title, remedy } = refusalWords(scene.speaker, card.decision);
  return (
    <aside className="notecard">
      <DiscMark />
      <small>{scene.speaker.t('screens.refused.card')}</small>
      <b>{title}</b>
      <b>{card.unspent ? scene.speaker.t('screens.ticket.unspent') : plain(remedy)}</b>
    </aside>
  );
}
