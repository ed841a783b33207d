import type { ReactElement } from 'react';
import type { DecisionMessage } from '../../../main/contract/page.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import { DiscMark } from '../../parts/marks.tsx';
import { Pips } from '../../parts/pips.tsx';
import type { Scene } from '../scene.ts';
import { offerOf } from '../screen.ts';
import { offerWords, refusalWords } from '../words.ts';
import { DayLine } from './day-line.tsx';
import { Said } from './said.tsx';

interface AboutRefusal {
  readonly scene: Scene;
  readonly decision: DecisionMessage;
}

interface RefusedProps extends AboutRefusal {
  /** The ticket is about to be spent. */
  readonly busy: boolean;
}

/** Not now: one leaf stays shut, the other says what would help. */
export function Refused({ scene, decision, busy }: RefusedProps): ReactElement {
  const { title, remedy } = refusalWords(scene.speaker, decision);
  return (
    <div className="scene refused">
      <div className="barred">
        <DiscMark />
      </div>
      <section className="help">
        <h1 className="call">{title}</h1>
        <p className="lead">
          <Said message={remedy} />
        </p>
        <Opening scene={scene} decision={decision} />
        <Tally scene={scene} decision={decision} />
        <Hints scene={scene} decision={decision} />
        <Ask scene={scene} decision={decision} />
      </section>
      <div className="foot">
        <Phone scene={scene} event={decision.event} />
        <Answers scene={scene} decision={decision} busy={busy} />
      </div>
    </div>
  );
}

interface PhoneProps {
  readonly scene: Scene;
  /** Of the refusal for which staff may have been called. */
  readonly event?: number;
}

/** The site's help phone, where it has one; that staff come, where they were called. */
export function Phone({ scene, event }: PhoneProps): ReactElement | null {
  if (event !== undefined && scene.kiosk.staffCall.stateOf(event) === 'called') {
    return <p className="phone called">{scene.speaker.t('screens.refused.called')}</p>;
  }
  const phone = scene.snap.status?.helpPhone ?? null;
  if (phone === null) return null;
  return (
    <p className="phone">
      <Icon name="phone" />
      <span>{scene.speaker.t('screens.refused.phone', { phone })}</span>
    </p>
  );
}

function Opening({ scene, decision }: AboutRefusal): ReactElement | null {
  const { speaker } = scene;
  const opensAt = decision.remedy?.opensAt ?? null;
  if (decision.reason !== 'outside-hours' || opensAt === null) return null;
  if (speaker.formats.daysBetween(decision.at, opensAt) !== 0) return null;
  return <DayLine speaker={speaker} now={decision.at} opensAt={opensAt} />;
}

function Tally({ scene, decision }: AboutRefusal): ReactElement | null {
  const limit = decision.remedy?.limit ?? null;
  if (decision.reason !== 'limit-reached' || limit === null) return null;
  return (
    <div className="tally">
      <Pips used={limit.used} limit={limit.limit} />
      <b className="num">{scene.speaker.t('screens.refused.tally', { used: limit.used, limit: limit.limit })}</b>
    </div>
  );
}

/** A code that the camera read and nobody knows: how to hold it. */
function Hints({ scene, decision }: AboutRefusal): ReactElement | null {
  const { snap, speaker } = scene;
  const byCamera = decision.readerId !== null && decision.readerId === snap.door?.camera;
  if (decision.reason !== 'unknown-credential' || !byCamera) return null;
  return (
    <>
      <p className="fact">
        <Icon name="whole" />
        {speaker.t('screens.refused.whole')}
      </p>
      <p className="fact">
        <Icon name="closer" />
        {speaker.t('screens.refused.near')}
      </p>
      <p className="fact">
        <Icon name="card" />
        {speaker.t('screens.refused.reopen')}
      </p>
    </>
  );
}

/** A ticket would serve: whether to spend one. Nothing is spent by itself. */
function Ask({ scene, decision }: AboutRefusal): ReactElement | null {
  const { speaker } = scene;
  const offer = offerOf(decision);
  if (offer === null) return null;
  return (
    <div className="ask">
      <Icon name="ticket" />
      <b>{speaker.t('screens.ticket.ask')}</b>
      <p>{offerWords(speaker, offer)}</p>
    </div>
  );
}

/** Where the site has staff, they can be called to the door. */
export function CallOrClose({ scene, event }: { readonly scene: Scene; readonly event: number }): ReactElement {
  const { snap, speaker, kiosk, clock } = scene;
  const state = kiosk.staffCall.stateOf(event);
  const offersCall = snap.status?.staffCall === true && state !== 'called';
  return (
    <>
      {offersCall ? (
        <Button
          className="choice call-staff"
          clock={clock}
          busy={state === 'calling'}
          onPress={() => kiosk.staffCall.call(event)}
        >
          {speaker.t('screens.refused.staff')}
        </Button>
      ) : null}
      <Button className={offersCall ? 'choice' : 'close'} clock={clock} onPress={() => kiosk.close()}>
        {speaker.t('screens.refused.close')}
      </Button>
    </>
  );
}

function Answers({ scene, decision, busy }: RefusedProps): ReactElement {
  const { speaker, kiosk, clock } = scene;
  const offer = offerOf(decision);
  if (offer === null) {
    return <CallOrClose scene={scene} event={decision.event} />;
  }
  return (
    <>
      <Button
        className="choice main"
        clock={clock}
        comesUp
        busy={busy}
        onPress={() => kiosk.choose(decision.event, offer.ticketId)}
      >
        <Icon name="ticket" />
        {speaker.t('screens.ticket.use')}
      </Button>
      <Button className="choice" clock={clock} off={busy} onPress={() => kiosk.close()}>
        {speaker.t('screens.ticket.keep')}
      </Button>
    </>
  );
}
