/** One thing that `genkan doctor` looked at. */
export interface Check {
  /** Where it belongs: `doors/front/lock`. */
  readonly name: string;
  readonly ok: boolean;
  /** What was found. */
  readonly detail: string;
  /** What to do; also where all is well and something could be better. null: nothing. */
  readonly todo: string | null;
}

export function fine(name: string, detail: string, todo: string | null = null): Check {
  return { name, ok: true, detail, todo };
}

export function bad(name: string, detail: string, todo: string): Check {
  return { name, ok: false, detail, todo };
}

export function inWords(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, ok, detail, todo }) => [
    `${ok ? (todo === null ? 'ok  ' : 'note') : 'FAIL'}  ${name.padEnd(width)}  ${detail}`,
    ...(todo === null ? [] : [`      ${' '.repeat(width)}  → ${todo}`]),
  ]);
  const failed = checks.filter(({ ok }) => !ok).length;
  const end = failed === 0 ? `all ${checks.length} checks passed` : `${failed} of ${checks.length} checks failed`;
  return `${[...lines, end].join('\n')}\n`;
}
