/** All calls of operators. The console and `hubctl` know their types from here. */
import { audit, hubAudit, hubTokens, self, setup, tenants, tokens } from './access.ts';
import { router } from './call.ts';
import { commands, pairing, units } from './fleet.ts';
import { handovers } from './handovers.ts';
import { carried, entities, settings, site } from './rows.ts';
import { upkeep } from './upkeep.ts';
import { alerts, counts, events, leases, members } from './watch.ts';

export const adminRouter = router({
  setup,
  self,
  tenants,
  tokens,
  hubTokens,
  audit,
  hubAudit,
  pairing,
  units,
  commands,
  entities,
  site,
  settings,
  carried,
  events,
  counts,
  members,
  alerts,
  leases,
  handovers,
  upkeep,
});
export type AdminRouter = typeof adminRouter;
