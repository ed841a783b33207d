import { type ReactElement, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import type { Clock } from '../../parts/clock.ts';
import { FieldBox } from '../../parts/field-box.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Keyboard } from '../../parts/keyboard.tsx';
import { KEYBOARD_MODES, type KeyboardMode } from '../../parts/keyboard-layouts.ts';
import { turned } from '../carry-draft.ts';
import type { StaffTexts } from './texts.ts';

interface TypeInProps {
  readonly clock: Clock;
  readonly t: StaffTexts;
  readonly name: string;
  readonly hint: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly go: string;
  readonly off?: boolean;
  readonly busy?: boolean;
  readonly onGo: () => void;
}

const TURN = '゛゜小';
const MOST_LETTERS = 80;

/** One field, and the keys that fill it. */
export function TypeIn(props: TypeInProps): ReactElement {
  const { clock, t, value } = props;
  const [mode, setMode] = useState<KeyboardMode>('kana');
  const [capitals, setCapitals] = useState(false);
  const change = (text: string): void => props.change(text.slice(0, MOST_LETTERS));
  return (
    <div className="w-typein">
      <FieldBox
        clock={clock}
        name={props.name}
        hint={props.hint}
        value={value}
        isOn
        isGood={false}
        goodName=""
        look={null}
        onPress={() => undefined}
      />
      <section className="keys" aria-label={t('screens.keyboard.name')}>
        <div className="modes">
          {KEYBOARD_MODES.map((one) => (
            <Button key={one} className="key" clock={clock} pressed={one === mode} onPress={() => setMode(one)}>
              {t(`screens.keyboard.${one}`)}
            </Button>
          ))}
        </div>
        <Keyboard
          mode={mode}
          capitals={capitals}
          shiftName={t('screens.keyboard.shift')}
          onText={(text) => change(value + text)}
          onShift={() => setCapitals(!capitals)}
        />
        <Side {...props} change={change} isKana={mode === 'kana'} />
      </section>
    </div>
  );
}

function Side(props: TypeInProps & { readonly isKana: boolean }): ReactElement {
  const { clock, t, value, change } = props;
  return (
    <div className="side">
      <Button
        className="key quick"
        clock={clock}
        label={t('screens.keyboard.delete')}
        deafMs={0}
        onPress={() => change([...value].slice(0, -1).join(''))}
      >
        <Icon name="erase" />
      </Button>
      <Button
        className="key quick"
        clock={clock}
        label={`${TURN} ${t('screens.keyboard.turn')}`}
        off={!props.isKana}
        deafMs={0}
        onPress={() => change(turned(value))}
      >
        <span lang="ja">{TURN}</span>
      </Button>
      <Button className="key" clock={clock} deafMs={0} onPress={() => change(`${value} `)}>
        {t('screens.keyboard.space')}
      </Button>
      <Button
        className="key go main"
        clock={clock}
        busy={props.busy === true}
        off={props.off === true}
        onPress={props.onGo}
      >
        {props.go}
      </Button>
    </div>
  );
}
