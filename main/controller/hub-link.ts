/** Ties the link to the running unit: what it may ask, what it is told, and what healthz and the page say of it. */
import { parseAddress } from '../../sync/link/address.ts';
import { WebSocketDialer } from '../../sync/link/dialer.ts';
import { Link } from '../../sync/link/link.ts';
import type { LinkReport, Replica, RowsReader } from '../../sync/link/ports.ts';
import { CHANCE } from '../../sync/link/proof.ts';
import type { Config } from '../contract/config.ts';
import type { Clock } from '../core/clock.ts';
import type { Right } from '../core/leases.ts';
import { err, type Result } from '../core/result.ts';
import type { ControlAnswer, ControlRequest } from './control.ts';
import { addressOf } from './hub-address.ts';
import type { Log } from './log.ts';
import { type GivePayload, type RemoteActor, RemoteCommands } from './remote-commands.ts';
import type { HubView, PeersHealth } from './status.ts';
import type { Unit } from './unit.ts';

export interface HubHealth {
  readonly state: 'unpaired' | 'away' | 'snapshot' | 'live' | 'revoked';
  /** Since the last contact at which all was applied; null: there was none. */
  readonly dataAgeSeconds: number | null;
  /** Events that the hub doesn't have. */
  readonly queue: number;
  /** Of a first sync; null: none is under way. */
  readonly progress: { readonly rows: number; readonly of: number } | null;
}

export interface HubLinkParts {
  readonly hub: Config['hub'];
  readonly clock: Clock;
  readonly log: Log;
  readonly replica: Replica;
  readonly reader: RowsReader;
  readonly unit: Unit;
  /** Epoch ms of the last data; null: there is none. */
  readonly dataAt: () => number | null;
  readonly restart: () => void;
  readonly putBack: () => boolean;
  readonly give: (payload: GivePayload, actor: RemoteActor) => Result<void, string>;
  readonly changed: () => void;
  readonly peers: () => PeersHealth | null;
}

export const NOT_REVOKED =
  'the hub has not revoked this unit, or it has not heard of it: revoke it there, and let it call once';

/** A scan with its command and its outcome takes no longer. */
const SCAN_MS = 50;
const AWAY_MS = 24 * 3_600_000;
/** A clock that stays in doubt is looked up again no sooner. */
const ASK_TIME_MS = 60_000;

export class HubLink implements HubView {
  readonly #parts: HubLinkParts;
  readonly #link: Link;
  readonly #began: number;
  #isStopped = false;
  #askedMono = Number.NEGATIVE_INFINITY;

  constructor(parts: HubLinkParts) {
    this.#parts = parts;
    const { clock, replica, reader, unit, log, restart, putBack, give, changed } = parts;
    this.#began = clock.wall();
    const commands = new RemoteCommands({
      clock,
      desk: unit.doors.desk,
      journal: unit.journal,
      refresh: () => this.#link.renew(),
      restart,
      give,
    });
    this.#link = new Link({
      clock,
      replica,
      remote: {
        command: (id, payload) => Promise.resolve(commands.run(id, payload)),
        hubTime: (at) => unit.watch.hubTime(at),
        changed: (what) => this.#dataChanged(what),
        putBack,
      },
      dialer: new WebSocketDialer(clock),
      reader,
      chance: CHANCE,
      address: addressOf(parts.hub),
      quiet: () => clock.mono() - unit.scannedMono > SCAN_MS,
      tell: (line) => log.info(line),
      changed,
    });
  }

  start(): void {
    this.#link.start();
  }

  /** After this nothing asks the store any more: it may be closed. */
  stop(): void {
    this.#link.stop();
    this.#isStopped = true;
  }

  /** Something new is on record. */
  recorded(): void {
    this.#link.recorded();
  }

  /** A known member was refused: what the hub knows may be newer. */
  refused(memberId: string, elsewhere: Right | null): void {
    this.#link.refresh(memberId, elsewhere);
  }

  get isLive(): boolean {
    return this.#link.report().state.at === 'live';
  }

  /** The clock is in doubt: the hub's time, signed, may end that. */
  clockDoubted(): void {
    if (this.#isStopped) return;
    const now = this.#parts.clock.mono();
    if (now - this.#askedMono < ASK_TIME_MS) return;
    this.#askedMono = now;
    this.#link.renew();
  }

  /** @param code without separators @param name what people call this unit */
  pair(url: string, code: string, name: string | null): Promise<Result<string, string>> {
    const pin = this.#parts.hub?.pin ?? null;
    const address = parseAddress(url, pin);
    return address.ok ? this.#link.pair({ address: address.value, code, name }) : Promise.resolve(err(address.error));
  }

  /** On site. */
  wipe(): ControlAnswer {
    if (!this.#link.wipe()) return { ok: false, lines: [NOT_REVOKED] };
    return {
      ok: true,
      lines: ['all members are being wiped: `members-wiped` stands in the record when they are gone'],
    };
  }

  /** null: there is no hub. */
  health(): HubHealth | null {
    if (this.#isStopped) return null;
    const report = this.#link.report();
    const { state } = report;
    if (state.at === 'off') return null;
    const progress = state.at === 'snapshot' ? { rows: state.rows, of: state.of } : null;
    const age = this.#ageMs(report);
    const dataAgeSeconds = age === null ? null : Math.round(age / 1_000);
    return { state: state.at, dataAgeSeconds, queue: report.queue, progress };
  }

  peers(): PeersHealth | null {
    return this.#isStopped ? null : this.#parts.peers();
  }

  /** Whether a hub that should be there has been away for a day. */
  get isLost(): boolean {
    if (this.#isStopped) return false;
    const report = this.#link.report();
    const { at } = report.state;
    if (at === 'off' || at === 'live' || at === 'snapshot') return false;
    const age = this.#ageMs(report) ?? this.#parts.clock.wall() - this.#began;
    return age > AWAY_MS;
  }

  #ageMs({ freshMs }: LinkReport): number | null {
    if (freshMs !== null) return freshMs;
    const at = this.#parts.dataAt();
    return at === null ? null : Math.max(0, this.#parts.clock.wall() - at);
  }

  /** What is stored has changed by other means. */
  dataChanged(): void {
    this.#parts.changed();
  }

  #dataChanged(what: 'all' | 'history'): void {
    const { unit, changed } = this.#parts;
    if (what === 'all') unit.dataChanged();
    changed();
  }
}

export async function pairByControl(
  hub: HubLink,
  { url, code, name }: Extract<ControlRequest, { readonly do: 'pair' }>,
): Promise<ControlAnswer> {
  const paired = await hub.pair(url, code, name);
  return paired.ok ? { ok: true, lines: [pairedText(paired.value)] } : { ok: false, lines: [paired.error] };
}

export function pairedText(tenant: string): string {
  return `paired with ${tenant}: the unit takes its data from the hub now`;
}
