/** Small parts that several of the technicians' screens show. */
import { type ReactElement, type ReactNode, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { useDesk } from './desk.ts';
import { type Refusal, type StepName, WIZARD } from './model.ts';
import type { TechKey } from './texts.ts';

interface TaskProps {
  readonly head: string;
  readonly about: string | null;
  /** Left of the way on. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A screen: what it is, the work, and the way on. */
export function Task({ head, about, actions, children }: TaskProps): ReactElement {
  const { t, state, model, clock } = useDesk();
  const at = WIZARD.indexOf(state.step);
  const way = (step: StepName | undefined, word: string, main: boolean): ReactElement | null =>
    at < 0 || step === undefined ? null : (
      <Button clock={clock} className={main ? 'main' : ''} onPress={() => model.go(step)}>
        {word}
      </Button>
    );
  return (
    <>
      <header>
        <h2>{head}</h2>
        {about === null ? null : <p>{about}</p>}
      </header>
      <div className="tech-work">{children}</div>
      <footer>
        {way(at > 0 ? WIZARD[at - 1] : undefined, t('tech.back'), false)}
        {actions}
        <span className="push" />
        {way(WIZARD[at + 1], t('tech.next'), true)}
      </footer>
    </>
  );
}

export function Chip({ ok, children }: { readonly ok: boolean; readonly children: ReactNode }): ReactElement {
  return (
    <span className={ok ? 'chip ok' : 'chip heed'}>
      <span aria-hidden="true">{ok ? '✓' : '▲'}</span> {children}
    </span>
  );
}

interface OptionsProps<T extends string> {
  readonly label: string;
  readonly value: T | null;
  readonly options: readonly (readonly [T, string])[];
  readonly choose: (value: T) => void;
}

/** One of a few, as buttons. */
export function Options<T extends string>({ label, value, options, choose }: OptionsProps<T>): ReactElement {
  const { clock } = useDesk();
  return (
    <fieldset className="tech-options">
      <legend>{label}</legend>
      {options.map(([option, word]) => (
        <Button key={option} clock={clock} className="small" pressed={option === value} onPress={() => choose(option)}>
          {word}
        </Button>
      ))}
    </fieldset>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly digits?: boolean;
  /** Dots for letters. */
  readonly secret?: boolean;
}

export function Field({ label, value, change, digits, secret }: FieldProps): ReactElement {
  return (
    <label className="tech-field">
      {label}
      <input
        type={secret === true ? 'password' : 'text'}
        inputMode={digits === true ? 'numeric' : 'text'}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={value}
        maxLength={512}
        onChange={(event) => change(event.currentTarget.value)}
      />
    </label>
  );
}

/** Asks once, and names the consequence. */
export function Ask({
  word,
  question,
  go,
  off,
}: {
  readonly word: string;
  readonly question: string;
  readonly go: () => void;
  readonly off?: boolean;
}): ReactElement {
  const { t, clock } = useDesk();
  const [asked, setAsked] = useState(false);
  if (!asked)
    return (
      <Button clock={clock} className="main" off={off === true} onPress={() => setAsked(true)}>
        {word}
      </Button>
    );
  const sure = (): void => {
    setAsked(false);
    go();
  };
  return (
    <div className="tech-ask" role="alertdialog" aria-label={question}>
      <p>{question}</p>
      <Button clock={clock} className="main" onPress={sure}>
        {word}
      </Button>
      <Button clock={clock} onPress={() => setAsked(false)}>
        {t('tech.cancel')}
      </Button>
    </div>
  );
}

const FAULTS: Readonly<Record<string, TechKey>> = {
  lock: 'tech.lock.noLock',
  fire: 'tech.lock.fire',
  busy: 'tech.lock.busy',
  store: 'tech.fault.store',
  'no-space': 'tech.fault.no-space',
  'no-file': 'tech.fault.no-file',
  sealed: 'tech.seal.ask',
  'wrong-passphrase': 'tech.fault.wrong-passphrase',
  wait: 'tech.fault.wait',
  'no-hub': 'tech.pairing.not-here',
  'no-fonts': 'tech.report.noPaper',
  refused: 'tech.changes.wrong',
};

/** What went wrong, with the controller's lines where it has some. */
export function Trouble({ refusal, head }: { readonly refusal: Refusal; readonly head?: string }): ReactElement {
  const { t } = useDesk();
  return (
    <div className="tech-trouble" role="alert">
      <b>{head ?? t(FAULTS[refusal.fault] ?? 'tech.fault.failed')}</b>
      {refusal.lines.length === 0 ? null : (
        <ul lang="en">
          {refusal.lines.slice(0, 20).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Over 300 ms something moves and says so. */
export function Busy(): ReactElement {
  const { t } = useDesk();
  return (
    <p className="tech-busy" role="status">
      <span aria-hidden="true" />
      {t('tech.busy')}
    </p>
  );
}

export function Done({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <p className="tech-done" role="status">
      <span aria-hidden="true">✓</span> {children}
    </p>
  );
}
