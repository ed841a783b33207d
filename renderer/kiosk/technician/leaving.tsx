import type { ReactElement } from 'react';
import { useBeat } from '../../parts/beat.ts';
import { Button } from '../../parts/button.tsx';
import { useDesk } from './desk.ts';
import { WARN_MS } from './model.ts';

const SECOND_MS = 1_000;

/** Nobody has done anything for long: said before it signs them out. */
export function Leaving(): ReactElement | null {
  const { t, clock, model, state } = useDesk();
  const now = useBeat(clock, SECOND_MS);
  const leftMs = (state.signedOutAtMono ?? Number.POSITIVE_INFINITY) - now;
  if (state.view === null || leftMs > WARN_MS) return null;
  return (
    <div className="tech-leaving" role="alertdialog" aria-label={t('tech.stillThere')}>
      <p>{t('tech.signsOut', { seconds: Math.max(0, Math.ceil(leftMs / SECOND_MS)) })}</p>
      <Button clock={clock} className="main" onPress={() => model.stay()}>
        {t('screens.carry.continue')}
      </Button>
    </div>
  );
}
