/** What a technician sees of the unit, live: its parts with what came from them, its doors, tests and how they ended. */
import type { Tree } from '../../../device/discovery/tree.ts';
import type { GpioKernel } from '../../../device/lines/gpio/kernel.ts';
import type { Config } from '../../contract/config.ts';
import type { Person } from '../../contract/staff.ts';
import type { Found, PartTodo, Pulse, SetupPart, SetupView, TestResult } from '../../contract/technician.ts';
import type { Clock, Timer } from '../../core/clock.ts';
import type { Result } from '../../core/result.ts';
import type { Trouble } from '../config-file.ts';
import type { Unit } from '../unit.ts';
import { findDevices } from './find.ts';
import type { PartTap } from './part-tap.ts';
import { type ConfiguredPart, configuredParts, whereOf } from './parts.ts';
import { type PulseFault, PulseTest } from './pulse-test.ts';
import type { UnitIdentity } from './report.ts';
import type { TestsDone } from './tests-done.ts';

/** A reader in a hurry changes the view a hundred times a second; eyes see ten. */
const TELL_MS = 100;

export interface SetupDeskParts {
  readonly clock: Clock;
  readonly config: Config;
  readonly unit: Unit;
  readonly tap: PartTap;
  readonly tests: TestsDone;
  readonly tree: Tree;
  /** null where the machine has no GPIO chips. */
  readonly gpio: () => Promise<GpioKernel | null>;
  readonly identity: () => UnitIdentity;
  readonly digest: () => string;
  readonly wentBack: Trouble | null;
  readonly pairing: () => Pick<SetupView, 'pairing' | 'pairingUntil'>;
}

export class SetupDesk {
  readonly #parts: SetupDeskParts;
  readonly #pulse: PulseTest;
  readonly #configured: readonly ConfiguredPart[];
  readonly #listeners = new Set<(view: SetupView) => void>();
  readonly #digest: string;
  readonly #stop: () => void;
  #telling: Timer | null = null;

  constructor(parts: SetupDeskParts) {
    this.#parts = parts;
    this.#configured = configuredParts(parts.config);
    this.#digest = parts.digest();
    this.#pulse = new PulseTest(parts.clock, parts.unit, (pulse, staffId) => this.#pulsed(pulse, staffId));
    this.#stop = parts.unit.screen.subscribe((message) => {
      if (message.kind !== 'outcome') return;
      this.#pulse.outcome(message.of, message.outcome);
      this.#tellSoon();
    });
  }

  /** Something that the view shows may be another. */
  changed(): void {
    this.#pulse.look();
    this.#tellSoon();
  }

  close(): void {
    this.#stop();
    this.#telling?.cancel();
    this.#listeners.clear();
  }

  subscribe(listener: (view: SetupView) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  pulse(by: Person, door: string): Result<void, PulseFault> {
    return this.#pulse.start(door, by.staffId);
  }

  note(by: Person, test: Pick<TestResult, 'part' | 'test' | 'ok' | 'detail'>): void {
    const { clock, tests, unit } = this.#parts;
    tests.note({ ...test, at: clock.wall(), staffId: by.staffId });
    const detail = { what: 'test', part: test.part, test: test.test, ok: test.ok, staffId: by.staffId };
    unit.journal.note({ type: 'system', detail });
    this.#tellSoon();
  }

  async find(): Promise<readonly Found[]> {
    const { tree, gpio, config } = this.#parts;
    return findDevices(tree, await gpio(), config).slice(0, 500);
  }

  view(): SetupView {
    const { clock, tests, identity, wentBack, pairing } = this.#parts;
    const { unitId, epoch } = identity();
    return {
      at: clock.wall(),
      unitId,
      epoch,
      doors: this.#doors(),
      parts: this.parts(),
      pulse: this.#pulse.pulse,
      tests: [...tests.tests],
      ...pairing(),
      configDigest: this.#digest.slice(0, 12),
      wentBack: wentBack === null ? null : wentBack.slice(0, 20).map((line) => line.slice(0, 1_000)),
    };
  }

  parts(): SetupPart[] {
    const states = new Map(this.#parts.unit.devices.list().map(({ id, state }) => [id, state]));
    return this.#configured.map((part): SetupPart => {
      const { id, door, role, reader, driver } = part;
      const state = states.get(id) ?? { ok: false, code: 'no-answer', detail: 'not open' };
      const level = this.#parts.tap.level(id);
      return {
        id,
        door,
        role,
        reader,
        driver,
        where: whereOf(part).slice(0, 1_000),
        ok: state.ok,
        detail: state.detail.slice(0, 1_000),
        todo: state.ok ? null : todoOf(state.code, this.#parts.tree, part),
        level: level?.active ?? null,
        changes: level?.changes ?? 0,
        changedAt: level?.changedAt ?? null,
        echo: reader === null ? null : this.#parts.tap.echo(reader),
      };
    });
  }

  #doors(): SetupView['doors'] {
    const { config, unit } = this.#parts;
    const site = unit.site.get()?.data.doors ?? [];
    const names = new Map(site.map(({ id, name }) => [id, name]));
    const own = config.doors.map(({ id, pulseMs }) => ({
      id,
      name: (names.get(id) ?? id).slice(0, 1_000),
      configured: true,
      inSite: names.has(id),
      pulseMs,
    }));
    const others = site.filter(({ id }) => !own.some((door) => door.id === id));
    const free = others.map(({ id, name }) => ({
      id,
      name: name.slice(0, 1_000),
      configured: false,
      inSite: true,
      pulseMs: 0,
    }));
    return [...own, ...free].slice(0, 1_000);
  }

  #pulsed({ door, steps, state }: Pulse, staffId: string): void {
    const at = (step: Pulse['steps'][number]['step']) => steps.find((one) => one.step === step)?.ms;
    const [on, off] = [at('energised'), at('rested')];
    const detail = on === undefined || off === undefined ? '' : `${off - on} ms`;
    const { clock, tests } = this.#parts;
    tests.note({ at: clock.wall(), part: `${door}.lock`, test: 'pulse', ok: state === 'done', detail, staffId });
  }

  #tellSoon(): void {
    if (this.#listeners.size === 0) return;
    this.#telling ??= this.#parts.clock.after('view of the parts', TELL_MS, () => {
      this.#telling = null;
      const view = this.view();
      for (const listener of [...this.#listeners]) listener(view);
    });
  }
}

/** A path that is there and may not be opened is another matter than one that isn't. */
function todoOf(
  code: Exclude<PartTodo, 'permission' | 'no-stable-name'>,
  tree: Tree,
  { path }: ConfiguredPart,
): PartTodo {
  if (path === null) return code;
  const { kind, readable, writable } = tree.node(path);
  return kind !== 'absent' && !(readable && writable) ? 'permission' : code;
}
