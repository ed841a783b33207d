declare const GENKAN_BUILT_AT: number | undefined;

/** Run from its sources, the program was built at its first version. */
const FIRST_VERSION = Date.UTC(2026, 10, 1);

/** Epoch ms of the day on which this program was built: no clock that says less is right. */
export const BUILT_AT: number = typeof GENKAN_BUILT_AT === 'number' ? GENKAN_BUILT_AT : FIRST_VERSION;
