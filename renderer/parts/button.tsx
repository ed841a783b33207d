import { type ReactElement, type ReactNode, useRef } from 'react';
import type { Clock } from './clock.ts';

/** Wet or gloved fingers press twice. */
const DEAF_MS = 400;

interface ButtonProps {
  readonly clock: Clock;
  readonly onPress: () => void;
  readonly className?: string;
  /** The name, where no word is shown. */
  readonly label?: string;
  readonly pressed?: boolean;
  /** Its work is being done: it takes no further press. */
  readonly busy?: boolean;
  /** There is nothing to press now. */
  readonly off?: boolean;
  /** For keys, which are pressed twice on purpose; else 400. */
  readonly deafMs?: number;
  /** It comes up by itself, perhaps under a finger that means something else: it is deaf for a moment first. */
  readonly comesUp?: boolean;
  readonly lang?: string;
  readonly children: ReactNode;
}

/** Acts on release, inside, once: it is deaf for a moment after a press. */
export function Button(props: ButtonProps): ReactElement {
  const deafUntilMono = useRef(props.comesUp === true ? props.clock.mono() + DEAF_MS : 0);
  const press = (): void => {
    const now = props.clock.mono();
    if (props.busy === true || now < deafUntilMono.current) return;
    deafUntilMono.current = now + (props.deafMs ?? DEAF_MS);
    props.onPress();
  };
  return (
    <button
      type="button"
      className={props.className === undefined ? 'btn' : `btn ${props.className}`}
      aria-label={props.label}
      aria-pressed={props.pressed}
      aria-busy={props.busy}
      disabled={props.off}
      lang={props.lang}
      onClick={press}
    >
      {props.children}
    </button>
  );
}
