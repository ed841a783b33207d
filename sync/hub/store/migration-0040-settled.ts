/** What was handed over and is settled isn't kept twice: a form or a card has a person's name or code. */
export function settled(): readonly string[] {
  return [`UPDATE handover SET body = '' WHERE settled_at IS NOT NULL`];
}
