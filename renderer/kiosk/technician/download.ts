import { ReadReportOutput } from '../../../main/contract/technician.ts';
import type { TechModel } from './model.ts';

/** A report holds a few pages; this many pieces are more than any. */
const MOST_PIECES = 400;

/** Fetches a report piece by piece, in the technician's session. null: it could not be read to its end. */
export async function fetchReport(model: TechModel, name: string): Promise<Blob | null> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (let count = 0; count < MOST_PIECES; count += 1) {
    const at = offset;
    const read = await model.ask(ReadReportOutput, () => model.calls.setup.readReport.query({ name, offset: at }));
    if (!read.ok) return null;
    pieces.push(Uint8Array.from(atob(read.value.data), (letter) => letter.charCodeAt(0)));
    if (read.value.next === null)
      return new Blob(pieces, { type: name.endsWith('.pdf') ? 'application/pdf' : 'application/json' });
    offset = read.value.next;
  }
  return null;
}

/** Hands a file to the browser, which puts it where downloads go. */
export function save(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
