/** Are two replicas the same? SHA-256 over the site in its canonical form, as the hub has it too. */
import { createHash } from 'node:crypto';
import { canonicalSite } from '../../sync/wire/canonical.ts';
import type { SiteBundle } from '../core/model.ts';

/** @returns hexadecimal digits; of `null` where there is no site */
export function digestOfSite(site: SiteBundle | null): string {
  return createHash('sha256')
    .update(site === null ? 'null' : canonicalSite(site))
    .digest('hex');
}
