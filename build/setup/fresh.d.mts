export function fingerprint(root: string, paths: readonly string[]): string;
export function isFresh(stamp: string, state: string): boolean;
