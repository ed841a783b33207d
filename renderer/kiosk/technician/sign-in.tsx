import { type ReactElement, useEffect, useState } from 'react';
import type { Person } from '../../../main/contract/staff.ts';
import { Button } from '../../parts/button.tsx';
import type { Clock } from '../../parts/clock.ts';
import { onHands } from '../hands.ts';
import { Busy, Field } from './bits.tsx';
import { useDesk } from './desk.ts';
import type { Asked, Refusal } from './model.ts';

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const;
const MOST_DIGITS = 12;
/** The members' screen is hidden meanwhile: whoever does nothing for so long has gone. */
const IDLE_MS = 60_000;

/** Who may look after the unit signs in; where nobody is a manager yet, the setup code makes the first. */
export function SignIn({ leave }: { readonly leave: () => void }): ReactElement {
  const { t, state, clock } = useDesk();
  const { who } = state;
  useIdle(clock, leave);
  if (who === null) return <Busy />;
  const people = who.people.filter(({ role }) => role !== 'staff');
  return (
    <main className="tech-sign">
      {who.firstManager ? <FirstManager /> : null}
      {people.length > 0 ? <PinForm people={people} /> : null}
      {people.length === 0 && !who.firstManager ? <p>{t('tech.sign.nobody')}</p> : null}
      <p className="soft">{t('tech.sign.role')}</p>
    </main>
  );
}

function useIdle(clock: Clock, idle: () => void): void {
  useEffect(() => {
    let timer = clock.after('technician sign-in', IDLE_MS, idle);
    const deaf = onHands(() => {
      timer.cancel();
      timer = clock.after('technician sign-in', IDLE_MS, idle);
    });
    return () => {
      timer.cancel();
      deaf();
    };
  }, [clock, idle]);
}

function useEnter(): readonly [Refusal | null, boolean, (enter: () => Promise<Asked<Person>>) => void] {
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [busy, setBusy] = useState(false);
  const run = (enter: () => Promise<Asked<Person>>): void => {
    setBusy(true);
    void enter().then((signed) => {
      setBusy(false);
      setRefusal(signed.ok ? null : signed.refusal);
    });
  };
  return [refusal, busy, run];
}

function PinForm({ people }: { readonly people: readonly Person[] }): ReactElement {
  const { t, clock, model } = useDesk();
  const [staffId, setStaffId] = useState<string | null>(people.length === 1 ? (people[0]?.staffId ?? null) : null);
  const [pin, setPin] = useState('');
  const [refusal, busy, run] = useEnter();
  const enter = (): void => {
    if (staffId === null || pin === '') return;
    run(() => model.signIn((calls) => calls.staff.signIn.mutate({ staffId, pin })));
    setPin('');
  };
  return (
    <section className="tech-card tech-pin">
      <fieldset className="tech-options">
        <legend>{t('tech.sign.in')}</legend>
        {people.map((person) => (
          <Button
            key={person.staffId}
            clock={clock}
            pressed={person.staffId === staffId}
            onPress={() => setStaffId(person.staffId)}
          >
            {person.name}
          </Button>
        ))}
      </fieldset>
      <p className="tech-dots" role="status" aria-label={`${t('tech.sign.pin')} ${pin.length}`}>
        {pin === '' ? t('tech.sign.pin') : '●'.repeat(pin.length)}
      </p>
      <Said refusal={refusal} />
      <Digits
        add={(digit) => setPin((before) => `${before}${digit}`.slice(0, MOST_DIGITS))}
        back={() => setPin((before) => before.slice(0, -1))}
      />
      <Button clock={clock} className="main" busy={busy} off={staffId === null || pin.length < 6} onPress={enter}>
        {t('tech.sign.enter')}
      </Button>
    </section>
  );
}

/** Digits by finger and by keyboard: the page has no field for a PIN that anything else could type into. */
function Digits({ add, back }: { readonly add: (digit: string) => void; readonly back: () => void }): ReactElement {
  const { t } = useDesk();
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (/^\d$/.test(event.key)) add(event.key);
    else if (event.key === 'Backspace') back();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div className="tech-digits" role="group" aria-label={t('tech.sign.pin')} onKeyDown={onKeyDown}>
      {DIGITS.map((digit) => (
        <button key={digit} type="button" className="btn" onClick={() => add(digit)}>
          {digit}
        </button>
      ))}
      <button type="button" className="btn wide" onClick={back}>
        {t('tech.digit.back')}
      </button>
    </div>
  );
}

function Said({ refusal }: { readonly refusal: Refusal | null }): ReactElement | null {
  const { t } = useDesk();
  if (refusal === null) return null;
  const seconds = Math.ceil((refusal.waitMs ?? 0) / 1_000);
  return <p role="alert">{seconds > 0 ? t('tech.sign.wait', { seconds }) : t('tech.sign.wrong')}</p>;
}

function FirstManager(): ReactElement {
  const { t, clock, model } = useDesk();
  const [form, setForm] = useState({ code: '', name: '', pin: '' });
  const [refusal, busy, run] = useEnter();
  const isWhole = /^\d{8}$/.test(form.code) && form.name.trim() !== '' && /^\d{6,12}$/.test(form.pin);
  const make = (): void => run(() => model.signIn((calls) => calls.staff.makeFirstManager.mutate(form)));
  return (
    <section className="tech-card">
      <h2>{t('tech.sign.first')}</h2>
      <Field label={t('tech.sign.code')} digits value={form.code} change={(code) => setForm({ ...form, code })} />
      <Field label={t('tech.sign.name')} value={form.name} change={(name) => setForm({ ...form, name })} />
      <Field label={t('tech.sign.newPin')} digits secret value={form.pin} change={(pin) => setForm({ ...form, pin })} />
      <Said refusal={refusal} />
      <Button clock={clock} className="main" busy={busy} off={!isWhole} onPress={make}>
        {t('tech.sign.first')}
      </Button>
    </section>
  );
}
