export const READ_ONLY: 75;
export function appFolder(root: string): string;
export function appState(root: string): string;
export function isAppFresh(root: string): boolean;
