import { type KeyboardEvent, type ReactElement, useEffect, useRef } from 'react';
import { Button } from '../../parts/button.tsx';
import type { Scene } from '../scene.ts';
import { DeskButton } from '../staff/door.tsx';
import { Languages, TextSize } from './top-bar.tsx';
import { hasWays, Ways } from './ways.tsx';

/** Language and text size, where the top bar has no room for them: they take the whole stage. Codes are read meanwhile. */
export function Sheet({ scene }: { readonly scene: Scene }): ReactElement {
  const { kiosk, clock, speaker } = scene;
  const sheet = useRef<HTMLDivElement>(null);
  const close = (): void => kiosk.press({ press: 'sheet' });
  useEffect(() => sheet.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') close();
  };
  return (
    <div
      ref={sheet}
      className="scene sheet"
      role="dialog"
      aria-modal="true"
      aria-label={speaker.t(hasWays(scene) ? 'screens.waiting.more' : 'screens.waiting.display')}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <Ways scene={scene} />
      <Languages scene={scene} />
      <TextSize scene={scene} worded />
      <DeskButton scene={scene} className="" />
      <Button clock={clock} onPress={close}>
        {speaker.t('screens.refused.close')}
      </Button>
    </div>
  );
}
