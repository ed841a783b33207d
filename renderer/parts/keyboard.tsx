import { type ReactElement, useEffect, useRef } from 'react';
import { SimpleKeyboard } from 'simple-keyboard';
import { GAP, KEYBOARD_LAYOUTS, type KeyboardMode, SHIFT } from './keyboard-layouts.ts';

interface KeyboardProps {
  readonly mode: KeyboardMode;
  readonly capitals: boolean;
  readonly shiftName: string;
  readonly onText: (text: string) => void;
  readonly onShift: () => void;
}

/** The keys of one mode. What they write is the caller's: there is no text field behind them. */
export function Keyboard(props: KeyboardProps): ReactElement {
  const { mode, capitals, shiftName } = props;
  const place = useRef<HTMLDivElement>(null);
  const keys = useRef<SimpleKeyboard | null>(null);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    if (place.current === null) return undefined;
    const made = new SimpleKeyboard(place.current, {
      layout: KEYBOARD_LAYOUTS,
      layoutName: nameOf(latest.current),
      theme: 'letters',
      useButtonTag: true,
      // A click: on release, inside, and by the keyboard's Enter too.
      useMouseEvents: true,
      disableButtonHold: true,
      physicalKeyboardHighlight: false,
      preventMouseDownDefault: false,
      buttonTheme: [{ class: 'gap', buttons: GAP }],
      mergeDisplay: true,
      display: { [GAP]: ' ' },
      onKeyPress: (button) => {
        if (button === SHIFT) latest.current.onShift();
        else if (button !== GAP) latest.current.onText(button);
      },
    });
    keys.current = made;
    return () => {
      keys.current = null;
      made.destroy();
    };
  }, []);
  useEffect(() => {
    keys.current?.setOptions({
      layoutName: nameOf({ mode, capitals }),
      display: { [GAP]: ' ', [SHIFT]: shiftName },
    });
  }, [mode, capitals, shiftName]);
  // The library sets the inner element's classes.
  return (
    <div className={`keyboard ${mode}`} lang={mode === 'kana' ? 'ja' : undefined}>
      <div ref={place} className="letters" />
    </div>
  );
}

function nameOf({ mode, capitals }: Pick<KeyboardProps, 'mode' | 'capitals'>): keyof typeof KEYBOARD_LAYOUTS {
  return mode === 'abc' && capitals ? 'capitals' : mode;
}
