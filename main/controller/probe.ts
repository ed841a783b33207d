/**
 * Named points on the way of a scan. The installed program passes them by; in development a test may end the process
 * at one, as a power cut would.
 */
export type Point =
  | 'before-commit'
  | 'after-commit'
  | 'after-relay-on'
  | 'before-outcome'
  /** An entry is in the reserve file, and its door is not commanded yet. */
  | 'after-reserve'
  /** What was in the reserve file is on record, and still in the file. */
  | 'before-reserve-emptied'
  /** A new configuration is on the disk, and the site or the database that it is for is not there yet. */
  | 'configuration-written'
  /** Now it is. */
  | 'data-there';

export type Probe = (point: Point) => void;
