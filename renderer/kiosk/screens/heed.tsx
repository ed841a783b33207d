import type { ReactElement } from 'react';
import { Icon } from '../../parts/icons.tsx';
import type { Said } from '../words.ts';

/** The gold band below a field: what to know, though nobody is stopped. */
export function Heed({ warnings }: { readonly warnings: readonly Said[] }): ReactElement | null {
  if (warnings.length === 0) return null;
  return (
    <div className="heedband">
      <Icon name="warning" />
      <div>
        {warnings.map(({ title, remedy }) => (
          <p key={title}>
            <b>{title}</b>
            <span>{remedy}</span>
          </p>
        ))}
      </div>
    </div>
  );
}
