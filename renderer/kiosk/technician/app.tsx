import { type ReactElement, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { createFormats } from '../../locale/format.ts';
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../../locale/texts.ts';
import { Button } from '../../parts/button.tsx';
import type { Clock } from '../../parts/clock.ts';
import { Icon } from '../../parts/icons.tsx';
import { LeavesMark } from '../../parts/marks.tsx';
import type { Eye } from '../eye.ts';
import { onHands } from '../hands.ts';
import type { Kiosk, Snapshot } from '../kiosk.ts';
import { createStaffTexts } from '../staff/texts.ts';
import { StillThere } from '../still-there.tsx';
import { Alarms } from './alarms.tsx';
import { CameraStep } from './camera-step.tsx';
import { ClockStep } from './clock-step.tsx';
import { ConnectStep } from './connect-step.tsx';
import { type Desk, DeskContext, useDesk } from './desk.ts';
import { FindStep } from './find-step.tsx';
import { LockStep } from './lock-step.tsx';
import { LogsStep } from './logs-step.tsx';
import { ManualStep } from './manual-step.tsx';
import { STEPS, type StepName, type TechModel, WARN_MS, WIZARD } from './model.ts';
import { ReportStep } from './report-step.tsx';
import { RollScreen } from './roll-screen.tsx';
import { SignIn } from './sign-in.tsx';
import { SwapStep } from './swap-step.tsx';
import type { TechTexts } from './texts.ts';

const speakStaff = createStaffTexts();

interface TechAppProps {
  readonly model: TechModel;
  readonly kiosk: Kiosk;
  readonly clock: Clock;
  readonly eye: Eye;
  readonly speak: (language: Language) => TechTexts;
  readonly leave: () => void;
}

export function TechApp({ model, kiosk, clock, eye, speak, leave }: TechAppProps): ReactElement {
  const state = useSyncExternalStore(model.subscribe, model.state);
  const snap = useSyncExternalStore(kiosk.subscribe, kiosk.snapshot);
  const [language, setLanguage] = useState<Language>(snap.language);
  const timezone = snap.status?.site.timezone ?? 'Asia/Tokyo';
  const formats = useMemo(() => createFormats(timezone), [timezone]);
  const t = useMemo(() => speak(language), [language, speak]);
  const words = useMemo(() => speakStaff(language), [language]);
  const desk: Desk = { model, state, kiosk, clock, eye, t, words, language, formats };
  useEffect(() => loadFontsOf(language), [language]);
  useTouches(model, kiosk);
  return (
    <DeskContext value={desk}>
      <div className="tech" lang={language}>
        <Bar leave={leave} setLanguage={setLanguage} />
        <Bands snap={snap} />
        {state.view === null ? <SignIn leave={leave} /> : <Wizard />}
        <StillThere
          {...{ clock, t, untilMono: state.view === null ? null : state.signedOutAtMono, warnMs: WARN_MS }}
          stay={() => model.stay()}
        />
      </div>
    </DeskContext>
  );
}

/** What holds for the whole unit. */
function Bands({ snap }: { readonly snap: Snapshot }): ReactElement {
  const { t, words, clock, state, model } = useDesk();
  const isDoubtful = snap.status?.clock === 'doubtful' && state.view !== null && state.step !== 'clock';
  return (
    <div className="tech-bands">
      {state.isUp ? null : (
        <p className="tech-band" role="status">
          {t('tech.away')}
        </p>
      )}
      {snap.view.screen === 'fault' && snap.view.reason === 'fire' ? (
        <p className="tech-band stop" role="alert">
          {t('states.fire.title')} {t('states.fire.remedy')}
        </p>
      ) : null}
      {isDoubtful ? (
        <div className="tech-band with-way" role="status">
          <p>{words('staff.band-clock')}</p>
          <Button clock={clock} className="small" onPress={() => model.go('clock')}>
            {words('staff.to-clock')}
          </Button>
        </div>
      ) : null}
      <Alarms />
    </div>
  );
}

function useTouches(model: TechModel, kiosk: Kiosk): void {
  useEffect(() => {
    return onHands(() => {
      model.active();
      kiosk.press({ press: 'touch' });
    });
  }, [model, kiosk]);
}

interface BarProps {
  readonly leave: () => void;
  readonly setLanguage: (language: Language) => void;
}

function Bar({ leave, setLanguage }: BarProps): ReactElement {
  const { t, words, clock, kiosk, language, state, model } = useDesk();
  const next = LANGUAGES[(LANGUAGES.indexOf(language) + 1) % LANGUAGES.length] ?? 'ja';
  return (
    <header className="tech-bar">
      <LeavesMark className="tech-logo" />
      <h1>
        {t('tech.head')}
        {state.view === null ? null : <small>{t('tech.about', { unit: state.view.unitId })}</small>}
      </h1>
      <Button
        clock={clock}
        className="small"
        label={`${t('tech.language')} ${LANGUAGE_NAMES[language]}`}
        onPress={() => setLanguage(next)}
      >
        <span lang={language}>{LANGUAGE_NAMES[language]}</span>
      </Button>
      <Button clock={clock} className="small" label={t('tech.textSize')} onPress={() => kiosk.press({ press: 'text' })}>
        <Icon name="textSize" />
      </Button>
      {state.view === null ? null : (
        <Button clock={clock} className="small" pressed={state.step === 'roll'} onPress={() => model.go('roll')}>
          <Icon name="wayOut" />
          {words('staff.to-roll')}
        </Button>
      )}
      <Button clock={clock} className="small" onPress={leave}>
        <Icon name="close" />
        {t('tech.leave')}
      </Button>
    </header>
  );
}

function Wizard(): ReactElement {
  const { t, state, model } = useDesk();
  return (
    <>
      <nav className="tech-rail" aria-label={t('tech.steps')}>
        <ol>
          {STEPS.map((step, index) => (
            <li key={step} className={WIZARD.includes(step) ? undefined : 'more'}>
              <button
                type="button"
                aria-current={state.step === step ? 'step' : undefined}
                onClick={() => model.go(step)}
              >
                <span className="n" aria-hidden="true">
                  {WIZARD.includes(step) ? index + 1 : '·'}
                </span>
                <span>
                  {t(`tech.step.${step}`)}
                  <small>{t(`tech.hint.${step}`)}</small>
                </span>
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <main className="tech-task" data-step={state.step} key={state.step}>
        <Step step={state.step} />
      </main>
    </>
  );
}

function Step({ step }: { readonly step: StepName }): ReactElement {
  switch (step) {
    case 'find':
      return <FindStep />;
    case 'lock':
      return <LockStep />;
    case 'camera':
      return <CameraStep />;
    case 'connect':
      return <ConnectStep />;
    case 'clock':
      return <ClockStep />;
    case 'report':
      return <ReportStep />;
    case 'swap':
      return <SwapStep />;
    case 'logs':
      return <LogsStep />;
    case 'manual':
      return <ManualStep />;
    case 'roll':
      return <RollScreen />;
  }
}

/** Those of the site's languages are known already; a technician may read another. */
function loadFontsOf(language: Language): void {
  const none = (): undefined => undefined;
  if (language === 'zh-Hans') import('@fontsource-variable/noto-sans-sc/wght.css').then(none, none);
  if (language === 'ko') import('@fontsource-variable/noto-sans-kr/wght.css').then(none, none);
}
