import type { ReactElement } from 'react';
import type { Scene } from '../scene.ts';

const MINUTE_MS = 60_000;
/** Steps over the screen that have no common divisor, so that no place is lit often. */
const ACROSS = 61;
const DOWN = 71;
const STEP_ACROSS = 17;
const STEP_DOWN = 23;

/** Closed, and nobody there: a clock alone, elsewhere each minute. */
export function Black({ scene }: { readonly scene: Scene }): ReactElement {
  const { wall } = scene.snap;
  const minute = Math.floor(wall / MINUTE_MS);
  const across = (minute * STEP_ACROSS) % ACROSS;
  const down = (minute * STEP_DOWN) % DOWN;
  return (
    <div className="black">
      <p className="num" style={{ transform: `translate(${across}cqw, ${down}cqh)` }}>
        {scene.speaker.formats.time(wall)}
      </p>
    </div>
  );
}
