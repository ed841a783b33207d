/** Who a manager adds to the team on this unit, changes and takes off. Those of the settings are changed there. */
import type { SignInRefusal, TeamSource } from '../../api/staff-port.ts';
import type { Person, StaffFault } from '../../contract/staff.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { freshStaffId, type StaffEntry, type TeamEntry } from '../../store/staff.ts';
import type { Writer } from '../../store/store.ts';
import { hashPin, isPin, isWeakPin } from './pin.ts';
import { personOf, refusal, type SignIn, type SignInParts, untried } from './sign-in.ts';

/** Beyond this it is no team at a door. */
const MOST_STAFF = 200;

type Input<K extends keyof TeamSource> = Parameters<TeamSource[K]>[1];

export class Team implements TeamSource {
  readonly #parts: SignInParts;
  readonly #signIn: SignIn;

  constructor(parts: SignInParts, signIn: SignIn) {
    this.#parts = parts;
    this.#signIn = signIn;
  }

  list(): ReturnType<TeamSource['list']> {
    const codes = this.#parts.store.ownCodes.staffCodes();
    const count = (id: string) => codes.filter(({ staffId }) => staffId === id).length;
    return ok(
      this.#parts.staff.all().map((entry) => ({ ...personOf(entry), from: entry.from, codes: count(entry.id) })),
    );
  }

  async add(by: Person, { name, role, pin }: Input<'add'>): Promise<Result<Person, StaffFault>> {
    if (this.#parts.staff.all().length >= MOST_STAFF) return err('too-many');
    if (isWeakPin(pin)) return err('weak-pin');
    const entry = { id: freshStaffId(), name, role, pinHash: await hashPin(pin) };
    const done = this.#write(by, 'add-staff', entry.id, { role }, (writer) => writer.staff.put(entry));
    return done.ok ? ok(personOf(entry)) : done;
  }

  async change(by: Person, { staffId, name, role, pin }: Input<'change'>): Promise<Result<null, StaffFault>> {
    if (pin !== null && isWeakPin(pin)) return err('weak-pin');
    const pinHash = pin === null ? null : await hashPin(pin);
    const found = this.#ofUnit(staffId);
    if (!found.ok) return found;
    const before = found.value;
    const after = {
      ...before,
      name: name ?? before.name,
      role: role ?? before.role,
      pinHash: pinHash ?? before.pinHash,
    };
    if (after.role !== 'manager' && this.#isLastManager(before)) return err('last-manager');
    const changed = { role: after.role, pin: pin !== null, name: name !== null };
    const done = this.#write(by, 'change-staff', staffId, changed, (writer) => writer.staff.put(plain(after)));
    if (done.ok && pin !== null) this.#parts.gate.forget(staffId);
    if (done.ok && by.staffId === staffId && after.role === by.role) this.#signIn.hasPin(by, after.pinHash);
    return done;
  }

  remove(by: Person, { staffId }: Input<'remove'>): Result<null, StaffFault> {
    const found = this.#ofUnit(staffId);
    if (!found.ok) return found;
    if (this.#isLastManager(found.value)) return err('last-manager');
    const done = this.#write(by, 'remove-staff', staffId, {}, (writer) => {
      writer.staff.remove(staffId);
      writer.ownCodes.endStaffCodesOf(staffId);
    });
    if (done.ok) this.#parts.gate.forget(staffId);
    return done;
  }

  async changePin(by: Person, { pin, newPin }: Input<'changePin'>): Promise<Result<null, SignInRefusal>> {
    const found = this.#ofUnit(by.staffId);
    if (!found.ok) return untried(found.error);
    if (isWeakPin(newPin)) return untried('weak-pin');
    const tried = await this.#parts.gate.try({ staffId: by.staffId }, () => isPin(pin, found.value.pinHash));
    if (!tried.ok) return refusal(tried.error, 'wrong-pin');
    const pinHash = await hashPin(newPin);
    const after = plain({ ...found.value, pinHash });
    const done = this.#write(by, 'change-own-pin', by.staffId, {}, (writer) => writer.staff.put(after));
    if (!done.ok) return untried(done.error);
    this.#signIn.hasPin(by, pinHash);
    return done;
  }

  #ofUnit(staffId: string): Result<TeamEntry, StaffFault> {
    const entry = this.#parts.staff.find(staffId);
    if (entry === undefined) return err('no-staff');
    return entry.from === 'unit' ? ok(entry) : err('of-settings');
  }

  #isLastManager({ id, role }: TeamEntry): boolean {
    return role === 'manager' && !this.#parts.staff.all().some((other) => other.role === 'manager' && other.id !== id);
  }

  #write(
    by: Person,
    what: string,
    person: string,
    more: Readonly<Record<string, unknown>>,
    write: (writer: Writer) => void,
  ): Result<null, StaffFault> {
    return this.#parts.journal.act((writer, note) => {
      write(writer);
      note({ type: 'staff', detail: { what, staffId: by.staffId, person, ...more } });
      return ok(null);
    });
  }
}

function plain({ id, name, role, pinHash }: TeamEntry): StaffEntry {
  return { id, name, role, pinHash };
}
