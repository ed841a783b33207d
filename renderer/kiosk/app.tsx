import { type ReactElement, useLayoutEffect, useMemo, useSyncExternalStore } from 'react';
import { createFormats } from '../locale/format.ts';
import type { Language, Texts } from '../locale/texts.ts';
import type { Clock } from '../parts/clock.ts';
import { showOnBody } from './body.ts';
import type { Eye } from './eye.ts';
import type { Kiosk, Snapshot } from './kiosk.ts';
import type { Scene } from './scene.ts';
import type { View } from './screen.ts';
import { Admitted } from './screens/admitted.tsx';
import { Black } from './screens/black.tsx';
import { Card } from './screens/card.tsx';
import { Carry } from './screens/carry.tsx';
import { Fault } from './screens/fault.tsx';
import { Leaving } from './screens/leaving.tsx';
import { Place } from './screens/place.tsx';
import { Refused } from './screens/refused.tsx';
import { TurnedAway } from './screens/turned-away.tsx';
import { Waiting } from './screens/waiting.tsx';
import type { Desk } from './staff/desk.ts';
import { DeskDoor } from './staff/door.tsx';

interface AppProps {
  readonly kiosk: Kiosk;
  readonly clock: Clock;
  readonly eye: Eye;
  readonly desk: Desk;
  readonly speak: (language: Language) => Texts;
}

const MINUTE_MS = 60_000;
const OFFSETS = 7;

export function App({ kiosk, clock, eye, desk, speak }: AppProps): ReactElement {
  const snap = useSyncExternalStore(kiosk.subscribe, kiosk.snapshot);
  const { language } = snap;
  const timezone = snap.status?.site.timezone ?? 'Asia/Tokyo';
  const formats = useMemo(() => createFormats(timezone), [timezone]);
  const speaker = useMemo(() => ({ language, t: speak(language), formats }), [language, speak, formats]);
  useLayoutEffect(() => showOnBody(snap), [snap]);
  const scene: Scene = { kiosk, clock, eye, desk, snap, speaker, speak };
  if (snap.desk !== null) return <DeskDoor scene={scene} />;
  return (
    <main className="stage" aria-live={isNews(snap.view) ? 'assertive' : 'off'} aria-atomic="true" style={offset(snap)}>
      {snap.black ? <Black scene={scene} /> : <Screen key={keyOf(snap.view)} scene={scene} view={snap.view} />}
    </main>
  );
}

function Screen({ scene, view }: { readonly scene: Scene; readonly view: View }): ReactElement {
  switch (view.screen) {
    case 'waiting':
      return <AtRest scene={scene} card={view.card} />;
    case 'admitted':
      return <Admitted scene={scene} decision={view.decision} party={view.party} />;
    case 'refused':
      return <Refused scene={scene} decision={view.decision} busy={view.busy} />;
    case 'leaving':
      return <Leaving scene={scene} decision={view.decision} />;
    case 'unjudged':
      return <TurnedAway scene={scene} message={view.message} />;
    case 'fault':
      return <Fault scene={scene} reason={view.reason} decision={view.decision} />;
  }
}

/** Nobody was judged just now: the door waits, and a member may be doing something else at the screen. */
function AtRest({ scene, card }: Parameters<typeof Waiting>[0]): ReactElement {
  const { visit, clearsInMs } = scene.snap.visiting;
  switch (visit?.at) {
    case undefined:
      return <Waiting scene={scene} card={card} />;
    case 'place':
      return <Place scene={scene} code={visit.code} />;
    case 'card':
      return <Card scene={scene} visit={visit} />;
    case 'carry':
      return <Carry scene={scene} visit={visit} clearsInMs={clearsInMs} />;
  }
}

/** Each decision begins anew: its movements run once more, also after one of the same kind. */
function keyOf(view: View): string {
  switch (view.screen) {
    case 'waiting':
      return 'waiting';
    case 'unjudged':
      return `unjudged ${view.message.event}`;
    case 'fault':
      return `fault ${view.reason} ${view.decision?.event ?? ''}`;
    case 'admitted':
    case 'refused':
    case 'leaving':
      return `${view.screen} ${view.decision.event}`;
  }
}

function isNews(view: View): boolean {
  return view.screen !== 'waiting';
}

/** Against burn-in: the waiting stage sits a little elsewhere each minute. */
function offset({ view, wall, visiting }: Snapshot): { transform: string } | undefined {
  // A form's keys stay where they are.
  if (view.screen !== 'waiting' || visiting.visit !== null) return undefined;
  const minute = Math.floor(wall / MINUTE_MS);
  return { transform: `translate(${minute % OFFSETS}px, ${(minute * 3) % OFFSETS}px)` };
}
