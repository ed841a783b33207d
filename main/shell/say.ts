/** One line to the journal. Lines are fixed texts: nothing that a page, a pipe or a device sent is repeated in them. */
export type Say = (line: string) => void;

/** A page that tries the same thing a thousand times is named once. */
export function sayOnce(say: Say): Say {
  const said = new Set<string>();
  return (line) => {
    if (said.has(line)) return;
    said.add(line);
    say(line);
  };
}
