import type { ReactElement } from 'react';
import type { Texts } from '../locale/texts.ts';
import { useBeat } from '../parts/beat.ts';
import { Button } from '../parts/button.tsx';
import type { Clock } from '../parts/clock.ts';
import './styles/still-there.css';

const SECOND_MS = 1_000;

interface StillThereProps {
  readonly clock: Clock;
  /** When they are signed out, on the page's monotonic clock; null: nobody is signed in. */
  readonly untilMono: number | null;
  /** How long before that it is said. */
  readonly warnMs: number;
  readonly t: Texts;
  readonly stay: () => void;
}

/** Nobody has touched anything for a while: said before it signs them out. */
export function StillThere({ clock, untilMono, warnMs, t, stay }: StillThereProps): ReactElement | null {
  const now = useBeat(clock, SECOND_MS);
  if (untilMono === null || untilMono - now > warnMs) return null;
  return (
    <div className="still-there" role="alertdialog" aria-label={t('screens.still-there')}>
      <p>{t('screens.signs-out', { seconds: Math.max(0, Math.ceil((untilMono - now) / SECOND_MS)) })}</p>
      <Button clock={clock} className="main" onPress={stay}>
        {t('screens.carry.continue')}
      </Button>
    </div>
  );
}
