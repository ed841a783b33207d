import type { ReactElement } from 'react';
import type { StatusMessage } from '../../../main/contract/page.ts';
import { type DoorAct, handleDoor } from './controls.ts';
import type { DockTexts } from './texts.ts';

type Door = NonNullable<StatusMessage['demo']>['doors'][number];

interface SimulatedDoorProps {
  readonly door: Door;
  readonly name: string;
  readonly t: DockTexts;
  readonly told: (done: Promise<boolean>) => void;
}

/** The simulated door as it stands, and what one can do to it. */
export function SimulatedDoor({ door, name, t, told }: SimulatedDoorProps): ReactElement {
  const acts: readonly DoorAct[] = ['open', 'force', 'hold', door.plugged ? 'unplug' : 'replug'];
  const lock = door.plugged ? (door.energised ? 'on' : 'off') : 'gone';
  return (
    <section className="dock-door" data-leaf={door.leaf} data-lock={lock}>
      <h3>{name}</h3>
      <div>
        <DrawnDoor door={door} />
        <p>
          <b>
            {t('dock.door')} {t(`dock.leaf.${door.leaf}`)}
          </b>
          <span>{t(`dock.lock.${lock}`)}</span>
        </p>
      </div>
      <div className="dock-row">
        {acts.map((act) => (
          <button key={act} type="button" onClick={() => told(handleDoor(door.door, act))}>
            {t(`dock.do.${act}`)}
          </button>
        ))}
      </div>
    </section>
  );
}

/** Frame, leaf, and a lamp that is lit while the lock has current. */
function DrawnDoor({ door }: { readonly door: Door }): ReactElement {
  const open = door.leaf !== 'shut';
  return (
    <svg viewBox="0 0 96 96" aria-hidden="true" className="dock-drawing">
      <path d="M14 92V8h56v84" />
      {open ? (
        <path d="M14 8l30 10v76L14 92z" className="leaf-open" />
      ) : (
        <path d="M20 14h44v78H20z" className="leaf-shut" />
      )}
      <circle cx={open ? 37 : 57} cy="54" r="4" className="knob" />
      <circle cx="84" cy="54" r="8" className={door.energised ? 'lamp lit' : 'lamp'} />
      {door.plugged ? null : <path d="M76 46l16 16M92 46L76 62" className="gone" />}
    </svg>
  );
}
