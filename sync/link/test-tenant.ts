/** For tests: a tenant as it is, running units and their hub, over lines that are flushed by hand. */
import { verify } from 'node:crypto';
import { VirtualClock } from '../../device/clock/virtual.ts';
import type { Settings } from '../../main/contract/settings.ts';
import { giveLease } from '../../main/controller/leases.ts';
import { NO_SETTINGS, NOON, newStore, TEST_SITE, TestAppliance } from '../../main/controller/testing.ts';
import type { SiteBundle } from '../../main/core/model.ts';
import { ok } from '../../main/core/result.ts';
import { must } from '../../main/store/testing.ts';
import { adminRouter } from '../hub/admin/router.ts';
import type { Role } from '../hub/ports.ts';
import { HUB_LIMITS } from '../hub/units/limits.ts';
import { Link } from './link.ts';
import type { Replica } from './ports.ts';
import { CHANCE } from './proof.ts';
import { RealHub, TENANT } from './test-real-hub.ts';
import { ADDRESS, HandNetwork, makeKey, NO_READER } from './testing.ts';

/** A door's unit with its link. Its people come when the test says so. */
export class TenantUnit {
  readonly network = new HandNetwork();
  replica: Replica;
  link: Link;
  readonly appliance: TestAppliance;
  /** What it has said to commands. */
  readonly answers: (readonly [what: string, answer: string])[] = [];

  constructor() {
    const store = newStore(null);
    this.appliance = new TestAppliance(null, {}, 'none', store, {
      recorded: () => this.link.recorded(),
      refused: (memberId, elsewhere) => this.link.refresh(memberId, elsewhere),
    });
    this.replica = store.replica(() => this.appliance.clock.mono());
    this.link = this.#newLink();
  }

  /** As after a power cut: what is known is what its database has. */
  restart(): void {
    const { store, clock } = this.appliance;
    this.link.stop();
    this.replica = store.replica(() => clock.mono());
    this.link = this.#newLink();
    this.link.start();
  }

  #newLink(): Link {
    const { clock, unit } = this.appliance;
    return new Link({
      clock,
      replica: this.replica,
      remote: {
        command: (id, payload) => {
          if (payload.do !== 'give') return Promise.resolve(ok('done'));
          const given = giveLease(unit, payload, { by: payload.by, command: id });
          this.answers.push([payload.do, given.ok ? 'given' : given.error]);
          return Promise.resolve(given.ok ? ok('given') : given);
        },
        hubTime: () => undefined,
        putBack: () => false,
        changed: (what) => {
          if (what === 'all') unit.dataChanged();
        },
      },
      dialer: this.network,
      reader: NO_READER,
      chance: CHANCE,
      address: ADDRESS,
      quiet: () => true,
      tell: () => undefined,
      changed: () => undefined,
    });
  }

  /** Why somebody with this code may enter now, or may not. */
  async scan(code: string): Promise<string> {
    await this.appliance.scan(code);
    return this.appliance.events('scan').at(-1)?.result?.reason ?? 'nothing';
  }
}

export class TestTenant {
  readonly clock = new VirtualClock({ wallMs: NOON });
  readonly hub: RealHub;
  readonly units: TenantUnit[] = [];

  private constructor(clock: VirtualClock, hub: RealHub) {
    this.clock = clock;
    this.hub = hub;
  }

  static async make(site: SiteBundle = TEST_SITE, settings: Partial<Settings> = {}): Promise<TestTenant> {
    const clock = new VirtualClock({ wallMs: NOON });
    const hub = await RealHub.make(clock, site);
    must(await hub.store.importSettings(TENANT, { ...NO_SETTINGS, ...settings }, 'ana', NOON));
    return new TestTenant(clock, hub);
  }

  /** One more unit, paired, with all that the hub has. */
  async add(site: string): Promise<TenantUnit> {
    const unit = new TenantUnit();
    await unit.appliance.start();
    this.reach(unit, true);
    this.units.push(unit);
    await this.pass(1_000, 1);
    const pairing = unit.link.pair({ address: ADDRESS, code: await this.hub.code(site), name: site });
    await this.pass(10, 6);
    must(await pairing);
    unit.link.start();
    await this.pass(2_000);
    return unit;
  }

  /** Whether the hub can be reached from there. */
  reach({ network }: TenantUnit, isThere: boolean): void {
    network.answer = isThere ? (line) => this.hub.accept(line) : null;
    if (!isThere) network.lines.at(-1)?.cut();
  }

  /** So much time passes, and all that is said arrives. */
  async pass(ms: number, rounds = 20): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      for (const clock of [this.clock, ...this.units.map(({ appliance }) => appliance.clock)])
        await clock.advance(Math.ceil(ms / rounds));
      for (const line of this.units.flatMap(({ network }) => network.lines)) {
        line.flushUp();
        line.flushDown();
      }
      for (let turn = 0; turn < 3; turn += 1) await Promise.all(Array.from({ length: 4 }, elsewhereDone));
    }
  }

  /** One message of the unit's line arrives, each way. */
  async step({ network, appliance }: TenantUnit): Promise<void> {
    for (const clock of [this.clock, appliance.clock]) await clock.advance(20);
    network.line.flushUp(1);
    for (let turn = 0; turn < 2; turn += 1) await Promise.all(Array.from({ length: 4 }, elsewhereDone));
    network.line.flushDown(1);
  }

  /** Calls as an operator of the tenant makes them. */
  operator(role: Role = 'operator') {
    const { server } = this.hub;
    const { store, clock } = { store: this.hub.store, clock: this.clock };
    const log = { info: () => undefined, warn: () => undefined };
    const parts = { store, clock, log, keys: this.hub.keys, limits: HUB_LIMITS };
    const actor = { tenant: TENANT, role, person: 'Ana', digest: 'd' };
    return adminRouter.createCaller({ parts, units: server, actor, unitUrl: ADDRESS.url });
  }

  async close(): Promise<void> {
    for (const { link, appliance } of this.units) {
      link.stop();
      appliance.store.close();
    }
    await this.hub.close();
  }
}

const KEY = makeKey();
const PROOF = Buffer.from(KEY.sign('x'), 'base64url');

/** The hub checks signatures on other threads: what it began before is done after. */
export function elsewhereDone(): Promise<void> {
  const key = { key: { kty: 'OKP', crv: 'Ed25519', x: KEY.publicKey }, format: 'jwk' } as const;
  return new Promise((resolve) => {
    verify(null, Buffer.from('x'), key, PROOF, () => resolve());
  });
}
