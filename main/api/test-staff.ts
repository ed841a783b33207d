/** For tests: a controller's staff, of whom the server sees that they are signed in, and what they ask for. */
import { type Person, STAFF_ROLES } from '../contract/staff.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { SetupSource } from './setup-port.ts';
import type { ActSource, LookSource, SignInRefusal, SignOutReason, StaffSource, TeamSource } from './staff-port.ts';

export const PIN = '246813';

/** Everybody's PIN is `PIN`, and everybody's id the role. */
export class SimStaffSource implements StaffSource {
  readonly people: Person[] = STAFF_ROLES.map((role) => ({ staffId: role, name: `Name of ${role}`, role }));
  readonly signedOutBy: [string, SignOutReason][] = [];
  /** What was asked for, by `acts.open`. */
  readonly asked: { readonly what: string; readonly args: readonly unknown[] }[] = [];
  /** What the next calls give; else `no-site`. */
  readonly answers = new Map<string, unknown>();
  readonly team = this.#recorder<TeamSource>('team');
  readonly acts = this.#recorder<ActSource>('acts');
  readonly looks = this.#recorder<LookSource>('looks');
  readonly setup = this.#recorder<SetupSource>('setup');

  who() {
    return { people: this.people, firstManager: false };
  }

  async signIn(staffId: string, pin: string): Promise<Result<Person, SignInRefusal>> {
    const person = this.people.find((one) => one.staffId === staffId);
    return person === undefined || pin !== PIN
      ? err({ fault: 'wrong-pin', waitMs: null, triesLeft: null })
      : ok(person);
  }

  async makeFirstManager(): Promise<Result<Person, SignInRefusal>> {
    return err({ fault: 'no-first-manager', waitMs: null, triesLeft: null });
  }

  isStill({ staffId }: Person): boolean {
    return this.people.some((one) => one.staffId === staffId);
  }

  signedOut({ staffId }: Person, why: SignOutReason): void {
    this.signedOutBy.push([staffId, why]);
  }

  #recorder<T extends object>(part: string): T {
    const called = (key: string, args: readonly unknown[]) => {
      const what = `${part}.${key}`;
      this.asked.push({ what, args });
      if (key === 'search') return [];
      if (key === 'passages' || key === 'heldTicket' || key === 'subscribe') return () => undefined;
      if (part === 'setup') return this.answers.get(what) ?? err({ fault: 'refused', lines: [] });
      return this.answers.get(what) ?? err('no-site');
    };
    return new Proxy({} as T, {
      get:
        (_, key) =>
        (...args: unknown[]) =>
          called(String(key), args),
    });
  }
}
