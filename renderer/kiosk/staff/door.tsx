import { type ReactElement, useEffect, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icons.tsx';
import type { Scene } from '../scene.ts';

type Rooms = typeof import('./app.tsx')['StaffApp'];

/** Fetches the staff's screens when somebody asks for them. Can't it, the members' come back. */
export function DeskDoor({ scene }: { readonly scene: Scene }): ReactElement {
  const [rooms, setRooms] = useState<{ readonly App: Rooms } | null>(null);
  const { desk } = scene;
  useEffect(() => {
    let isWanted = true;
    import('./app.tsx').then(
      ({ StaffApp }) => isWanted && setRooms({ App: StaffApp }),
      () => isWanted && desk.close(),
    );
    return () => {
      isWanted = false;
    };
  }, [desk]);
  return rooms === null ? <main className="stage" /> : <rooms.App scene={scene} />;
}

/** Only where somebody can sign in. */
export function DeskButton({
  scene,
  className,
}: {
  readonly scene: Scene;
  readonly className: string;
}): ReactElement | null {
  const { desk, clock, speaker } = scene;
  const [who, setWho] = useState(desk.view().who);
  useEffect(() => desk.subscribe(() => setWho(desk.view().who)), [desk]);
  if (who === null || (who.people.length === 0 && !who.firstManager)) return null;
  const name = speaker.t('screens.waiting.desk');
  const isBare = className.includes('bare');
  return (
    <Button
      className={`desk-button ${className}`}
      clock={clock}
      {...(isBare ? { label: name } : {})}
      onPress={() => desk.open()}
    >
      <Icon name="person" />
      {isBare ? null : name}
    </Button>
  );
}
