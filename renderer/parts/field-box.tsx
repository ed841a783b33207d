import type { ReactElement } from 'react';
import { Button } from './button.tsx';
import type { Clock } from './clock.ts';
import { Icon } from './icons.tsx';

interface FieldBoxProps {
  readonly clock: Clock;
  readonly name: string;
  /** Beside the name: whether it is needed. */
  readonly hint: string;
  readonly value: string;
  /** The keys write here. */
  readonly isOn: boolean;
  readonly isGood: boolean;
  /** What the tick says to who can't see it. */
  readonly goodName: string;
  /** What is expected, where what stands there isn't that; in the place of the hint, so that nothing moves. */
  readonly look: string | null;
  /** Which of how many, for rooms that show one at a time. */
  readonly place?: string;
  readonly onPress: () => void;
}

/** A field of a form that is filled in by the keyboard on the screen. Pressed, it is the one that the keys write to. */
export function FieldBox(props: FieldBoxProps): ReactElement {
  const { name, hint, value, isOn, isGood, goodName, look } = props;
  const kind = ['fieldbox', isOn ? 'on' : '', look === null ? '' : 'look'].filter(Boolean).join(' ');
  return (
    <Button className={kind} clock={props.clock} pressed={isOn} deafMs={0} onPress={props.onPress}>
      <span className="name">
        {props.place === undefined ? null : <small className="place num">{props.place}</small>}
        <b>{name}</b> <small>{look ?? hint}</small>
      </span>
      <span className="input">
        <span className="value">
          <bdi>{value}</bdi>
          {isOn ? <i className="caret" /> : null}
        </span>
        {isGood ? (
          <span role="img" aria-label={goodName}>
            <Icon name="good" />
          </span>
        ) : null}
      </span>
    </Button>
  );
}
