/** The chain of a unit's record, as the store makes it: each event's hash covers the one before. base64url. */
import { createHash } from 'node:crypto';

export function genesisOf(unit: string, epoch: number): string {
  return createHash('sha256').update(`genkan ${unit} ${epoch}`).digest('base64url');
}

/** The hash at the last of `bodies`. @param before the hash before the first */
export function chained(before: string, bodies: readonly string[]): string {
  const hash = bodies.reduce(
    (hashed, body) => createHash('sha256').update(hashed).update(body).digest(),
    Buffer.from(before, 'base64url'),
  );
  return hash.toString('base64url');
}
