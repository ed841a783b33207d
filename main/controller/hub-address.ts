/** The hub of the configuration: checked when the file is read, so that later nothing can be wrong with it. */
import { parseAddress } from '../../sync/link/address.ts';
import type { HubAddress } from '../../sync/link/ports.ts';
import type { Config } from '../contract/config.ts';
import { err, ok, type Result } from '../core/result.ts';

/** The configuration's, which was checked when it was read. */
export function addressOf(hub: Config['hub']): HubAddress | null {
  const address = hub === null ? null : parseAddress(hub.url, hub.pin);
  return address?.ok ? address.value : null;
}

/** What is wrong with the configuration's hub: path and expectation. */
export function checkHub(hub: Config['hub']): Result<void, string> {
  const address = hub === null ? null : parseAddress(hub.url, hub.pin);
  return address === null || address.ok ? ok(undefined) : err(`hub: ${address.error}`);
}
