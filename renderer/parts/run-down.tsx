import type { ReactElement } from 'react';

/** A ring that runs down, from full to nothing in `everyMs`; of those, `leftMs` are left. Turns only, nothing is drawn anew. */
export function RunDown({ everyMs, leftMs }: { readonly everyMs: number; readonly leftMs: number }): ReactElement {
  const style = { animationDuration: `${everyMs}ms`, animationDelay: `${leftMs - everyMs}ms` };
  return (
    <span className="run-down" aria-hidden="true">
      <span>
        <i style={style} />
      </span>
      <span>
        <i style={style} />
      </span>
    </span>
  );
}
