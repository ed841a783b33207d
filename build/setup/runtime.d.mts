export const ROOT: string;
export function findRuntime(root: string): { node: string; pinned: boolean; problem: string | null };
export function userFolder(): string;
