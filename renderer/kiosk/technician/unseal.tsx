import { type ReactElement, useEffect, useRef, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Keyboard } from '../../parts/keyboard.tsx';
import type { KeyboardMode } from '../../parts/keyboard-layouts.ts';
import { Busy, Field, Trouble } from './bits.tsx';
import { useDesk } from './desk.ts';
import type { Refusal } from './model.ts';

const FAULTS: ReadonlySet<Refusal['fault']> = new Set(['sealed', 'wrong-passphrase', 'wait']);
/** A made code is of digits. */
const MODES = ['digits', 'abc', 'symbols'] as const satisfies readonly KeyboardMode[];

/** Whether a passphrase is asked for. */
export function asksPassphrase(refusal: Refusal | null): refusal is Refusal {
  return refusal !== null && FAULTS.has(refusal.fault);
}

interface UnsealProps {
  readonly refusal: Refusal;
  readonly busy: boolean;
  readonly go: (passphrase: string) => void;
}

/** The passphrase of a sealed file: typed at the unit's own keys or a keyboard, shown as dots, kept nowhere else. */
export function Unseal({ refusal, busy, go }: UnsealProps): ReactElement {
  const { t, clock } = useDesk();
  const [typed, setTyped] = useState('');
  const place = useRef<HTMLElement>(null);
  // It comes up below what was pressed. Newer browsers answer with a promise, which is no clean-up.
  useEffect(() => void place.current?.scrollIntoView({ block: 'nearest' }), []);
  const open = (): void => {
    setTyped('');
    go(typed);
  };
  return (
    <section ref={place} className="tech-seal" aria-label={t('tech.seal.field')}>
      <Trouble refusal={refusal} />
      <div className="tech-row">
        <Field label={t('tech.seal.field')} value={typed} change={setTyped} secret />
        <Button
          clock={clock}
          label={t('screens.keyboard.delete')}
          deafMs={0}
          onPress={() => setTyped([...typed].slice(0, -1).join(''))}
        >
          <Icon name="erase" />
        </Button>
        <Button clock={clock} className="main" off={typed === '' || busy} onPress={open}>
          {t('tech.seal.open')}
        </Button>
      </div>
      {busy ? <Busy /> : null}
      <Keys type={(text) => setTyped(typed + text)} />
    </section>
  );
}

function Keys({ type }: { readonly type: (text: string) => void }): ReactElement {
  const { t, clock } = useDesk();
  const [mode, setMode] = useState<KeyboardMode>('digits');
  const [capitals, setCapitals] = useState(false);
  return (
    <div>
      <div className="tech-row">
        {MODES.map((one) => (
          <Button key={one} className="small" clock={clock} pressed={one === mode} onPress={() => setMode(one)}>
            {t(`screens.keyboard.${one}`)}
          </Button>
        ))}
        <Button className="small" clock={clock} deafMs={0} onPress={() => type(' ')}>
          {t('screens.keyboard.space')}
        </Button>
      </div>
      <Keyboard
        mode={mode}
        capitals={capitals}
        shiftName={t('screens.keyboard.shift')}
        onText={type}
        onShift={() => setCapitals(!capitals)}
      />
    </div>
  );
}
