/** Beside the stage, in the demo alone: a simulated door to try things on. The stage doesn't know that it is there. */
import { type ReactElement, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import '@fontsource/biz-udgothic/400.css';
import './dock.css';
import type { StatusMessage } from '../../../main/contract/page.ts';
import { createFormats } from '../../locale/format.ts';
import type { Language } from '../../locale/texts.ts';
import type { Clock } from '../../parts/clock.ts';
import { Icon } from '../../parts/icons.tsx';
import type { Kiosk } from '../kiosk.ts';
import { presentCode } from './controls.ts';
import { SimulatedDoor } from './door.tsx';
import { type RecordLine, record } from './record.ts';
import { createDockTexts, type DockTexts } from './texts.ts';

/** Narrower windows keep the whole width for the stage until the dock is asked for. */
const OPEN_FROM_PX = 1_200;
const SAID_FOR_MS = 2_500;

export function openDock(kiosk: Kiosk, clock: Clock): void {
  const place = document.createElement('aside');
  place.id = 'dock';
  document.getElementById('page')?.append(place);
  createRoot(place).render(<Dock kiosk={kiosk} clock={clock} speak={createDockTexts()} />);
}

interface DockProps {
  readonly kiosk: Kiosk;
  readonly clock: Clock;
  readonly speak: ReturnType<typeof createDockTexts>;
}

function Dock({ kiosk, clock, speak }: DockProps): ReactElement | null {
  const { status, language } = useSyncExternalStore(kiosk.subscribe, kiosk.snapshot);
  const [open, setOpen] = useState(opensByItself);
  const [lines, setLines] = useState<readonly RecordLine[]>([]);
  const [failed, setFailed] = useState(false);
  useEffect(() => kiosk.listen((message) => setLines((before) => record(before, message))), [kiosk]);
  useEffect(() => {
    if (!failed) return;
    const timer = clock.after('dock note', SAID_FOR_MS, () => setFailed(false));
    return () => timer.cancel();
  }, [failed, clock]);
  if (status?.demo == null) return null;
  const t = speak(language);
  if (!open) {
    return (
      <button type="button" className="dock-handle" aria-label={t('dock.open')} onClick={() => setOpen(true)}>
        <span aria-hidden="true">{t('dock.title')}</span>
      </button>
    );
  }
  const told = (done: Promise<boolean>): void => void done.then((ok) => setFailed(!ok));
  return (
    <div className="dock">
      <header>
        <h2>{t('dock.title')}</h2>
        <button type="button" aria-label={t('dock.close')} onClick={() => setOpen(false)}>
          <Icon name="close" />
        </button>
      </header>
      <p>{t('dock.about')}</p>
      {status.demo.doors.map((door) => (
        <SimulatedDoor key={door.door} door={door} name={nameOf(status, door.door)} t={t} told={told} />
      ))}
      <p role="status" className="dock-fail">
        {failed ? t('dock.fail') : ''}
      </p>
      <Cards demo={status.demo} language={language} t={t} told={told} />
      <SignIns demo={status.demo} t={t} />
      <Events lines={lines} timezone={status.site.timezone} t={t} />
    </div>
  );
}

function opensByItself(): boolean {
  return innerWidth >= OPEN_FROM_PX && new URLSearchParams(location.search).get('dock') !== 'closed';
}

function nameOf(status: StatusMessage, id: string): string {
  return status.doors.find((door) => door.id === id)?.name ?? id;
}

interface CardsProps {
  readonly demo: NonNullable<StatusMessage['demo']>;
  readonly language: Language;
  readonly t: DockTexts;
  readonly told: (done: Promise<boolean>) => void;
}

/** Sample members' codes, each a press away from a simulated reader. Nothing here is typed into. */
function Cards({ demo, language, t, told }: CardsProps): ReactElement {
  const [picked, setPicked] = useState<string | null>(null);
  const reader = picked !== null && demo.readers.includes(picked) ? picked : (demo.readers[0] ?? null);
  return (
    <section>
      <h3>{t('dock.cards')}</h3>
      {demo.readers.length < 2 ? null : (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
        <div className="dock-row" role="group" aria-label={t('dock.reader')}>
          {demo.readers.map((id) => (
            <button key={id} type="button" aria-pressed={id === reader} onClick={() => setPicked(id)}>
              {id}
            </button>
          ))}
        </div>
      )}
      <ul className="dock-cards">
        {demo.samples.map(({ code, label }) => (
          <li key={code}>
            <button type="button" disabled={reader === null} onClick={() => told(presentCode(reader ?? '', code))}>
              <span className="dock-code">{code}</span>
              <span>{label[language === 'ja' ? 'ja' : 'en']}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How staff and technicians sign in here: folded away, since it is for the second look. */
function SignIns({ demo, t }: Pick<CardsProps, 'demo' | 't'>): ReactElement | null {
  const { setupCode = null, pins = [] } = demo;
  if (setupCode === null && pins.length === 0) return null;
  return (
    <details className="dock-pins">
      <summary>{t('dock.pins')}</summary>
      <dl>
        {pins.map(({ name, role, pin }) => (
          <div key={name}>
            <dt>
              {name} <span>{t(`dock.role.${role}`)}</span>
            </dt>
            <dd className="dock-code">{pin}</dd>
          </div>
        ))}
        {setupCode === null ? null : (
          <div>
            <dt>{t('dock.setup')}</dt>
            <dd className="dock-code">{setupCode}</dd>
          </div>
        )}
      </dl>
    </details>
  );
}

interface EventsProps {
  readonly lines: readonly RecordLine[];
  readonly timezone: string;
  readonly t: DockTexts;
}

function Events({ lines, timezone, t }: EventsProps): ReactElement {
  const formats = useMemo(() => createFormats(timezone), [timezone]);
  return (
    <section>
      <h3>{t('dock.events')}</h3>
      {lines.length === 0 ? <p>{t('dock.none')}</p> : null}
      <ol className="dock-events">
        {lines.map((line) => (
          <li key={line.key} data-line={line.key}>
            <span className="num">{line.at === null ? '' : formats.time(line.at)}</span>
            <b>{wordsOf(line, t)}</b>
            <span className="dock-code">{line.reason ?? ''}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function wordsOf({ what }: RecordLine, t: DockTexts): string {
  switch (what) {
    case 'in':
    case 'out':
    case 'refused':
      return t(`dock.event.${what}`);
    case 'opened':
    case 'unused':
    case 'silent':
    case 'unknown':
      return t(`dock.outcome.${what}`);
  }
}
