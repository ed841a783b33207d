/** How a verb is offered: to the main frame of the controller's own page, and to nobody else. */
import type { Result } from '../../core/result.ts';
import { type Address, isOwn } from '../address.ts';
import type { Caller, ShellElectron } from '../electron.ts';
import type { ShellFault } from '../page-api.ts';
import type { Say } from '../say.ts';

/** `input` is whatever the page gave. Never throws. */
export type Verb = (input: unknown) => Promise<Result<null, ShellFault>>;

export interface Doorkeeper {
  readonly ipcMain: ShellElectron['ipcMain'];
  readonly address: Address;
  /** Of the window's contents. */
  readonly contentsId: number;
  readonly say: Say;
}

export function offer(channel: string, verb: Verb, { ipcMain, address, contentsId, say }: Doorkeeper): void {
  const mayCall = (caller: Caller): boolean => {
    const frame = caller.senderFrame;
    if (frame === null || frame.parent !== null || caller.sender.id !== contentsId) return false;
    return isOwn(address, frame.origin);
  };
  ipcMain.handle(channel, async (caller, input): Promise<Result<null, ShellFault>> => {
    if (mayCall(caller)) return verb(input);
    say("Shell: something other than the controller's page called a verb; refused");
    return { ok: false, error: { code: 'not_allowed', text: "only the controller's page may ask for this" } };
  });
}
