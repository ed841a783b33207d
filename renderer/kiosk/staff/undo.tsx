import { type ReactElement, useState } from 'react';
import { UndoOutput } from '../../../main/contract/staff.ts';
import { Button } from '../../parts/button.tsx';
import { Ask } from './bits.tsx';
import { useAct, useStaff } from './use.ts';

interface UndoProps {
  readonly event: number;
  readonly name: string;
  readonly done: () => void;
}

/** Takes an entry or a ticket's use back, as long as that may be. Asks once. */
export function UndoButton({ event, name, done }: UndoProps): ReactElement {
  const { t, clock, toast } = useStaff();
  const [asks, setAsks] = useState(false);
  const act = useAct();
  const go = (): void =>
    act.run(
      UndoOutput,
      (calls, id, on) => calls.act.undo.mutate({ act: id, event }, on),
      ({ bands, uses, stays }) => {
        toast(t('staff.did-undo', { rights: bands + uses, stays }));
        setAsks(false);
        done();
      },
    );
  return (
    <>
      <Button clock={clock} onPress={() => setAsks(true)}>
        {t('staff.undo')}
      </Button>
      {asks ? (
        <Ask
          title={t('staff.ask-undo', { name })}
          says={[t('staff.says-undo-right'), t('staff.says-undo-stay'), t('staff.says-undo-record')]}
          go={t('staff.undo')}
          act={act}
          onGo={go}
          close={() => setAsks(false)}
        />
      ) : null}
    </>
  );
}
