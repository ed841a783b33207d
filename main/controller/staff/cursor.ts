/** Where a page of an answer ended, as the page hands it back: the row as JSON, checked again when it comes. */
import type * as z from 'zod';
import type { Page } from '../../store/queries.ts';

export const PAGE_ROWS = 100;

/** A cursor that is none begins anew. */
export function pageAfter<Row>(form: z.ZodType<Row>, cursor: string | null): Page<Row> {
  return { limit: PAGE_ROWS, after: cursor === null ? null : readCursor(form, cursor) };
}

function readCursor<Row>(form: z.ZodType<Row>, cursor: string): Row | null {
  try {
    const row = form.safeParse(JSON.parse(cursor));
    return row.success ? row.data : null;
  } catch {
    return null;
  }
}

/** null: that was the last page. */
export function cursorOf(rows: readonly unknown[]): string | null {
  return rows.length < PAGE_ROWS ? null : JSON.stringify(rows.at(-1));
}
