/** The report on paper is made by a process of its own: laying out a page takes a second, and no scan waits for it. */
import { spawn } from 'node:child_process';
import type { Clock } from '../../core/clock.ts';
import type { Report } from './report.ts';
import type { ReportLanguage } from './report-texts.ts';

/** How `genkan paper` is started. */
export interface PaperProgram {
  readonly command: string;
  readonly args: readonly string[];
}

const LONGEST_MS = 60_000;
const MOST_BYTES = 16 * 1_024 * 1_024;

/** null: it could not be made. */
export function printReport(
  program: PaperProgram,
  clock: Clock,
  report: Report,
  language: ReportLanguage,
): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const child = spawn(program.command, [...program.args, language], { stdio: ['pipe', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    let bytes = 0;
    const limit = clock.after('report on paper', LONGEST_MS, () => child.kill('SIGKILL'));
    const end = (paper: Buffer | null) => {
      limit.cancel();
      resolve(paper);
    };
    child.on('error', () => end(null));
    child.on('close', (code) => end(code === 0 && bytes > 0 ? Buffer.concat(chunks) : null));
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(report));
  });
}
