/** What a controller is started with. */
import type { Config } from '../contract/config.ts';
import type { Demo } from './demo.ts';
import type { Probe } from './probe.ts';

/** What the program has only in the demo and in development. */
export interface Development {
  readonly makeDemo: (config: Config, configFile: string) => Demo;
  readonly probe: Probe;
}

export interface StartOptions {
  readonly configFile: string;
  readonly guardFile: string;
  /** The program that lays reports out. */
  readonly paperFile: string;
  /** The program of the thread that reads the hub's rows. */
  readonly rowsFile: string;
  readonly pageDir: string;
  readonly version: string;
  /** End when standard input ends: whoever started us is gone. */
  readonly withParent: boolean;
  readonly development: Development | null;
  /** Where the one line with the address goes. */
  readonly announce: (line: string) => void;
  readonly exit: (code: number) => void;
  /** The process's own: where a service manager leaves its address. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
