/** What the page finds as `window.genkanShell` when the shell shows it; elsewhere the property is absent. Types only. */

/** A fault's `code` is for the page to act on, `text` for the technicians' screen. */
export interface ShellFault {
  readonly code: ShellFaultCode;
  readonly text: string;
}

/**
 * `not_allowed`: not the controller's page that called · `bad_input`: an argument is not as said below ·
 * `no_backlight`: the screen has none that can be set · `not_permitted`: the system forbids it ·
 * `write_failed`: the screen's driver refused · `busy`: the last change is still being made ·
 * `no_permit`: the permit is wrong, used or older than a minute
 */
export type ShellFaultCode =
  | 'not_allowed'
  | 'bad_input'
  | 'no_backlight'
  | 'not_permitted'
  | 'write_failed'
  | 'busy'
  | 'no_permit';

export type ShellAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ShellFault };

export interface GenkanShell {
  /** Sets the panel's light, 0 (off where the panel can) to 100, whole numbers. */
  readonly brightness: (percent: number) => Promise<ShellAnswer<null>>;
  /** Ends the shell. The permit is the controller's, good for one call. The door goes on. */
  readonly quit: (permit: string) => Promise<ShellAnswer<null>>;
}
