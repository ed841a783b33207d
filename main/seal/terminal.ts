/** The terminal that a command was started at. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Asked } from './asking.ts';

/** Questions go to standard error, since standard output may be the document. Neither is touched before it is needed. */
export function ownTerminal(own: Pick<NodeJS.Process, 'stdin' | 'stderr'>): Asked {
  return {
    get isTerminal() {
      return own.stdin.isTTY && own.stderr.isTTY;
    },
    say: (line) => void own.stderr.write(line),
    input: () => text(own.stdin),
    secret: async (question) => {
      const typed = await unseen(own.stdin, () => own.stderr.write(question));
      own.stderr.write('\n');
      return typed;
    },
  };
}

/** The line editor echoes into nothing. @param ask once nothing is shown any more @returns null: Ctrl-C, or the end of input */
async function unseen(input: NodeJS.ReadStream, ask: () => void): Promise<string | null> {
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
  const editor = createInterface({ input, output: nothing, terminal: true, historySize: 0 });
  const gone = new AbortController();
  editor.on('SIGINT', () => gone.abort()).on('close', () => gone.abort());
  ask();
  try {
    return await editor.question('', { signal: gone.signal });
  } catch {
    return null;
  } finally {
    editor.close();
  }
}
