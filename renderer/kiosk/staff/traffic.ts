/** Entries by hour, gathered for a picture and its table. Pure. */
export interface HourRow {
  readonly day: string;
  readonly hour: number;
  readonly entries: number;
  readonly exits: number;
}

export interface Column {
  /** What stands below it: an hour, or a day of the month. */
  readonly at: number;
  readonly entries: number;
  readonly exits: number;
}

const HOURS = 24;

/** Of one day, every hour from 0. */
export function byHour(rows: readonly HourRow[], day: string): readonly Column[] {
  const own = rows.filter((row) => row.day === day);
  return Array.from({ length: HOURS }, (_, hour) =>
    summed(
      own.filter((row) => row.hour === hour),
      hour,
    ),
  );
}

/** Of a month, every day from 1 to `last`. */
export function byDay(rows: readonly HourRow[], last: number): readonly Column[] {
  return Array.from({ length: last }, (_, index) => {
    const day = index + 1;
    return summed(
      rows.filter((row) => Number(row.day.slice(8, 10)) === day),
      day,
    );
  });
}

function summed(rows: readonly HourRow[], at: number): Column {
  const sum = (of: (row: HourRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return { at, entries: sum(({ entries }) => entries), exits: sum(({ exits }) => exits) };
}

export function totalOf(columns: readonly Column[]): { readonly entries: number; readonly exits: number } {
  const entries = columns.reduce((total, column) => total + column.entries, 0);
  return { entries, exits: columns.reduce((total, column) => total + column.exits, 0) };
}
