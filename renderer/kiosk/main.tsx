/** The page's one composition root. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import * as z from 'zod';
import './style.ts';
import { createTexts } from '../locale/texts.ts';
import { BrowserClock } from '../parts/clock.ts';
import { openAlarm } from './alarm.ts';
import { App } from './app.tsx';
import { Boundary } from './boundary.tsx';
import { openEye } from './eye.ts';
import { loadFonts } from './fonts.ts';
import { dropBounces } from './hands.ts';
import { Kiosk } from './kiosk.ts';
import { keepPanelDim } from './panel.ts';
import { createSoundPlayer } from './sounds.ts';
import { Desk } from './staff/desk.ts';
import type { TechPageParts } from './technician/page.tsx';
import { connectKiosk } from './trpc-link.ts';

/** The address of the technicians' screens. */
const TECHNICIAN = '#technician';

// Under the page's policy zod could not compile its checks anyway, and its try would be reported.
z.config({ jitless: true });

function run(): void {
  const clock = new BrowserClock();
  const sounds = createSoundPlayer();
  const reload = (): void => location.reload();
  const askedDoor = new URLSearchParams(location.search).get('door');
  const link = connectKiosk(clock);
  const kiosk = new Kiosk({ clock, link, askedDoor, play: sounds.play, reload });
  const eye = openEye(kiosk, clock);
  const speak = createTexts();
  const toTechnicians = (): void => {
    location.hash = TECHNICIAN;
  };
  const desk = new Desk({ clock, kiosk, calls: link.calls, toTechnicians });
  listenToHands(kiosk, desk, sounds.unlock);
  dropBounces(clock, () => kiosk.snapshot().desk === null && location.hash === '');
  desk.start();
  kiosk.start();
  loadFonts(kiosk);
  keepPanelDim(kiosk);
  openAlarm(kiosk, clock, sounds.play);

  const root = document.getElementById('stage');
  if (root === null) throw new Error('the page has no #stage');
  createRoot(root).render(
    <StrictMode>
      <Boundary clock={clock} t={speak('ja')} reload={reload}>
        <App kiosk={kiosk} clock={clock} eye={eye} desk={desk} speak={speak} />
      </Boundary>
    </StrictMode>,
  );
  followAddress({ kiosk, clock, eye });
  if (__DEMO__) void import('./dock/dock.tsx').then(({ openDock }) => openDock(kiosk, clock));
}

/** Technicians' screens are fetched when somebody asks for them. */
function followAddress(parts: TechPageParts): void {
  let close: (() => void) | null = null;
  const follow = (): void => {
    const isWanted = location.hash === TECHNICIAN;
    if (!isWanted) {
      close?.();
      close = null;
    } else if (close === null) {
      close = () => undefined;
      void import('./technician/page.tsx').then(({ openTechPage }) => {
        if (location.hash === TECHNICIAN) close = openTechPage(parts);
      });
    }
  };
  window.addEventListener('hashchange', follow);
  follow();
}

/** A reader's keys never reach anything that has the focus; everything else does. */
function listenToHands(kiosk: Kiosk, desk: Desk, unlock: () => void): void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!kiosk.readers.typeKey(event.key, event.timeStamp)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const onTouch = (): void => {
    unlock();
    kiosk.press({ press: 'touch' });
    desk.touch();
  };
  window.addEventListener('keydown', onKey, { capture: true });
  window.addEventListener('pointerdown', onTouch, { capture: true, passive: true });
}

run();
