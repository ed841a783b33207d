import { type ReactElement, useState } from 'react';
import type { DeskFault, Entrance, Refusal } from './refusal.ts';
import { type EnterProps, PinPad, useEnter } from './sign-in.tsx';
import { TypeIn } from './type-in.tsx';

const CODE_DIGITS = 8;

type Step = 'code' | 'name' | 'pin' | 'again';

interface Draft {
  readonly step: Step;
  readonly code: string;
  readonly name: string;
  readonly pin: string;
  /** The PIN once more. */
  readonly typed: string;
}

const EMPTY: Draft = { step: 'code', code: '', name: '', pin: '', typed: '' };
const DIFFER: Refusal = { ok: false, fault: 'pins-differ', untilMono: null, triesLeft: null };

function useDraft(entrance: Entrance) {
  const entering = useEnter();
  const [draft, setDraft] = useState(EMPTY);
  const change = (more: Partial<Draft>): void => setDraft((before) => ({ ...before, ...more }));
  const make = (): void => {
    const { code, name, pin, typed } = draft;
    const pinAgain = { step: 'pin', pin: '', typed: '' } as const;
    entering.run(async () => {
      const made = typed === pin ? await entrance.makeFirstManager({ code, name: name.trim(), pin }) : DIFFER;
      // The code isn't asked for twice because of a PIN.
      if (!made.ok) change(PIN_FAULTS.has(made.fault) ? pinAgain : { ...pinAgain, step: 'code', code: '' });
      return made;
    });
  };
  return { draft, change, make, entering };
}

const PIN_FAULTS: ReadonlySet<DeskFault> = new Set(['weak-pin', 'pins-differ']);

/** On a new unit the setup code makes the first manager: the code, a name, a PIN twice. */
export function FirstManager({ entrance, clock, t }: EnterProps): ReactElement {
  const made = useDraft(entrance);
  const { step } = made.draft;
  return (
    <main className={step === 'name' ? 'w-first typing' : 'w-first'} data-step={step}>
      <section>
        <h2 className="w-h2">{t('staff.first-title')}</h2>
        <p className="w-note">{t(`staff.first-${step}`)}</p>
      </section>
      <Asks key={step} {...{ clock, t }} {...made} />
    </main>
  );
}

type AsksProps = Omit<EnterProps, 'entrance'> & ReturnType<typeof useDraft>;

/** What this step wants. */
function Asks({ clock, t, draft, change, make, entering }: AsksProps): ReactElement {
  const pad = { clock, t, entering, go: t('staff.next') };
  const { code, name, pin, typed } = draft;
  switch (draft.step) {
    case 'code':
      return (
        <PinPad
          {...{ ...pad, exactly: CODE_DIGITS, pin: code }}
          setPin={(digits) => change({ code: digits })}
          onGo={() => change({ step: 'name' })}
        />
      );
    case 'name':
      return <NameStep {...{ clock, t, name, change }} />;
    case 'pin':
      return (
        <PinPad
          {...pad}
          pin={pin}
          setPin={(digits) => change({ pin: digits })}
          onGo={() => change({ step: 'again' })}
        />
      );
    case 'again':
      return (
        <PinPad
          {...pad}
          // What became of the try before was said, and stands no longer.
          entering={{ ...entering, told: null }}
          pin={typed}
          setPin={(digits) => change({ typed: digits })}
          go={t('staff.make')}
          onGo={make}
        />
      );
  }
}

function NameStep({ clock, t, name, change }: Pick<AsksProps, 'clock' | 't' | 'change'> & { readonly name: string }) {
  return (
    <TypeIn
      {...{ clock, t, value: name, off: name.trim() === '' }}
      name={t('staff.name')}
      hint={t('staff.name-hint')}
      change={(typed) => change({ name: typed })}
      go={t('staff.next')}
      onGo={() => change({ step: 'pin', typed: '' })}
    />
  );
}
