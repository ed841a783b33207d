/** The unit's lines to others, the hub and the units of its site, as one part of the running unit. */
import type { Config } from '../contract/config.ts';
import type { Clock } from '../core/clock.ts';
import type { Right } from '../core/leases.ts';
import type { Store } from '../store/store.ts';
import { HubLink } from './hub-link.ts';
import { giveLease } from './leases.ts';
import type { Log } from './log.ts';
import { SitePeers } from './peers.ts';
import { RowsThread } from './rows-thread.ts';
import type { Unit } from './unit.ts';

export interface UnitSyncParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  /** The program of the thread that reads the hub's rows. */
  readonly rowsFile: string;
  readonly restart: () => void;
  readonly putBack: () => boolean;
}

export class UnitSync {
  readonly hub: HubLink;
  readonly #peers: SitePeers;

  /** @param changed told when the hub comes or goes, or has brought something */
  constructor(parts: UnitSyncParts, unit: Unit, changed: () => void) {
    const { config, clock, log, store, restart, putBack } = parts;
    const replica = store.replica(() => clock.mono());
    this.hub = new HubLink({
      hub: config.hub,
      ...{ clock, log, replica, unit, restart, putBack },
      reader: new RowsThread({
        ...{ log, file: parts.rowsFile, secret: store.secret },
        stage: (rows, cursor) => replica.stage(rows, cursor),
      }),
      dataAt: () => store.record.unit().imported_at,
      peers: () => this.#peers.health(),
      give: (payload, actor) => giveLease(unit, payload, actor),
      changed: () => {
        this.#peers.hearingChanged();
        changed();
      },
    });
    this.#peers = new SitePeers({
      peers: config.lan?.peers ?? null,
      ...{ clock, log, replica },
      leases: store.facts.leases,
      isHubLive: () => this.hub.isLive,
      heard: () => this.hub.recorded(),
    });
  }

  start(): void {
    this.hub.start();
    this.#peers.start();
  }

  async stop(): Promise<void> {
    this.hub.stop();
    await this.#peers.close();
  }

  /** Something new is on record. */
  recorded(): void {
    this.hub.recorded();
    this.#peers.recorded();
  }

  /** A known member was refused. @param elsewhere what another site has the lease of */
  refused(memberId: string, elsewhere: Right | null): void {
    this.hub.refused(memberId, elsewhere);
  }
}
