/** Who is of the staff. Where the database can't be read, as it was when it last could: they let people out of a fire. */

import type { TeamEntry } from '../../store/staff.ts';
import type { Store } from '../../store/store.ts';

export class StaffList {
  readonly #store: Pick<Store, 'staff'>;
  #last: readonly TeamEntry[] = [];

  constructor(store: Pick<Store, 'staff'>) {
    this.#store = store;
    this.all();
  }

  all(): readonly TeamEntry[] {
    try {
      this.#last = this.#store.staff.list();
    } catch {
      // The journal finds out by itself, and says so.
    }
    return this.#last;
  }

  find(id: string): TeamEntry | undefined {
    return this.all().find((entry) => entry.id === id);
  }

  get hasManager(): boolean {
    return this.all().some(({ role }) => role === 'manager');
  }
}

/** May somebody of this role do what takes the other? A manager is one of the staff; technicians order nothing. */
export function mayAct(role: TeamEntry['role'], least: 'staff' | 'manager'): boolean {
  return role === 'manager' || (role === 'staff' && least === 'staff');
}
