/** What happens at the doors, newest first, as it happens. */
import { useEffect, useState } from 'react';
import { LiveOutput, type Passage, PassageMessage } from '../../../main/contract/looks.ts';
import { MOST_ROWS, withMessage } from './passage-list.ts';
import { type Look, useLook, useStaff } from './use.ts';

export interface Live {
  readonly rows: readonly Passage[];
  readonly look: Look<unknown>;
  readonly again: () => void;
}

export function usePassages(): Live {
  const { desk } = useStaff();
  const [news, setNews] = useState<readonly PassageMessage[]>([]);
  const [look, again] = useLook('live', (one) =>
    one.ask(LiveOutput, (calls, signal) => calls.look.live.query({ limit: MOST_ROWS, before: null }, { signal })),
  );
  useEffect(() => {
    const heard = desk.calls.look.passages.subscribe(undefined, {
      onData: (data: unknown) => {
        const message = PassageMessage.safeParse(data);
        if (message.success) setNews((before) => [...before, message.data].slice(-MOST_ROWS));
      },
      // Signed out, or the line is lost: the desk closes by itself.
      onError: () => undefined,
    });
    return () => heard.unsubscribe();
  }, [desk]);
  const first = look.at === 'given' ? look.value.rows : [];
  return { rows: news.reduce(withMessage, first), look, again };
}
