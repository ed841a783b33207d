/** What was tested at this unit, by whom and with what result: kept beside the database, since a report may come days later. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { TestResult } from '../../contract/technician.ts';
import { codeOf, writeWhole } from './config-trial.ts';

const MOST_TESTS = 200;
const MOST_BYTES = 1_048_576;
const Tests = z.array(TestResult).max(MOST_TESTS);

export class TestsDone {
  readonly #file: string;
  #tests: readonly TestResult[];

  constructor(file: string) {
    this.#file = file;
    this.#tests = readTests(file);
  }

  /** The oldest first. */
  get tests(): readonly TestResult[] {
    return this.#tests;
  }

  /** @returns false: it is known until the next start, and no longer */
  note(test: TestResult): boolean {
    this.#tests = [...this.#tests, test].slice(-MOST_TESTS);
    try {
      writeWhole(this.#file, Buffer.from(JSON.stringify(this.#tests)));
      return true;
    } catch (error) {
      if (codeOf(error) === null) throw error;
      return false;
    }
  }
}

/** A file that can't be read is one without tests. */
function readTests(file: string): readonly TestResult[] {
  try {
    const bytes = readFileSync(file);
    const tests = bytes.length > MOST_BYTES ? null : Tests.safeParse(JSON.parse(bytes.toString('utf8')));
    return tests?.success === true ? tests.data : [];
  } catch {
    return [];
  }
}
