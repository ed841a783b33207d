/** Alarms that stand, and who has taken one up. A page sounds while one stands that nobody has. */
import type { AlarmRow } from '../../contract/looks.ts';
import type { Clock } from '../../core/clock.ts';

type AlarmName = AlarmRow['alarm'];

export interface DoorAlarms {
  readonly doorId: string;
  readonly alarms: readonly AlarmName[];
}

/** Stands by itself, until somebody has taken it up: nothing at the door ends it. */
const UNTIL_TAKEN: AlarmName = 'give-backs';

export class AlarmBoard {
  readonly #clock: Clock;
  /** By id, in the order in which they began. */
  readonly #standing = new Map<string, AlarmRow>();

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
    for (const [id, { alarm }] of this.#standing) if (alarm !== UNTIL_TAKEN && !now.has(id)) this.#standing.delete(id);
    for (const { doorId, alarm } of now.values()) this.#begin(doorId, alarm);
  }

  /** Somebody was given back too many entries today. */
  givenBackOften(doorId: string): void {
    this.#begin(doorId, UNTIL_TAKEN);
  }

  find(id: string): AlarmRow | null {
    return this.#standing.get(id) ?? null;
  }

  taken(id: string, staffId: string): void {
    const alarm = this.#standing.get(id);
    if (alarm === undefined) return;
    if (alarm.alarm === UNTIL_TAKEN) this.#standing.delete(id);
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
