/** The units of this site on its network, tied to the running unit: what is heard there decides here at once. */
import { MdnsFinder } from '../../sync/link/peers/mdns-finder.ts';
import { Peers } from '../../sync/link/peers/peers.ts';
import type { PeerReplica } from '../../sync/link/peers/ports.ts';
import { TlsNetwork } from '../../sync/link/peers/tls-network.ts';
import type { LanConfig } from '../contract/lan.ts';
import type { Clock } from '../core/clock.ts';
import type { LeaseReader } from '../store/lease-facts.ts';
import type { Log } from './log.ts';
import type { PeersHealth } from './status.ts';

export interface SitePeersParts {
  readonly peers: LanConfig['peers'];
  readonly clock: Clock;
  readonly log: Log;
  readonly replica: PeerReplica;
  readonly leases: Pick<LeaseReader, 'hears'>;
  /** Whether the connection to the hub is live. */
  readonly isHubLive: () => boolean;
  /** History of another unit is here, which the hub may not have. */
  readonly heard: () => void;
}

export class SitePeers {
  readonly #parts: SitePeersParts;
  readonly #peers: Peers | null;

  constructor(parts: SitePeersParts) {
    this.#parts = parts;
    this.#peers = parts.peers === null ? null : this.#make(parts.peers);
  }

  start(): void {
    // What goes wrong is tried again, and said.
    void this.#peers?.start();
  }

  async close(): Promise<void> {
    await this.#peers?.close();
  }

  /** Something new is on record. */
  recorded(): void {
    this.#peers?.recorded();
  }

  /** The hub has come or gone, or a unit of the site has. */
  hearingChanged(): void {
    const { leases, isHubLive } = this.#parts;
    leases.hears({ hub: isHubLive(), peers: this.#peers?.heard ?? new Set() });
  }

  /** null: units of this site aren't looked for. */
  health(): PeersHealth | null {
    const report = this.#peers?.report();
    if (report === undefined) return null;
    const { silentMs, ...counts } = report;
    return { ...counts, silentSeconds: silentMs === null ? null : Math.round(silentMs / 1_000) };
  }

  #make({ host, port }: NonNullable<LanConfig['peers']>): Peers {
    const { clock, log, replica, heard } = this.#parts;
    const tell = (line: string) => log.info(line);
    return new Peers({
      ...{ clock, replica, tell },
      network: new TlsNetwork(host, port),
      finder: new MdnsFinder(host, tell),
      hearing: () => this.hearingChanged(),
      changed: heard,
    });
  }
}
