import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface StartOptions {
  /** The controller's address, on loopback. */
  readonly url: string;
  /** What the controller says to the shell: lines of `main/shell/pipe.ts`. */
  readonly pipe: Readable;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The clone's folder. */
  readonly root?: string;
}

export type Started =
  | {
      readonly started: true;
      /** Ends with 0 when somebody ended the shell by permit; what it has to say goes to standard error. */
      readonly child: ChildProcess;
      /** Joins the pipe of a controller that was started anew. */
      readonly listenTo: (pipe: Readable) => void;
    }
  /** `line` is for whoever started it. */
  | { readonly started: false; readonly line: string };

export function startShell(options: StartOptions): Started;

/** Null where Electron's binary isn't installed. Never downloads. */
export function electronBinary(root?: string): string | null;

/** Only when somebody asked for it. Resolves to null, or to a line that says that it failed. */
export function fetchElectron(options: { readonly node: string; readonly root?: string }): Promise<string | null>;
