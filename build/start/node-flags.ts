/** How Node is started for a controller; those of the installed one stand in `build/service/genkan.service`. */
export const NODE_FLAGS = ['--max-semi-space-size=2'] as const;
