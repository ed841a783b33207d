import type { ReactElement } from 'react';
import { sentences } from '../../locale/format.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import type { Scene } from '../scene.ts';
import type { Visit } from '../visit.ts';
import { siteText } from '../words.ts';
import { CarryFill } from './carry-fill.tsx';
import { Notice } from './notice-page.tsx';
import { TopBar } from './top-bar.tsx';

interface CarryProps {
  readonly scene: Scene;
  readonly visit: Extract<Visit, { at: 'carry' }>;
  /** While it is asked whether somebody is still there. */
  readonly clearsInMs: number | null;
}

const SECOND_MS = 1_000;

/** A membership of before is carried over: what it needs, the fields, what becomes of it. */
export function Carry({ scene, visit, clearsInMs }: CarryProps): ReactElement {
  const { t, language } = scene.speaker;
  const { draft } = visit;
  if (clearsInMs !== null) return <StillThere scene={scene} clearsInMs={clearsInMs} />;
  switch (visit.step) {
    case 'intro':
      return <Intro scene={scene} />;
    case 'fill':
    case 'busy':
      return <CarryFill scene={scene} draft={draft} busy={visit.step === 'busy'} />;
    case 'sent': {
      const link = t('screens.carry.open', { mail: draft.values.mail.trim() });
      const remedy = sentences([link, t('screens.carry.held')], language);
      return <Notice scene={scene} title={t('screens.carry.sent')} remedy={remedy} again={null} />;
    }
    case 'failed': {
      const again = { name: t('screens.carry.again'), press: () => scene.kiosk.visits.fillIn() };
      return <Notice scene={scene} title={t('screens.carry.fail')} remedy={t('screens.carry.help')} again={again} />;
    }
  }
}

function Intro({ scene }: { readonly scene: Scene }): ReactElement {
  const { speaker, kiosk, clock, snap } = scene;
  const { t, language } = speaker;
  const guidance = siteText(snap.status?.ways.carryOver?.guidance ?? null, language);
  return (
    <div className="scene visit">
      <TopBar scene={scene} />
      <section className="ended">
        <h1 className="call">{t('screens.carry.call')}</h1>
        <p className="lead">{guidance ?? t('screens.carry.ready')}</p>
        <p className="fact">{t('screens.carry.unknown')}</p>
        <p className="answers">
          <Button className="choice main" clock={clock} onPress={() => kiosk.visits.fillIn()}>
            {t('screens.carry.begin')}
          </Button>
          <Button className="choice" clock={clock} onPress={() => kiosk.visits.close()}>
            <Icon name="back" />
            {t('screens.common.back')}
          </Button>
        </p>
      </section>
    </div>
  );
}

function StillThere({ scene, clearsInMs }: { readonly scene: Scene; readonly clearsInMs: number }): ReactElement {
  const { speaker, kiosk, clock } = scene;
  const { t } = speaker;
  return (
    <div className="scene visit">
      <TopBar scene={scene} />
      <section className="ended" role="alertdialog" aria-label={t('screens.carry.idle')}>
        <h1 className="call">{t('screens.carry.idle')}</h1>
        <p className="lead">{t('screens.carry.clears', { seconds: Math.ceil(clearsInMs / SECOND_MS) })}</p>
        <p className="answers">
          <Button className="choice main" clock={clock} onPress={() => kiosk.visits.stay()}>
            {t('screens.carry.continue')}
          </Button>
          <Button className="choice" clock={clock} onPress={() => kiosk.visits.close()}>
            {t('screens.carry.stop')}
          </Button>
        </p>
      </section>
    </div>
  );
}
