import type { ReactElement } from 'react';
import type { IssuedCard } from '../../../main/contract/member-ways.ts';
import { Button } from '../../parts/button.tsx';
import { Icon, type IconName } from '../../parts/icons.tsx';
import { LeavesMark } from '../../parts/marks.tsx';
import { Qr } from '../../parts/qr.tsx';
import type { Scene } from '../scene.ts';
import type { Visit } from '../visit.ts';
import { Notice } from './notice-page.tsx';
import { TopBar } from './top-bar.tsx';

type CardVisit = Extract<Visit, { at: 'card' }>;

/** A provisional card in two taps: the one that opened this, and "issue". */
export function Card({ scene, visit }: { readonly scene: Scene; readonly visit: CardVisit }): ReactElement {
  const { t } = scene.speaker;
  switch (visit.step) {
    case 'ask':
    case 'busy':
      return <Asked scene={scene} busy={visit.step === 'busy'} />;
    case 'issued':
      return <Issued scene={scene} card={visit.card} busy={visit.busy} />;
    case 'withdrawn':
      return <Notice scene={scene} title={t('screens.provisional.withdrawn')} remedy={null} again={null} />;
    case 'kept':
      return (
        <Notice scene={scene} title={t('screens.provisional.kept')} remedy={t('screens.common.ask')} again={null} />
      );
    case 'none': {
      // Nobody answered: asked again, the same wish gets the same card.
      const again =
        visit.why === null
          ? { name: t('screens.provisional.issue'), press: () => scene.kiosk.visits.issueCard() }
          : null;
      const title = visit.why === 'clock-doubtful' ? 'states.clock-doubtful.title' : 'screens.provisional.none';
      return <Notice scene={scene} title={t(title)} remedy={t('screens.common.ask')} again={again} />;
    }
  }
}

function Asked({ scene, busy }: { readonly scene: Scene; readonly busy: boolean }): ReactElement {
  const { speaker, kiosk, clock, snap } = scene;
  const { t } = speaker;
  return (
    <div className="scene visit">
      <TopBar scene={scene} />
      <section className="prov">
        <div>
          <h1 className="call">{t('screens.provisional.call')}</h1>
          <ul className="pts">
            <Point icon="timer" text={t('screens.provisional.soon')} />
            <Point icon="person" text={t('screens.provisional.why')} />
            <Point icon="calendar" text={t('screens.provisional.later')} />
          </ul>
          <p className="answers">
            <Button className="choice main" clock={clock} busy={busy} onPress={() => kiosk.visits.issueCard()}>
              {t(busy ? 'screens.provisional.busy' : 'screens.provisional.issue')}
            </Button>
            <Button className="choice" clock={clock} off={busy} onPress={() => kiosk.visits.close()}>
              {t('screens.common.back')}
            </Button>
          </p>
        </div>
        <div className="member-card" aria-hidden="true">
          <div className="sign">
            <LeavesMark className="logo" />
            <div>
              <span>{snap.status?.site.name}</span>
            </div>
          </div>
          <div>
            <b>{t('screens.provisional.card')}</b>
            <span>{t('screens.provisional.own')}</span>
          </div>
        </div>
      </section>
    </div>
  );
}

interface IssuedProps {
  readonly scene: Scene;
  readonly card: IssuedCard;
  readonly busy: boolean;
}

function Issued({ scene, card, busy }: IssuedProps): ReactElement {
  const { speaker, kiosk, clock } = scene;
  const { t, formats, language } = speaker;
  return (
    <div className="scene visit">
      <TopBar scene={scene} />
      <section className="prov issued">
        <div>
          <h1 className="call">{t('screens.provisional.done')}</h1>
          <ul className="pts">
            <Point icon="qr" text={t('screens.provisional.photo')} />
            <Point icon="mobile" text={t('screens.provisional.enter')} />
            <Point
              icon="calendar"
              text={t('screens.provisional.until', { expires: formats.date(card.until, language) })}
            />
          </ul>
          <p className="answers">
            <Button className="choice main" clock={clock} off={busy} onPress={() => kiosk.visits.close()}>
              {t('screens.provisional.taken')}
            </Button>
            <Button className="choice" clock={clock} busy={busy} onPress={() => kiosk.visits.withdrawCard()}>
              {t('screens.provisional.cancel')}
            </Button>
          </p>
          <p className="number">{t('screens.provisional.number', { number: card.number })}</p>
        </div>
        <Qr text={card.code} name={t('screens.provisional.card')} />
      </section>
    </div>
  );
}

function Point({ icon, text }: { readonly icon: IconName; readonly text: string }): ReactElement {
  return (
    <li>
      <Icon name={icon} />
      <span>{text}</span>
    </li>
  );
}
