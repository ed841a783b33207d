import type { Snapshot } from './kiosk.ts';
import type { View } from './screen.ts';

/** What the document itself says about the screen, for tests, for the shell, and for the style sheets. */
export function showOnBody(snap: Snapshot): void {
  const { view, comfort, language, night } = snap;
  const root = document.documentElement;
  root.lang = language;
  set(root, 'text', comfort.text === 100 ? null : String(comfort.text));
  set(root, 'theme', night ? 'night' : null);
  set(document.body, 'screen', snap.desk ?? (view.screen === 'unjudged' ? 'refused' : view.screen));
  set(document.body, 'reason', reasonOf(view));
  set(document.body, 'event', eventOf(view));
  set(document.body, 'black', snap.black ? '' : null);
  set(
    document.body,
    'visit',
    snap.desk === null && view.screen === 'waiting' ? (snap.visiting.visit?.at ?? null) : null,
  );
}

function reasonOf(view: View): string | null {
  switch (view.screen) {
    case 'waiting':
      return null;
    case 'unjudged':
      return view.message.why;
    case 'fault':
      return view.reason;
    case 'admitted':
    case 'refused':
    case 'leaving':
      return view.decision.reason;
  }
}

function eventOf(view: View): string | null {
  if (view.screen === 'unjudged') return String(view.message.event);
  return view.screen === 'waiting' || view.decision === null ? null : String(view.decision.event);
}

function set(element: HTMLElement, name: string, value: string | null): void {
  if (value === null) delete element.dataset[name];
  else if (element.dataset[name] !== value) element.dataset[name] = value;
}
