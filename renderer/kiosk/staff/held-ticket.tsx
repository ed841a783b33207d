/** Lends the door's reader to this screen for a while, so that a ticket held before it comes here. */
import { type ReactElement, useEffect, useRef, useState } from 'react';
import { HeldTicketMessage } from '../../../main/contract/looks.ts';
import { Button } from '../../parts/button.tsx';
import { useBeat, useStaff } from './use.ts';

const SECOND_MS = 1_000;

type Lent = { readonly at: 'asking' | 'over' } | { readonly at: 'lent'; readonly untilMono: number };

/** Once at the opening of the screen, and again when it is asked for. @param take gets the ticket's code */
function useHeldTicket(take: (text: string) => void): readonly [Lent, () => void] {
  const { desk, clock, scene, t, toast } = useStaff();
  const doorId = scene.snap.door?.id ?? null;
  const [lent, setLent] = useState<Lent>({ at: 'asking' });
  const [turn, setTurn] = useState(0);
  const hear = (message: HeldTicketMessage): void => {
    switch (message.kind) {
      case 'lent':
        setLent({ at: 'lent', untilMono: clock.mono() + message.leftMs });
        break;
      case 'ticket':
        take(message.text);
        break;
      case 'door':
        toast(t('staff.held-door'));
        break;
      case 'over':
        setLent({ at: 'over' });
        break;
    }
  };
  const latest = useRef(hear);
  latest.current = hear;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks anew
  useEffect(() => {
    if (doorId === null) return undefined;
    const heard = desk.calls.look.heldTicket.subscribe(
      { doorId },
      {
        onData: (data: unknown) => {
          const message = HeldTicketMessage.safeParse(data);
          if (message.success) latest.current(message.data);
        },
        // Signed out, or the line is lost: the desk closes by itself.
        onError: () => undefined,
      },
    );
    return () => heard.unsubscribe();
  }, [desk, doorId, turn]);
  return [lent, () => setTurn((before) => before + 1)];
}

export function HeldTicket({ take }: { readonly take: (text: string) => void }): ReactElement | null {
  const { t, clock } = useStaff();
  const [lent, again] = useHeldTicket(take);
  useBeat(clock, SECOND_MS);
  if (lent.at === 'asking') return null;
  if (lent.at === 'lent') {
    const seconds = Math.max(0, Math.ceil((lent.untilMono - clock.mono()) / SECOND_MS));
    return <p className="w-note w-lent">{t('staff.held-lent', { seconds })}</p>;
  }
  return (
    <>
      <p className="w-note w-lent">{t('staff.held-over')}</p>
      <Button clock={clock} onPress={again}>
        {t('staff.held-again')}
      </Button>
    </>
  );
}
