/**
 * The page before a whole unit within the test: the real engine, store, record and server, simulated devices, and time
 * that a test may turn forward. For what a unit of its own process can't be brought to: fire, a doubtful clock, a closed
 * day, history.
 */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { SystemClock } from '../../../device/clock/system.ts';
import { startServer } from '../../../main/api/server.ts';
import { SimStaffSource } from '../../../main/api/test-staff.ts';
import { SIM_WAYS } from '../../../main/api/testing.ts';
import { soon } from '../../../main/controller/soon.ts';
import type { StaffedUnit } from '../../../main/controller/staff/testing.ts';
import { NO_HUB, statusMessage } from '../../../main/controller/status.ts';
import { ROOT } from '../../setup/runtime.mjs';
import { openBrowser } from './unit.ts';

const STEP_MS = 20;
const HEARD = `{
  window.heard = [];
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (...times) {
    window.heard.push(this.frequency.value);
    start.apply(this, times);
  };
}`;
const VERSION = 'test';

export interface DeskUnit extends AsyncDisposable {
  readonly url: string;
  readonly complaints: string[];
  readonly house: StaffedUnit;
  /** On a touch screen of its own, with `window.heard`: the tones that were played, by their frequency. */
  open(search?: string): Promise<Page>;
}

/** @param start gets what has to be told of each change that the status shows */
export async function openDeskUnit(start: (onChange: () => void) => Promise<StaffedUnit>): Promise<DeskUnit> {
  let changed = (): void => undefined;
  const house = await start(() => changed());
  const { unit, staff } = house;
  const clock = new SystemClock();
  const status = () => statusMessage(unit.unit, NO_HUB, VERSION, null);
  changed = soon(clock, 'status to the page', () => unit.unit.screen.tell(status()));
  const started = await startServer({
    ...{ host: '127.0.0.1', port: 0, pageDir: join(ROOT, 'dist/kiosk'), clock, log: () => undefined, routes: [] },
    page: {
      status,
      subscribe: (listener) => unit.unit.screen.subscribe(listener),
      scan: ({ reader, text }) => unit.unit.reading(reader, text, unit.clock.mono()),
      ways: SIM_WAYS,
      choose: ({ event, ticketId }) => unit.unit.choose(event, ticketId),
      callStaff: ({ door }) => unit.unit.callStaff(door),
    },
    staff: { ...staff, setup: new SimStaffSource().setup },
    health: { health: () => ({ status: 200, body: { status: 'ok' } }) },
  });
  if (!started.ok) throw new Error(started.error.detail);
  const stop = goesOn(house);
  const browser = await openBrowser();
  const complaints: string[] = [];
  const { url } = started.value.address;
  const open = (search = '') => openPage(browser, `${url}${search}`, unit.clock.wall(), complaints);
  const close = async (): Promise<void> => {
    await browser.close();
    await stop();
    await started.value.close();
  };
  return { house, url, complaints, open, [Symbol.asyncDispose]: close };
}

/** The unit's time goes on as the page's does. */
function goesOn({ unit: { clock } }: StaffedUnit): () => Promise<void> {
  let isOver = false;
  const going = (async () => {
    while (!isOver) {
      await clock.advance(STEP_MS);
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
  })();
  return () => {
    isOver = true;
    return going;
  };
}

async function openPage(browser: Browser, url: string, wall: number, complaints: string[]): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, hasTouch: true });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.addInitScript(HEARD);
  await page.clock.install({ time: wall });
  await page.goto(url);
  await page.locator('body[data-screen]').waitFor({ state: 'attached' });
  return page;
}
