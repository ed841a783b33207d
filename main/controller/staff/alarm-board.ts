/** Alarms that stand, and who has taken one up. A page sounds while one stands that nobody has. */
import type { AlarmRow } from '../../contract/looks.ts';
import { UNTIL_TAKEN_ALARMS } from '../../contract/page.ts';
import type { Clock } from '../../core/clock.ts';

type AlarmName = AlarmRow['alarm'];

export interface DoorAlarms {
  readonly doorId: string;
  readonly alarms: readonly AlarmName[];
}

/** Stand by themselves, until somebody has taken them up: nothing at the door ends them. */
const UNTIL_TAKEN: ReadonlySet<AlarmName> = new Set(UNTIL_TAKEN_ALARMS);

/** Whoever is impatient doesn't call anew while the first call is being looked after. */
const CALL_AGAIN_MS = 30_000;

export class AlarmBoard {
  readonly #clock: Clock;
  /** By id, in the order in which they began. */
  readonly #standing = new Map<string, AlarmRow>();
  /** When somebody last called for staff, by door. */
  readonly #called = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  list(): AlarmRow[] {
    return [...this.#standing.values()];
  }

  /** What the doors say now. An alarm that has ended and begins again is a new one. */
  look(doors: readonly DoorAlarms[]): void {
    const now = new Map(
      doors.flatMap(({ doorId, alarms }) => alarms.map((alarm) => [idOf(doorId, alarm), { doorId, alarm }])),
    );
    for (const [id, { alarm }] of this.#standing)
      if (!UNTIL_TAKEN.has(alarm) && !now.has(id)) this.#standing.delete(id);
    for (const { doorId, alarm } of now.values()) this.#begin(doorId, alarm);
  }

  /** Somebody was given back too many entries today. */
  givenBackOften(doorId: string): void {
    this.#begin(doorId, 'give-backs');
  }

  /** Somebody at the door calls for staff. False: they were called just now, or the call still stands. */
  helpWanted(doorId: string): boolean {
    const now = this.#clock.mono();
    const last = this.#called.get(doorId) ?? Number.NEGATIVE_INFINITY;
    if (this.#standing.has(idOf(doorId, 'help')) || now - last < CALL_AGAIN_MS) return false;
    this.#called.set(doorId, now);
    this.#begin(doorId, 'help');
    return true;
  }

  find(id: string): AlarmRow | null {
    return this.#standing.get(id) ?? null;
  }

  taken(id: string, staffId: string): void {
    const alarm = this.#standing.get(id);
    if (alarm === undefined) return;
    if (UNTIL_TAKEN.has(alarm.alarm)) this.#standing.delete(id);
    else this.#standing.set(id, { ...alarm, takenBy: staffId });
  }

  #begin(doorId: string, alarm: AlarmName): void {
    const id = idOf(doorId, alarm);
    if (this.#standing.has(id)) return;
    this.#standing.set(id, { id, doorId, alarm, since: this.#clock.wall(), takenBy: null });
  }
}

function idOf(doorId: string, alarm: AlarmName): string {
  return `${alarm} ${doorId}`;
}
