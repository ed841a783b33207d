import { type ReactElement, useState } from 'react';
import { type EnterProps, PinPad, useEnter } from './sign-in.tsx';
import { TypeIn } from './type-in.tsx';

const CODE_DIGITS = 8;

type Step = 'code' | 'name' | 'pin' | 'again';

/** On a new unit the setup code makes the first manager: the code, a name, a PIN twice. */
export function FirstManager({ desk, clock, t }: EnterProps): ReactElement {
  const [step, setStep] = useState<Step>('code');
  const [code, setCode] = useState('');
  const [name, setName] = useState('');
  const [pin, setPin] = useState('');
  const [typed, setTyped] = useState('');
  const entering = useEnter();
  const none = { busy: false, told: null, run: entering.run };
  const toPin = (): void => {
    setTyped('');
    setStep('pin');
  };
  const make = (): void => {
    if (typed !== pin) {
      setPin('');
      toPin();
      return;
    }
    entering.run(async () => {
      const made = await desk.makeFirstManager({ code, name: name.trim(), pin });
      if (!made.ok) {
        setStep(made.fault === 'weak-pin' ? 'pin' : 'code');
        setCode('');
        setPin('');
        setTyped('');
      }
      return made;
    });
  };
  const words = { clock, t };
  return (
    <main className={step === 'name' ? 'w-first typing' : 'w-first'} data-step={step}>
      <section>
        <h2 className="w-h2">{t('staff.first-title')}</h2>
        <p className="w-note">{t(`staff.first-${step}`)}</p>
      </section>
      {step === 'code' ? (
        <PinPad
          {...words}
          {...{ entering, exactly: CODE_DIGITS, pin: code, setPin: setCode }}
          go={t('staff.next')}
          onGo={() => setStep('name')}
        />
      ) : null}
      {step === 'name' ? (
        <TypeIn
          {...words}
          name={t('staff.name')}
          hint={t('staff.name-hint')}
          value={name}
          change={setName}
          go={t('staff.next')}
          off={name.trim() === ''}
          onGo={toPin}
        />
      ) : null}
      {step === 'pin' ? (
        <PinPad {...words} {...{ entering, pin, setPin }} go={t('staff.next')} onGo={() => setStep('again')} />
      ) : null}
      {step === 'again' ? (
        <PinPad
          {...words}
          {...{ pin: typed, setPin: setTyped }}
          entering={entering.busy ? entering : none}
          go={t('staff.make')}
          onGo={make}
        />
      ) : null}
    </main>
  );
}
