/** A whole unit in virtual time: the real engine, store and guard logic, simulated door, reader and clock. */
import { randomBytes } from 'node:crypto';
import pino from 'pino';
import { VirtualClock } from '../../device/clock/virtual.ts';
import { VirtualKernelTime } from '../../device/clock/virtual-kernel-time.ts';
import { SimDoor } from '../../device/sim/door.ts';
import { SimInput } from '../../device/sim/input.ts';
import { SimReader } from '../../device/sim/reader.ts';
import { type Config, parseConfig } from '../contract/config.ts';
import type { PageMessage } from '../contract/page.ts';
import type { Settings } from '../contract/settings.ts';
import type { Right } from '../core/leases.ts';
import type { SiteBundle } from '../core/model.ts';
import { Guard } from '../guard/guard.ts';
import { makeLocks } from '../guard/locks.ts';
import type { FromGuard } from '../guard/protocol.ts';
import type { StoreFault } from '../store/faults.ts';
import { KEY_BYTES, Keys } from '../store/keys.ts';
import { Store } from '../store/store.ts';
import { ClockWatch, pastOf } from './clock-trust.ts';
import type { DoorSignal } from './door-desk.ts';
import type { Journal } from './journal.ts';
import type { Probe } from './probe.ts';
import type { Reserve } from './reserve-file.ts';
import { Unit } from './unit.ts';

/** 12:00 in Tokyo, a Monday. */
export const NOON = Date.UTC(2026, 10, 2, 3);

const PERSON = { kana: null, suspended: { profile: false, identity: false } };
const CONTRACT = { from: '2020-01-01', to: null };
export const TEST_SITE: SiteBundle = {
  format: 'genkan-site/1',
  site: { id: 's', name: 'Test site', timezone: 'Asia/Tokyo', dayStart: '04:00', maxStayHours: 24 },
  stores: [
    {
      id: 'st',
      name: 'Store',
      bands: [
        { id: 'day', name: 'Daytime', from: '10:00', to: '17:00' },
        { id: 'night', name: 'Night', from: '20:00', to: '23:00' },
      ],
    },
  ],
  holidays: [],
  programs: [{ id: 'yoga', name: 'Yoga' }],
  places: [
    {
      id: 'pl',
      storeId: 'st',
      name: 'Place',
      smaregiStoreId: null,
      fee: { freeMinutes: 0, firstMinutes: 60, firstPrice: 500, unitMinutes: 30, unitPrice: 200, maxPrice: null },
    },
  ],
  doors: [{ id: 'front', placeId: 'pl', name: 'Front door', policy: 'plan', admitsPlans: null, passback: 'off' }],
  plans: [
    {
      id: 'open',
      name: 'Open plan',
      kind: 'standard',
      storeIds: null,
      stayFee: 'place',
      entry: { mode: 'open' },
      booking: null,
    },
    {
      id: 'day',
      name: 'Day plan',
      kind: 'standard',
      storeIds: null,
      stayFee: 'none',
      entry: {
        mode: 'limits',
        bands: [{ bandId: 'day', weekdays: null, holiday: 'as-weekday', monthlyLimit: 2 }],
        earlyMinutes: 0,
        lateMinutes: 0,
        freeWithReservation: 'any',
      },
      booking: null,
    },
    {
      id: 'night',
      name: 'Night plan',
      kind: 'standard',
      storeIds: null,
      stayFee: 'none',
      entry: {
        mode: 'limits',
        bands: [{ bandId: 'night', weekdays: null, holiday: 'as-weekday', monthlyLimit: null }],
        earlyMinutes: 15,
        lateMinutes: 0,
        freeWithReservation: null,
      },
      booking: null,
    },
    {
      id: 'ticket',
      name: 'Ticket plan',
      kind: 'standard',
      storeIds: null,
      stayFee: 'none',
      entry: { mode: 'ticket' },
      booking: null,
    },
  ],
  members: [
    {
      ...PERSON,
      id: 'ann',
      name: '安藤 あん',
      codes: ['ANN'],
      contracts: [{ ...CONTRACT, id: 'c-ann', planId: 'open' }],
    },
    { ...PERSON, id: 'bob', name: 'Bob', codes: ['BOB'], contracts: [{ ...CONTRACT, id: 'c-bob', planId: 'day' }] },
    { ...PERSON, id: 'cho', name: 'Cho', codes: ['CHO'], contracts: [{ ...CONTRACT, id: 'c-cho', planId: 'night' }] },
    { ...PERSON, id: 'dan', name: 'Dan', codes: ['DAN'], contracts: [{ ...CONTRACT, id: 'c-dan', planId: 'ticket' }] },
    { ...PERSON, id: 'eve', name: 'Eve', codes: ['EVE'], contracts: [{ ...CONTRACT, id: 'c-eve', planId: 'day' }] },
  ],
  ticketTypes: [
    {
      id: 'tt',
      name: 'Day ticket',
      uses: 10,
      validDays: null,
      price: 0,
      present: 'qr',
      description: null,
      image: null,
      entry: { storeIds: null, bandIds: null, weekdays: null, consume: 'entry' },
    },
  ],
  tickets: [{ id: 'k', typeId: 'tt', memberId: 'dan', issuedOn: '2026-01-01', remaining: 2 }],
  reservations: [
    {
      id: 'r',
      memberId: 'eve',
      storeId: 'st',
      programId: 'yoga',
      start: '2026-11-02T02:00:00Z',
      end: '2026-11-02T04:00:00Z',
      status: 'booked',
    },
  ],
  usage: [],
  ticketUses: [],
  stays: [],
};

/** Settings that settle nothing. */
export const NO_SETTINGS: Settings = {
  format: 'genkan-settings/1',
  tenant: null,
  passKeys: [],
  revokedPasses: [],
  staticCodesOff: [],
  staff: [],
  closedDays: [],
  doorSchedules: [],
  carryOver: null,
  provisionalCards: null,
};

export interface TestEvent {
  readonly seq: number;
  readonly type: string;
  readonly of: number | null;
  readonly direction: string | null;
  readonly result: {
    readonly granted: boolean;
    readonly reason: string;
    readonly warnings: readonly string[];
    readonly consumed: readonly unknown[];
  } | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What else befalls a unit. */
export interface Misfortune {
  /** Epoch ms at which it starts. */
  readonly wall?: number;
  /** Epoch ms; else the start's. */
  readonly builtAt?: number;
  /** The clock goes on from what the store's events say; else nothing is known. */
  readonly past?: 'store';
  readonly reserve?: Reserve;
  readonly probe?: Probe;
  /** Told of every change that the status shows. */
  readonly onChange?: () => void;
  /** Told of what is on record, and of known members who were refused: as the lines to others are. */
  readonly recorded?: () => void;
  readonly refused?: (memberId: string, elsewhere: Right | null) => void;
  /** Configuration of a second door, `inner`. */
  readonly inner?: Readonly<Record<string, unknown>>;
}

const SIMULATED = { driver: 'sim' } as const;

/** The store, with a disk that can be made to fail. */
export class FailingDisk {
  readonly store: Store;
  /** What writing says; null: it works. */
  writing: StoreFault | null = null;
  /** What reading says. */
  reading: StoreFault | null = null;

  constructor(store: Store) {
    const failed = (key: string | symbol) =>
      key === 'transact' ? (this.writing ?? this.reading) : key === 'read' ? this.reading : null;
    this.store = new Proxy(store, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const fault = failed(key);
          return fault === null ? Reflect.apply(value, target, args) : { ok: false, error: fault };
        };
      },
    });
  }
}

export class TestAppliance {
  readonly clock = new VirtualClock({ wallMs: NOON });
  readonly door: SimDoor;
  readonly inner: SimDoor;
  readonly readers = new Map<string, SimReader>();
  /** There where the configuration has them. */
  readonly inputs = {
    exitButton: new SimInput(this.clock),
    fire: new SimInput(this.clock),
    tamper: new SimInput(this.clock),
  };
  readonly messages: PageMessage[] = [];
  readonly store: Store;
  readonly kernel: VirtualKernelTime;
  readonly watch: ClockWatch;
  readonly unit: Unit;
  readonly #guard: Guard;

  /** @param site null: none has been imported. @param store one that another run has left */
  constructor(
    site: SiteBundle | null = TEST_SITE,
    door: Readonly<Record<string, unknown>> = {},
    display: Config['display']['name'] = 'none',
    store: Store = newStore(site),
    more: Misfortune = {},
  ) {
    if (more.wall !== undefined) this.clock.setWall(more.wall);
    this.kernel = new VirtualKernelTime(this.clock);
    const past = more.past === 'store' ? pastOf(store) : { trustedAt: null, syncedAt: null, before: null };
    const { kernel } = this;
    this.watch = new ClockWatch({ clock: this.clock, kernel, builtAt: more.builtAt ?? this.clock.wall() }, past);
    const config = configOf(door, display, more.inner);
    const { clock } = this;
    this.store = store;
    this.door = new SimDoor(clock, { name: 'front' });
    this.inner = new SimDoor(clock, { name: 'inner' });
    for (const { id } of config.doors.flatMap(({ readers }) => readers)) this.readers.set(id, new SimReader(clock));
    this.unit = new Unit({
      config,
      clock,
      store,
      watch: this.watch,
      reserve: more.reserve ?? null,
      broken: null,
      storeFailed: () => undefined,
      recorded: more.recorded ?? (() => undefined),
      refused: more.refused ?? (() => undefined),
      log: pino({ enabled: false }),
      guard: {
        energise: (id, seq, until) => this.#guard.handle({ do: 'energise', door: id, seq, until }),
        energiseAt: (id, seq, at, until) => this.#guard.handle({ do: 'energise-at', door: id, seq, at, until }),
        rest: (id, seq) => this.#guard.handle({ do: 'rest', door: id, seq }),
        wake: () => this.#guard.handle({ do: 'wake' }),
      },
      probe: more.probe ?? (() => undefined),
      readers: this.readers,
      inputs: new Map([
        ['front', { contact: this.door.contact(), ...inputsOf(config, this.inputs) }],
        ...(more.inner === undefined ? [] : [['inner', { contact: this.inner.contact() }] as const]),
      ]),
      onChange: more.onChange ?? (() => undefined),
    });
    this.unit.screen.subscribe((message) => this.messages.push(message));
    this.#guard = new Guard({
      clock,
      pid: 1,
      makeLocks: (locks) => makeLocks(locks, clock),
      makeAuxiliaries: () => ({ inputs: new Map(), outputs: new Map() }),
      complain: (text) => {
        throw new Error(text);
      },
      // A pipe lies between the two: what the guard says arrives after it has finished saying it.
      say: (message) => queueMicrotask(() => this.#hear(message)),
    });
  }

  #hear(message: FromGuard): void {
    switch (message.say) {
      case 'ready':
        this.unit.guardIs(true);
        break;
      case 'device':
        this.unit.lockState(message.door, message.state);
        break;
      case 'failed':
        this.unit.doorInput(message.door, { on: 'failed', command: message.seq });
        break;
      case 'line':
        (message.door === 'inner' ? this.inner : this.door).setEnergised(message.energised);
        this.unit.doorInput(message.door, { on: 'line', command: message.seq, energised: message.energised });
        break;
      case 'pong':
      case 'part':
      case 'input':
        break;
    }
  }

  async start(): Promise<this> {
    this.unit.start('test');
    const locks = this.unit.config.doors.map(({ id }) => ({ door: id, maxPulseMs: 10_000, line: SIMULATED }));
    this.#guard.handle({ do: 'open', locks });
    await this.clock.advance(0);
    return this;
  }

  async scan(code: string, reader = 'in'): Promise<void> {
    this.readers.get(reader)?.scan(code);
    await this.clock.advance(0);
  }

  async plug(there: boolean): Promise<void> {
    this.#guard.handle({ do: 'plug', door: 'front', there });
    await this.clock.advance(0);
  }

  events(type?: string): TestEvent[] {
    const all = [...this.store.record.since(0)].map((body): TestEvent => JSON.parse(body));
    return all.filter((event) => type === undefined || event.type === type);
  }

  get journal(): Journal {
    return this.unit.journal;
  }
}

export function newStore(site: SiteBundle | null): Store {
  const store = Store.open(':memory:', new Keys(randomBytes(KEY_BYTES)));
  if (!store.ok) throw new Error(store.error.detail);
  if (site !== null && !store.value.transact((writer) => writer.importSite(site, NOON)).ok)
    throw new Error('the site was not taken');
  return store.value;
}

function configOf(
  door: Readonly<Record<string, unknown>>,
  name: Config['display']['name'],
  innerDoor?: Readonly<Record<string, unknown>>,
): Config {
  const readers = [
    { id: 'in', driver: 'sim' },
    { id: 'out', driver: 'sim', direction: 'out' },
    { id: 'both', driver: 'sim', direction: 'toggle' },
  ];
  const front = { id: 'front', lock: { driver: 'sim' }, readers, inputs: { contact: { driver: 'sim' } }, ...door };
  const inner = { id: 'inner', lock: { driver: 'sim' }, readers: [{ id: 'inner-in', driver: 'sim' }], ...innerDoor };
  const doors = innerDoor === undefined ? [front] : [front, inner];
  const config = parseConfig({ dataDir: 'data', display: { name }, doors });
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  return config.value;
}

/** Those that the front door's configuration has. */
function inputsOf<T>(config: Config, made: Readonly<Record<DoorSignal, T>>): Partial<Record<DoorSignal, T>> {
  const { exitButton, fire, tamper } = config.doors[0]?.inputs ?? {};
  return {
    ...(exitButton ? { exitButton: made.exitButton } : {}),
    ...(fire ? { fire: made.fire } : {}),
    ...(tamper ? { tamper: made.tamper } : {}),
  };
}
