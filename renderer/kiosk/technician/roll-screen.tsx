import { type ReactElement, useCallback, useEffect, useState } from 'react';
import { RollOutput } from '../../../main/contract/looks.ts';
import { Button } from '../../parts/button.tsx';
import { RollNames, type RollShown } from '../staff/roll.tsx';
import { Busy, Task, Trouble } from './bits.tsx';
import { useDesk } from './desk.ts';
import type { Asked } from './model.ts';

/** Who is inside: whoever is at the unit when everybody has to go out may be the one who needs it. */
export function RollScreen(): ReactElement {
  const { words, model, clock, formats, language } = useDesk();
  const [roll, setRoll] = useState<Asked<RollShown> | null>(null);
  const look = useCallback((): void => {
    void model.ask(RollOutput, () => model.calls.look.roll.query()).then(setRoll);
  }, [model]);
  useEffect(look, [look]);
  const actions = (
    <>
      <Button clock={clock} onPress={look}>
        {words('staff.anew')}
      </Button>
      <Button clock={clock} onPress={() => window.print()}>
        {words('staff.print')}
      </Button>
    </>
  );
  return (
    <Task head={words('staff.roll-title')} about={null} actions={actions}>
      {roll === null ? <Busy /> : null}
      {roll?.ok === false ? <Trouble refusal={roll.refusal} /> : null}
      {roll?.ok === true ? <RollNames roll={roll.value} t={words} {...{ formats, language }} /> : null}
    </Task>
  );
}
