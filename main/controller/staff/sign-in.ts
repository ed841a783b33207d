/** Signing in with a PIN, and making the first manager with the setup code. */
import type { SignInRefusal, SignInSource, SignOutReason } from '../../api/staff-port.ts';
import type { Person, WhoOutput } from '../../contract/staff.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { freshStaffId, type StaffEntry } from '../../store/staff.ts';
import type { Store } from '../../store/store.ts';
import type { Journal } from '../journal.ts';
import { hashPin, isPin, isWeakPin } from './pin.ts';
import type { PinGate, PinRefusal } from './pin-gate.ts';
import type { StaffList } from './staff-list.ts';

export interface SignInParts {
  readonly store: Store;
  readonly journal: Journal;
  readonly staff: StaffList;
  readonly gate: PinGate;
}

export class SignIn implements SignInSource {
  readonly #parts: SignInParts;
  /** By which PIN somebody signed in: with another one the session ends. */
  readonly #hashes = new WeakMap<Person, string>();

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  who(): Pick<WhoOutput, 'people' | 'firstManager'> {
    const { staff } = this.#parts;
    return { people: staff.all().map(personOf), firstManager: !staff.hasManager && this.#setupCode() !== null };
  }

  async signIn(staffId: string, pin: string): Promise<Result<Person, SignInRefusal>> {
    const { gate, staff } = this.#parts;
    const entry = staff.find(staffId);
    // Whoever isn't on the list is refused in the same words, and as slowly, as one who is.
    const tried = await gate.try(entry === undefined ? 'nobody' : { staffId }, async () => {
      const isRight = await isPin(pin, (entry ?? staff.all()[0])?.pinHash ?? '');
      return isRight && entry !== undefined;
    });
    if (!tried.ok) return refusal(tried.error, 'wrong-pin');
    return entry === undefined ? untried('no-staff') : ok(this.#signedIn(entry, 'sign-in'));
  }

  async makeFirstManager({ code, name, pin }: { readonly code: string; readonly name: string; readonly pin: string }) {
    const { gate, staff, journal } = this.#parts;
    const setupCode = this.#setupCode();
    if (setupCode === null || staff.hasManager) return untried('no-first-manager');
    // Before the code is tried: nobody shall type it twice for a weak PIN.
    if (isWeakPin(pin)) return untried('weak-pin');
    const tried = await gate.try('setup', async () => code === setupCode);
    if (!tried.ok) return refusal(tried.error, 'wrong-code');
    const entry = { id: freshStaffId(), name, role: 'manager', pinHash: await hashPin(pin) } as const;
    const made = journal.act((writer, note) => {
      writer.staff.put(entry);
      writer.staff.endSetupCode();
      note({ type: 'staff', detail: { what: 'first-manager', staffId: entry.id } });
      return ok(undefined);
    });
    return made.ok ? ok(this.#signedIn(entry, 'sign-in')) : untried('store');
  }

  isStill(person: Person): boolean {
    const entry = this.#parts.staff.find(person.staffId);
    return entry !== undefined && entry.role === person.role && entry.pinHash === this.#hashes.get(person);
  }

  signedOut({ staffId }: Person, why: SignOutReason): void {
    this.#parts.journal.note({ type: 'staff', detail: { what: 'sign-out', staffId, why } });
  }

  /** The person has chosen another PIN, and stays. */
  hasPin(person: Person, pinHash: string): void {
    this.#hashes.set(person, pinHash);
  }

  #signedIn(entry: StaffEntry, what: 'sign-in'): Person {
    const person = personOf(entry);
    this.#hashes.set(person, entry.pinHash);
    this.#parts.journal.note({ type: 'staff', detail: { what, staffId: entry.id } });
    return person;
  }

  #setupCode(): string | null {
    try {
      return this.#parts.store.setupCode();
    } catch {
      return null;
    }
  }
}

export function personOf({ id, name, role }: StaffEntry): Person {
  return { staffId: id, name, role };
}

/** Where somebody tried a PIN or the setup code. */
export function refusal(refused: PinRefusal, wrong: 'wrong-pin' | 'wrong-code'): Result<never, SignInRefusal> {
  switch (refused.why) {
    case 'busy':
      return untried('busy');
    case 'wait':
      return err({ fault: 'wait', waitMs: refused.waitMs, triesLeft: null });
    case 'wrong': {
      const { triesLeft, waitMs } = refused;
      return err({ fault: wrong, waitMs: waitMs > 0 ? waitMs : null, triesLeft });
    }
  }
}

/** Nothing was tried. */
export function untried(fault: SignInRefusal['fault']): Result<never, SignInRefusal> {
  return err({ fault, waitMs: null, triesLeft: null });
}
