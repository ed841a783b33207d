/**
 * Remembers what `work` gave for each number. Questions come in clusters (a few days, a few stretches of a calendar), so
 * beyond `most` answers all are forgotten at once, and a run over centuries piles nothing up.
 */
export function remembering<T extends object | null>(most: number, work: (key: number) => T): (key: number) => T {
  const known = new Map<number, T>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const value = work(key);
    if (known.size >= most) known.clear();
    known.set(key, value);
    return value;
  };
}
