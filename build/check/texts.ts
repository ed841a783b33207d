/** What no committed text may hold: the machine that somebody worked on. */
const PATTERNS: readonly RegExp[] = [
  // A person's or a machine's folder. Programs ask os.tmpdir().
  /(?<![\w.$}-])\/(?:home|root|tmp|work|Users)\/\w/,
  // Where packages come from is the user's business.
  /https?:\/\/[\w.-]*registry[\w.-]*/i,
];

export function textComplaints(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, at) => {
    const found = PATTERNS.map((pattern) => pattern.exec(line)?.[0]).find((match) => match !== undefined);
    return found === undefined ? [] : [`${path}:${at + 1}: ${found}`];
  });
}
