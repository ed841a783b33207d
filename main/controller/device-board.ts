/** The state of every configured device, by name, for healthz, the page and the record. */
import type { DeviceState } from '../../device/ports.ts';

export interface DeviceEntry {
  readonly id: string;
  readonly door: string;
  readonly kind: 'lock' | 'reader' | 'contact' | 'exitButton' | 'fire' | 'tamper' | 'output';
  readonly driver: string;
  readonly state: DeviceState;
}

const STARTING: DeviceState = { ok: false, code: 'no-answer', detail: 'starting' };

export class DeviceBoard {
  readonly #entries = new Map<string, DeviceEntry>();
  readonly #onChange: (entry: DeviceEntry, before: DeviceState) => void;

  constructor(onChange: (entry: DeviceEntry, before: DeviceState) => void) {
    this.#onChange = onChange;
  }

  add(device: Omit<DeviceEntry, 'state'>, state: DeviceState = STARTING): void {
    this.#entries.set(device.id, { ...device, state });
  }

  set(id: string, state: DeviceState): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new Error('a device reports that is not configured');
    if (entry.state.ok === state.ok && entry.state.detail === state.detail) return;
    const next = { ...entry, state };
    this.#entries.set(id, next);
    this.#onChange(next, entry.state);
  }

  list(): readonly DeviceEntry[] {
    return [...this.#entries.values()];
  }

  /** Seen for the first time since the start. */
  static isFirst(before: DeviceState): boolean {
    return before === STARTING;
  }
}
