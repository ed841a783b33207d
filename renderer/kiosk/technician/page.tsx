/** Opens and closes the technicians' screens, over the member's page, by the address: `#technician`. */
import { createRoot, type Root } from 'react-dom/client';
import type { Clock } from '../../parts/clock.ts';
import type { Eye } from '../eye.ts';
import type { Kiosk } from '../kiosk.ts';
import { TechApp } from './app.tsx';
import { TechModel } from './model.ts';
import './technician.css';
import { createTechTexts } from './texts.ts';

export interface TechPageParts {
  readonly kiosk: Kiosk;
  readonly clock: Clock;
  readonly eye: Eye;
}

/** @returns what closes them again */
export function openTechPage({ kiosk, clock, eye }: TechPageParts): () => void {
  const stage = document.getElementById('stage');
  const room = document.createElement('div');
  room.id = 'technician';
  document.getElementById('page')?.append(room);
  stage?.setAttribute('hidden', '');
  const close = (): void => {
    location.hash = '';
  };
  const model = new TechModel(clock, close);
  const root: Root = createRoot(room);
  const leave = (): void => void model.signOut().then(close);
  root.render(<TechApp {...{ model, kiosk, clock, eye, leave }} speak={createTechTexts()} />);
  return () => {
    root.unmount();
    model.close();
    room.remove();
    stage?.removeAttribute('hidden');
  };
}
