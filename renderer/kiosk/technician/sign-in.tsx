import { type ReactElement, useEffect, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import type { Clock } from '../../parts/clock.ts';
import { onHands } from '../hands.ts';
import { FirstManager } from '../staff/first.tsx';
import { SignIn as StaffSignIn } from '../staff/sign-in.tsx';
import '../staff/staff.css';
import '../staff/staff-parts.css';
import { Busy } from './bits.tsx';
import { useDesk } from './desk.ts';

/** The members' screen is hidden meanwhile: whoever does nothing for so long has gone. */
const IDLE_MS = 60_000;

/** Who may look after the unit signs in as at the staff's desk; on a new unit the setup code makes the first manager. */
export function SignIn({ leave }: { readonly leave: () => void }): ReactElement {
  const { t, words, state, model, clock } = useDesk();
  const { who } = state;
  const [makes, setMakes] = useState(false);
  useIdle(clock, leave);
  if (who === null) return <Busy />;
  const people = who.people.filter(({ role }) => role !== 'staff');
  const isFirst = who.firstManager && (makes || people.length === 0);
  const entrance = { entrance: model, clock, t: words };
  return (
    <div className="tech-sign w-work out">
      <p className="soft">
        {t(people.length === 0 && !isFirst ? 'tech.sign.nobody' : 'tech.sign.role')}
        {who.firstManager && !isFirst ? (
          <Button clock={clock} className="small" onPress={() => setMakes(true)}>
            {t('tech.sign.first')}
          </Button>
        ) : null}
      </p>
      {isFirst ? <FirstManager {...entrance} /> : null}
      {!isFirst && people.length > 0 ? <StaffSignIn {...entrance} people={people} /> : null}
    </div>
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
