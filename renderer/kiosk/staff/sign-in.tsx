import { type KeyboardEvent, type ReactElement, useState } from 'react';
import type { Person } from '../../../main/contract/staff.ts';
import { Button } from '../../parts/button.tsx';
import type { Clock } from '../../parts/clock.ts';
import { Icon } from '../../parts/icons.tsx';
import type { Asked, Entrance, Refusal } from './refusal.ts';
import type { StaffTexts } from './texts.ts';
import { useWait } from './use.ts';
import { faultWords } from './words.ts';

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
export const LEAST_PIN = 6;
export const MOST_PIN = 12;

export interface EnterProps {
  readonly entrance: Entrance;
  readonly clock: Clock;
  readonly t: StaffTexts;
}

export interface Entering {
  readonly busy: boolean;
  readonly told: Refusal | null;
  readonly run: (enter: () => Promise<Asked<Person>>) => void;
}

export function useEnter(): Entering {
  const [told, setTold] = useState<Refusal | null>(null);
  const [busy, setBusy] = useState(false);
  const run: Entering['run'] = (enter) => {
    if (busy) return;
    setBusy(true);
    void enter().then((signed) => {
      setBusy(false);
      setTold(signed.ok ? null : signed);
    });
  };
  return { busy, told, run };
}

/** Who, and their PIN. */
export function SignIn({
  entrance,
  clock,
  t,
  people,
}: EnterProps & { readonly people: readonly Person[] }): ReactElement {
  const [chosen, setChosen] = useState<Person | null>(people.length === 1 ? (people[0] ?? null) : null);
  return (
    <main className={chosen === null ? 'w-pin' : 'w-pin chosen'}>
      <section>
        <h2 className="w-h2">{t('staff.who')}</h2>
        <Names {...{ clock, t, people, chosen, choose: setChosen }} />
      </section>
      <section>
        {chosen === null ? (
          <p className="w-note">{t('staff.pick')}</p>
        ) : (
          <>
            <Pin key={chosen.staffId} {...{ entrance, clock, t }} person={chosen} />
            {people.length < 2 ? null : (
              <Button clock={clock} className="small w-other" onPress={() => setChosen(null)}>
                {t('staff.other-name')}
              </Button>
            )}
          </>
        )}
      </section>
    </main>
  );
}

interface NamesProps extends Omit<EnterProps, 'entrance'> {
  readonly people: readonly Person[];
  readonly chosen: Person | null;
  readonly choose: (person: Person) => void;
}

function Names({ clock, t, people, chosen, choose }: NamesProps): ReactElement {
  return (
    <div className="w-people">
      {people.map((person) => (
        <Button
          key={person.staffId}
          clock={clock}
          pressed={person.staffId === chosen?.staffId}
          onPress={() => choose(person)}
        >
          <span>
            {person.name}
            <small>{t(`staff.role-${person.role}`)}</small>
          </span>
        </Button>
      ))}
    </div>
  );
}

function Pin({ entrance, clock, t, person }: EnterProps & { readonly person: Person }): ReactElement {
  const [pin, setPin] = useState('');
  const entering = useEnter();
  const enter = (): void => {
    entering.run(() => entrance.signIn(person.staffId, pin));
    setPin('');
  };
  return (
    <>
      <p className="w-whose">{t('staff.pin-of', { name: person.name })}</p>
      <PinPad {...{ clock, t, pin, setPin, entering }} go={t('staff.sign-in')} onGo={enter} />
    </>
  );
}

interface PadProps {
  readonly clock: Clock;
  readonly t: StaffTexts;
  readonly pin: string;
  readonly setPin: (pin: string) => void;
  readonly entering: Entering;
  readonly go: string;
  readonly onGo: () => void;
  /** The number has so many digits; left out: 6 to 12. */
  readonly exactly?: number;
}

/** Digits, shown as dots: there is no field for a PIN that anything else could type into. */
export function PinPad({ clock, t, pin, setPin, entering, go, onGo, exactly }: PadProps): ReactElement {
  const most = exactly ?? MOST_PIN;
  const leftMs = useWait(clock, entering.told);
  const isWhole = exactly === undefined ? pin.length >= LEAST_PIN : pin.length === exactly;
  const add = (digit: string): void => setPin(`${pin}${digit}`.slice(0, most));
  const back = (): void => setPin(pin.slice(0, -1));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (/^\d$/.test(event.key)) add(event.key);
    else if (event.key === 'Backspace') back();
  };
  const key = (digit: string): ReactElement => (
    <Button key={digit} className="num" clock={clock} deafMs={0} onPress={() => add(digit)}>
      {digit}
    </Button>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div className="w-pinpad" role="group" aria-label={t('staff.pin')} onKeyDown={onKeyDown}>
      <div className="w-dots" role="img" aria-label={t('staff.digits', { count: pin.length })}>
        {Array.from({ length: Math.max(exactly ?? LEAST_PIN, pin.length) }, (_, index) => index).map((dot) => (
          <i key={dot} className={dot < pin.length ? 'on' : undefined} />
        ))}
      </div>
      <Told {...{ t, entering, leftMs }} />
      <div className="w-pad">
        {DIGITS.map(key)}
        <Button clock={clock} label={t('screens.keyboard.delete')} deafMs={0} onPress={back}>
          <Icon name="erase" />
        </Button>
        {key('0')}
        <Button clock={clock} className="main go" off={!isWhole || leftMs > 0} busy={entering.busy} onPress={onGo}>
          {go}
        </Button>
      </div>
    </div>
  );
}

/** Counts a pause down. */
function Told({ t, entering, leftMs }: Pick<PadProps, 't' | 'entering'> & { readonly leftMs: number }): ReactElement {
  const { told, busy } = entering;
  if (busy) return <p className="w-told">{t('staff.checking')}</p>;
  if (told === null) return <p className="w-told">{t('staff.pin-hint')}</p>;
  return (
    <p className="w-told no" role="alert">
      {faultWords(t, told, leftMs)}
    </p>
  );
}
