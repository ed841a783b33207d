export const READ_ONLY: 75;
export const HUB_FLAGS: readonly string[];
export const MEMORY_ENV: Readonly<Record<string, string>>;
export type AppName = 'app' | 'hub';
export function appFolder(root: string, app?: AppName): string;
export function compileCache(root: string): string;
export function appState(root: string): string;
export function isAppFresh(root: string, app?: AppName): boolean;
