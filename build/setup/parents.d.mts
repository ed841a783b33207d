export function watchParents(onGone: () => void): void;
