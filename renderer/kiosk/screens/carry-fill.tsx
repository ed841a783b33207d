import { type ReactElement, useState } from 'react';
import type { CarryField } from '../../../main/contract/member-ways.ts';
import type { TextKey } from '../../locale/texts.ts';
import { Button } from '../../parts/button.tsx';
import { FieldBox } from '../../parts/field-box.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Keyboard } from '../../parts/keyboard.tsx';
import { KEYBOARD_MODES } from '../../parts/keyboard-layouts.ts';
import { LeavesMark } from '../../parts/marks.tsx';
import { type CarryDraft, isLast, lookOf } from '../carry-draft.ts';
import type { Scene } from '../scene.ts';
import { siteText } from '../words.ts';

interface FillProps {
  readonly scene: Scene;
  readonly draft: CarryDraft;
  readonly busy: boolean;
}

const NAMES: Readonly<Record<CarryField, TextKey>> = {
  mail: 'screens.carry.mail',
  code: 'screens.carry.code',
  family: 'screens.carry.family',
  given: 'screens.carry.given',
  familyKana: 'screens.carry.family-kana',
  givenKana: 'screens.carry.given-kana',
  phone: 'screens.carry.tel',
};
const LOOKS: Readonly<Record<CarryField, TextKey>> = {
  mail: 'screens.carry.look-mail',
  code: 'screens.carry.look-code',
  family: 'screens.carry.look-name',
  given: 'screens.carry.look-name',
  familyKana: 'screens.carry.look-kana',
  givenKana: 'screens.carry.look-kana',
  phone: 'screens.carry.look-phone',
};

const TURN = '゛゜小';
/** With more, a low room shows the one that is on and those before and after it. */
const MOST_IN_LOW_ROOMS = 6;

/** The fields, and the keys that fill the one that is on. */
export function CarryFill({ scene, draft, busy }: FillProps): ReactElement {
  const { speaker, kiosk, clock, snap } = scene;
  const { t, language } = speaker;
  const explanation = siteText(snap.status?.ways.carryOver?.explanation ?? null, language);
  return (
    <div className="scene form">
      <header className="top">
        <div className="sign">
          <LeavesMark className="logo" />
          <div>
            <h1>{t('screens.carry.call')}</h1>
            <small>{explanation ?? t('screens.carry.registered')}</small>
          </div>
        </div>
        <Button clock={clock} onPress={() => kiosk.visits.close()}>
          <Icon name="back" />
          {t('screens.common.back')}
        </Button>
      </header>
      <section className={draft.fields.length > MOST_IN_LOW_ROOMS ? 'fields many' : 'fields'}>
        {draft.fields.map((field) => (
          <Field key={field} scene={scene} draft={draft} field={field} />
        ))}
      </section>
      <Keys scene={scene} draft={draft} busy={busy} />
    </div>
  );
}

function Field({ scene, draft, field }: Omit<FillProps, 'busy'> & { readonly field: CarryField }): ReactElement {
  const { speaker, kiosk, clock } = scene;
  const { t } = speaker;
  const look = lookOf(draft, field);
  const hint = field === 'code' ? t('screens.carry.hint-code') : t('screens.carry.hint-mail');
  return (
    <FieldBox
      clock={clock}
      name={t(NAMES[field])}
      hint={hint}
      value={draft.values[field]}
      isOn={draft.on === field}
      isGood={look === 'good' && draft.on !== field}
      goodName={t('screens.carry.good')}
      look={look === 'look' ? t(LOOKS[field]) : null}
      place={`${draft.fields.indexOf(field) + 1} / ${draft.fields.length}`}
      onPress={() => kiosk.visits.key({ key: 'field', field })}
    />
  );
}

function Keys({ scene, draft, busy }: FillProps): ReactElement {
  const { speaker, kiosk } = scene;
  const { t } = speaker;
  const { visits } = kiosk;
  const [capitals, setCapitals] = useState(false);
  return (
    <section className="keys" aria-label={t('screens.keyboard.name')}>
      <Modes scene={scene} draft={draft} />
      <Keyboard
        mode={draft.mode}
        capitals={capitals}
        shiftName={t('screens.keyboard.shift')}
        onText={(text) => visits.key({ key: 'text', text })}
        onShift={() => setCapitals(!capitals)}
      />
      <Side scene={scene} draft={draft} busy={busy} />
    </section>
  );
}

function Modes({ scene, draft }: Omit<FillProps, 'busy'>): ReactElement {
  const { speaker, kiosk, clock } = scene;
  const { t } = speaker;
  const { visits } = kiosk;
  // So that there is a way out within reach, in whatever room.
  const isFirst = draft.fields[0] === draft.on;
  return (
    <div className="modes">
      {KEYBOARD_MODES.map((mode) => (
        <Button
          key={mode}
          className="key"
          clock={clock}
          pressed={mode === draft.mode}
          onPress={() => visits.key({ key: 'mode', mode })}
        >
          {t(`screens.keyboard.${mode}`)}
        </Button>
      ))}
      <Button
        className="key"
        clock={clock}
        onPress={() => (isFirst ? visits.leaveFields() : visits.key({ key: 'previous' }))}
      >
        {t(isFirst ? 'screens.common.back' : 'screens.carry.previous')}
      </Button>
    </div>
  );
}

/** What isn't a letter. */
function Side({ scene, draft, busy }: FillProps): ReactElement {
  const { speaker, kiosk, clock } = scene;
  const { t } = speaker;
  const { visits } = kiosk;
  const last = isLast(draft);
  return (
    <div className="side">
      <Button
        className="key quick"
        clock={clock}
        label={t('screens.keyboard.delete')}
        deafMs={0}
        onPress={() => visits.key({ key: 'delete' })}
      >
        <Icon name="erase" />
      </Button>
      <Button
        className="key quick"
        clock={clock}
        label={`${TURN} ${t('screens.keyboard.turn')}`}
        off={draft.mode !== 'kana'}
        deafMs={0}
        onPress={() => visits.key({ key: 'turn' })}
      >
        <span lang="ja">{TURN}</span>
      </Button>
      <Button className="key" clock={clock} deafMs={0} onPress={() => visits.key({ key: 'text', text: ' ' })}>
        {t('screens.keyboard.space')}
      </Button>
      <Button
        className="key go main"
        clock={clock}
        busy={busy}
        onPress={() => (last ? visits.send() : visits.key({ key: 'next' }))}
      >
        {busy ? t('screens.carry.busy') : t(last ? 'screens.carry.send' : 'screens.carry.next')}
      </Button>
    </div>
  );
}
