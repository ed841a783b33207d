import type { ReactElement } from 'react';

/** More can't be told apart at a glance: then the numbers beside it are all. */
const MOST_PIPS = 12;

/** `used` of `limit`, as dots. Nothing where there would be too many. */
export function Pips({ used, limit }: { readonly used: number; readonly limit: number }): ReactElement | null {
  if (limit < 1 || limit > MOST_PIPS) return null;
  const dots = Array.from({ length: limit }, (_, index) => index);
  return (
    <div className="pips" aria-hidden="true">
      {dots.map((dot) => (
        <i key={dot} className={dot < used ? 'used' : undefined} />
      ))}
    </div>
  );
}
