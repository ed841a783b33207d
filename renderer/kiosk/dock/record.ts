/** The last things that happened, newest first. Pure. */
import type { PageMessage } from '../../../main/contract/page.ts';

const MOST_LINES = 12;

export interface RecordLine {
  readonly key: string;
  /** Epoch milliseconds; an outcome has none of its own. */
  readonly at: number | null;
  readonly event: number;
  readonly what: 'in' | 'out' | 'refused' | 'opened' | 'unused' | 'silent' | 'unknown';
  /** The rules' code: for newcomers to the house, never for members. */
  readonly reason: string | null;
}

export function record(lines: readonly RecordLine[], message: PageMessage): readonly RecordLine[] {
  const line = lineOf(message);
  return line === null ? lines : [line, ...lines].slice(0, MOST_LINES);
}

function lineOf(message: PageMessage): RecordLine | null {
  switch (message.kind) {
    case 'status':
      return null;
    case 'outcome':
      return {
        key: `${message.of} ${message.outcome}`,
        at: null,
        event: message.of,
        what: message.outcome,
        reason: null,
      };
    case 'unjudged': {
      const { event, at, why } = message;
      return { key: `${event}`, at, event, what: 'refused', reason: why };
    }
    case 'decision': {
      const { event, at, granted, direction, reason } = message;
      return { key: `${event}`, at, event, what: granted ? direction : 'refused', reason };
    }
  }
}
