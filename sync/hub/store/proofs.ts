/**
 * Which signatures have to be checked so that all that waits is vouched for. A unit's signature is over the chain's hash,
 * so the newest of arrivals that go on one from the other vouches for all of them. Pure, but for the check itself.
 */

/** An arrival, as far as its proof goes. */
export interface Unproven {
  readonly number: number;
  readonly unit: string;
  readonly epoch: number;
  /** Numbers of its first and last event. */
  readonly first: number;
  readonly last: number;
  /** null: it needs no check, and is vouched for by nothing that comes after it. */
  readonly proof: string | null;
}

/** Arrivals of one part of a record that go on one from the other, in their order. */
export type Run = readonly [Unproven, ...Unproven[]];

export function newestOf(run: Run): Unproven {
  return run.at(-1) ?? run[0];
}

/** @param arrivals in the order of their numbers */
export function runsIn(arrivals: readonly Unproven[]): Run[] {
  const runs: [Unproven, ...Unproven[]][] = [];
  const open = new Map<string, [Unproven, ...Unproven[]]>();
  for (const arrival of arrivals) {
    const part = `${arrival.epoch} ${arrival.unit}`;
    const run = open.get(part);
    if (arrival.proof === null) open.delete(part);
    else if (run !== undefined && run.at(-1)?.last === arrival.first - 1) run.push(arrival);
    else {
      const begun: [Unproven, ...Unproven[]] = [arrival];
      runs.push(begun);
      open.set(part, begun);
    }
  }
  return runs;
}

/**
 * @param isSigned whether its unit has signed the chain's hash at the arrival's last event
 * @returns the first arrival that nothing vouches for; null: all are vouched for
 */
export async function firstForged(
  run: Run,
  isSigned: (arrival: Unproven) => Promise<boolean>,
): Promise<Unproven | null> {
  for (let at = run.length - 1; at >= 0; at -= 1) {
    const arrival = run[at];
    if (arrival !== undefined && (await isSigned(arrival))) return run[at + 1] ?? null;
  }
  return run[0];
}
