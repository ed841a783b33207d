/**
 * Named points on the way of a scan. The installed program passes them by; in development a test may end the process
 * at one, as a power cut would.
 */
export type Point = 'before-commit' | 'after-commit' | 'after-relay-on' | 'before-outcome';

export type Probe = (point: Point) => void;
