import type { ReactElement } from 'react';
import type { DecisionMessage } from '../../../main/contract/page.ts';
import { list } from '../../locale/format.ts';
import { Icon } from '../../parts/icons.tsx';
import { HeedMark, LeavesMark, LockMark, WayOutMark } from '../../parts/marks.tsx';
import { type FaultReason, otherDoors } from '../door.ts';
import type { Scene } from '../scene.ts';
import { DeskButton } from '../staff/door.tsx';
import type { Said } from '../words.ts';
import { Hall } from './hall.tsx';
import { Phone } from './refused.tsx';

interface FaultProps {
  readonly scene: Scene;
  readonly reason: FaultReason;
  readonly decision: DecisionMessage | null;
}

/** Something about the door or this page, in words; codes still work wherever they can be read. */
export function Fault({ scene, reason, decision }: FaultProps): ReactElement {
  const said = faultWords(scene, reason);
  if (reason === 'fire' || reason === 'lockdown') return <Stop scene={scene} said={said} fire={reason === 'fire'} />;
  if (reason === 'door-forced' || reason === 'door-held') return <AtTheDoor scene={scene} said={said} />;
  return (
    <div className="scene decided">
      <section className="field calm">
        {reason === 'lock-silent' ? <HeedMark /> : <LeavesMark className="mark" />}
        <div className="said">
          <h1 className="call">{said.title}</h1>
          <p className="lead">{said.remedy}</p>
          {reason === 'starting' ? (
            <div className="busy" aria-hidden="true">
              <i />
            </div>
          ) : (
            <ExitLine scene={scene} shown={decision?.direction !== 'out'} />
          )}
          {reason === 'starting' ? null : <Phone scene={scene} />}
          {reason === 'starting' || reason === 'controller-lost' ? null : (
            <DeskButton scene={scene} className="bare corner" />
          )}
        </div>
      </section>
    </div>
  );
}

/** Nobody comes in, or everybody goes out: nothing is asked, and nobody but staff has anything to press. */
function Stop({
  scene,
  said,
  fire,
}: {
  readonly scene: Scene;
  readonly said: Said;
  readonly fire: boolean;
}): ReactElement {
  return (
    <div className="scene decided">
      <section className="field stop">
        <div className="hazard" aria-hidden="true" />
        {fire ? <WayOutMark /> : <LockMark />}
        <div className="said">
          <h1 className="call">{said.title}</h1>
          <p className="lead">{said.remedy}</p>
          <ExitLine scene={scene} shown={!fire} />
          {fire ? null : <Phone scene={scene} />}
          <DeskButton scene={scene} className="bare corner" />
        </div>
        <div className="hazard end" aria-hidden="true" />
      </section>
    </div>
  );
}

function ExitLine({ scene, shown }: { readonly scene: Scene; readonly shown: boolean }): ReactElement | null {
  if (!shown) return null;
  return (
    <p className="exitline">
      <Icon name="wayOut" />
      {scene.speaker.t('screens.common.exit')}
    </p>
  );
}

/** The door stands open: people go on scanning, so the pull stays. */
function AtTheDoor({ scene, said }: { readonly scene: Scene; readonly said: Said }): ReactElement {
  return (
    <Hall scene={scene}>
      <div className="alarm">
        <HeedMark />
      </div>
      <h1 className="call">{said.title}</h1>
      <p className="lead">{said.remedy}</p>
      <Phone scene={scene} />
    </Hall>
  );
}

function faultWords({ snap, speaker }: Scene, reason: FaultReason): Said {
  const { t, language } = speaker;
  const titled = (key: Exclude<FaultReason, 'page'> | 'controller-lost', values = {}): Said => ({
    title: t(`states.${key}.title`),
    remedy: t(`states.${key}.remedy`, values),
  });
  switch (reason) {
    case 'door-out':
    case 'readers-out': {
      const doors = snap.status === null ? [] : otherDoors(snap.status, snap.door);
      return titled(reason, { doors: doors.length === 0 ? 'none' : list(doors.slice(0, 3), language) });
    }
    case 'door-held':
      return titled(reason, { door: snap.door?.name ?? '' });
    case 'page':
      return titled('controller-lost');
    case 'starting':
    case 'controller-lost':
    case 'no-door':
    case 'fire':
    case 'lockdown':
    case 'closed':
    case 'door-forced':
    case 'lock-silent':
      return titled(reason);
  }
}
