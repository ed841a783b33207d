/**
 * Every part in each of its states, for whoever works on the screens: `vite --config build/page/vite.config.ts`, then
 * `/parts.html`. In development only: the built pages don't have it. `?theme=night`, `?text=200`.
 */
import { type ReactElement, type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './style.ts';
import './styles/parts-page.css';
import { createFormats } from '../locale/format.ts';
import { createTexts } from '../locale/texts.ts';
import { Button } from '../parts/button.tsx';
import { BrowserClock, type Clock } from '../parts/clock.ts';
import { FieldBox } from '../parts/field-box.tsx';
import { ICON_NAMES, Icon } from '../parts/icons.tsx';
import { Keyboard } from '../parts/keyboard.tsx';
import { KEYBOARD_MODES } from '../parts/keyboard-layouts.ts';
import { DiscMark, HeedMark, LeavesMark, LockMark, RingMark, WayOutMark } from '../parts/marks.tsx';
import { Pips } from '../parts/pips.tsx';
import { Qr } from '../parts/qr.tsx';
import { RunDown } from '../parts/run-down.tsx';
import { DayLine } from './screens/day-line.tsx';
import { Heed } from './screens/heed.tsx';
import { Said } from './screens/said.tsx';

const nothing = (): void => undefined;
/** 14:32 in Tokyo. */
const NOW = 1_763_703_120_000;
const HOUR_MS = 3_600_000;

function Part({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className="part" data-part={name}>
      <h2>{name}</h2>
      <div className="states">{children}</div>
    </section>
  );
}

function State({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <figure>
      {children}
      <figcaption>{name}</figcaption>
    </figure>
  );
}

const BUTTONS = [
  ['plain', {}],
  ['main', { className: 'main' }],
  ['choice', { className: 'choice' }],
  ['quiet', { className: 'quiet' }],
  ['pressed', { pressed: true, className: 'key' }],
  ['busy', { busy: true, className: 'main' }],
  ['off', { off: true }],
] as const;

function Buttons({ clock }: { readonly clock: Clock }): ReactElement {
  return (
    <Part name="Button">
      {BUTTONS.map(([name, props]) => (
        <State key={name} name={name}>
          <Button clock={clock} onPress={nothing} {...props}>
            <Icon name="ticket" />
            使って入る
          </Button>
        </State>
      ))}
    </Part>
  );
}

const FIELD = { hint: '必須', goodName: '入力済み', onPress: nothing, isOn: false, isGood: false, look: null } as const;
const FIELDS = [
  ['empty', { ...FIELD, name: 'メールアドレス', value: '' }],
  ['on', { ...FIELD, name: 'メイ(カナ)', value: 'ミサ', isOn: true }],
  ['good', { ...FIELD, name: '会員コード', value: '0048 2291', isGood: true }],
  ['to be looked at', { ...FIELD, name: '電話番号', value: '555', look: '市外局番から入力してください' }],
  ['longer than its box', { ...FIELD, name: 'メールアドレス', value: `${'long.'.repeat(20)}@example.jp`, isOn: true }],
] as const;

function Fields({ clock }: { readonly clock: Clock }): ReactElement {
  return (
    <Part name="FieldBox">
      {FIELDS.map(([name, props]) => (
        <State key={name} name={name}>
          <FieldBox clock={clock} {...props} />
        </State>
      ))}
    </Part>
  );
}

function Keyboards(): ReactElement {
  return (
    <Part name="Keyboard">
      {[...KEYBOARD_MODES, 'capitals'].map((name) => (
        <State key={name} name={name}>
          <Keyboard
            mode={KEYBOARD_MODES.find((mode) => mode === name) ?? 'abc'}
            capitals={name === 'capitals'}
            shiftName="大文字"
            onText={nothing}
            onShift={nothing}
          />
        </State>
      ))}
    </Part>
  );
}

function Marks(): ReactElement {
  const marks = { ring: RingMark, disc: DiscMark, wayOut: WayOutMark, heed: HeedMark, lock: LockMark };
  return (
    <Part name="Mark">
      {Object.entries(marks).map(([name, Mark]) => (
        <State key={name} name={name}>
          <Mark />
        </State>
      ))}
      <State name="leaves">
        <LeavesMark className="mark" />
      </State>
    </Part>
  );
}

function Icons(): ReactElement {
  return (
    <Part name="Icon">
      {ICON_NAMES.map((name) => (
        <State key={name} name={name}>
          <Icon name={name} />
        </State>
      ))}
    </Part>
  );
}

function Small(): ReactElement {
  return (
    <>
      <Part name="Pips">
        {[0, 3, 8, 13].map((used) => (
          <State key={used} name={used > 12 ? 'more than twelve: nothing' : `${used} of 8`}>
            <Pips used={used} limit={Math.max(8, used)} />
          </State>
        ))}
      </Part>
      <Part name="Qr">
        <State name="a card">
          <Qr text="GK4K7M22Q9ABCDEFGHJKMNPQRSTV" name="仮会員証" />
        </State>
        <State name="running down, a third is left">
          <RunDown everyMs={20_000} leftMs={6_700} />
        </State>
      </Part>
      <Sentences />
    </>
  );
}

function Sentences(): ReactElement {
  const speaker = { language: 'ja', t: createTexts()('ja'), formats: createFormats('Asia/Tokyo') } as const;
  return (
    <>
      <Part name="DayLine">
        <State name="opens at 17:00">
          <DayLine speaker={speaker} now={NOW} opensAt={NOW + 2.5 * HOUR_MS} />
        </State>
      </Part>
      <Part name="Heed">
        <State name="two things to know">
          <Heed
            warnings={[
              { title: '前回の退館記録がありません', remedy: 'お帰りの際は、出口でもかざしてください。' },
              { title: 'ご利用は23:00まででした', remedy: '次回は23:00までのご退館にご協力ください。' },
            ]}
          />
        </State>
      </Part>
      <Part name="Said">
        <State name="a time that is to be seen first">
          <p className="lead">
            <Said message={speaker.t('reasons.outside-hours.remedy', { when: 'today', opens: '17:00', date: '' })} />
          </p>
        </State>
      </Part>
    </>
  );
}

function Parts({ clock }: { readonly clock: Clock }): ReactElement {
  return (
    <main className="parts-page">
      <h1>Parts</h1>
      <Buttons clock={clock} />
      <Fields clock={clock} />
      <Keyboards />
      <Marks />
      <Icons />
      <Small />
    </main>
  );
}

const asked = new URLSearchParams(location.search);
const { dataset } = document.documentElement;
if (asked.get('theme') === 'night') dataset['theme'] = 'night';
const text = asked.get('text');
if (text !== null) dataset['text'] = text;
const root = document.getElementById('parts');
if (root === null) throw new Error('the page has no #parts');
createRoot(root).render(
  <StrictMode>
    <Parts clock={new BrowserClock()} />
  </StrictMode>,
);
