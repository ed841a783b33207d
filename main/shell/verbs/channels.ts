/** The names of the verbs between preload and main. */
export const BRIGHTNESS = 'shell:brightness';
export const QUIT = 'shell:quit';
