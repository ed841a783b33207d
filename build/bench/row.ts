/** One line of `bench.json`: a figure, what it is held against, and whether it is as good as was promised. */
export interface Row {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  /** The reference's figure, measured in the same run. */
  readonly reference: number | null;
  readonly ratio: number | null;
  readonly goal: string;
  readonly pass: boolean | null;
}

export interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly reference: number | null;
}

export interface Goal {
  readonly text: string;
  readonly holds: (value: number, ratio: number | null) => boolean;
}

export function rowOf({ name, unit, value, reference }: Measured, goal: Goal): Row {
  const ratio = reference === null || reference === 0 ? null : value / reference;
  return {
    name,
    value: rounded(value),
    unit,
    reference: reference === null ? null : rounded(reference),
    ratio: ratio === null ? null : rounded(ratio),
    goal: goal.text,
    pass: goal.holds(value, ratio),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** The value below which the share `at` (0 to 1) of the samples lies. */
export function quantile(samples: readonly number[], at: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN;
}

export const median = (samples: readonly number[]) => quantile(samples, 0.5);
