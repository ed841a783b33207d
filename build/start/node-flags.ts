/** How Node is started for a controller; those of the installed one stand in `build/service/genkan.service`. */
export const NODE_FLAGS = ['--max-semi-space-size=2'] as const;

/** The same for what isn't Node's to be told. */
export const NODE_MEMORY = { MALLOC_ARENA_MAX: '1' } as const;
