/** Paper of size A4 with text in the page's fonts, slice by slice: lines are broken here, since a line may need several fonts. */
import { readFileSync } from 'node:fs';
import PDFDocument from 'pdfkit';
import { type Face, type ReportFonts, runsOf } from './report-fonts.ts';
import { fromWoff2 } from './woff2.ts';

const PAGE = { width: 595.28, height: 841.89 } as const;
const MARGIN = 48;
const LINE = 1.45;
/** Nobody signs a book. */
const MOST_PAGES = 40;
/** Thin outlines are drawn over to the weight that they should have, in ems. */
const PLAIN_LINE = 0.035;
const BOLD_LINE = 0.08;
const INK = '#1d1b18';
const SOFT = '#857f71';

export interface Style {
  readonly size: number;
  readonly strong?: boolean;
  readonly color?: string;
}

export class Paper {
  readonly #doc: PDFKit.PDFDocument;
  readonly #fonts: ReportFonts;
  readonly #chunks: Buffer[] = [];
  readonly #widths = new Map<string, number>();
  readonly #known = new Set<string>();
  readonly #ended: Promise<Buffer>;
  #y = MARGIN;
  #pages = 1;
  #full = false;

  /** @param made epoch ms, for the file's own date */
  constructor(fonts: ReportFonts, title: string, made: number) {
    this.#fonts = fonts;
    const info = { Title: title, Creator: 'Genkan', CreationDate: new Date(made) };
    // The standard fonts have no Japanese, and their metrics are files that a bundle doesn't have.
    // Nor may it look for a font of its own: `false` is what it asks for.
    this.#doc = new PDFDocument({ size: 'A4', margin: 0, font: '', info });
    this.#ended = new Promise((resolve, reject) => {
      this.#doc.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
      this.#doc.on('end', () => resolve(Buffer.concat(this.#chunks)));
      this.#doc.on('error', reject);
    });
  }

  get width(): number {
    return PAGE.width - 2 * MARGIN;
  }

  end(): Promise<Buffer> {
    this.#doc.end();
    return this.#ended;
  }

  gap(points: number): void {
    this.#y += points;
  }

  text(text: string, style: Style): void {
    this.columns([{ text, width: this.width }], style);
  }

  /** Texts side by side, each in its width; a row is never torn apart by a page's end. */
  columns(cells: readonly { readonly text: string; readonly width: number }[], style: Style): void {
    const face = style.strong === true ? this.#fonts.strong : this.#fonts.plain;
    const rows = cells.map(({ text, width }) => this.#broken(face, text, width - 6, style.size));
    const height = Math.max(...rows.map((lines) => lines.length)) * style.size * LINE;
    if (!this.#room(height)) return;
    let x = MARGIN;
    for (const [index, { width }] of cells.entries()) {
      for (const [row, line] of (rows[index] ?? []).entries())
        this.#draw(face, line, x, this.#y + row * style.size * LINE, style);
      x += width;
    }
    this.#y += height;
  }

  rule(): void {
    this.#doc
      .moveTo(MARGIN, this.#y)
      .lineTo(PAGE.width - MARGIN, this.#y)
      .lineWidth(0.5)
      .stroke(SOFT);
    this.#y += 4;
  }

  /** False: there is too much of it. */
  #room(height: number): boolean {
    if (this.#full) return false;
    if (this.#y + height <= PAGE.height - MARGIN) return true;
    if (this.#pages >= MOST_PAGES) {
      this.#full = true;
      return false;
    }
    this.#pages += 1;
    this.#doc.addPage({ size: 'A4', margin: 0 });
    this.#y = MARGIN;
    return true;
  }

  #draw(face: Face, line: string, x: number, y: number, { size, color = INK, strong = false }: Style): void {
    let at = x;
    for (const { text, file, isVariable } of runsOf(face, line)) {
      this.#font(file).fontSize(size).fillColor(color);
      if (isVariable) this.#doc.strokeColor(color).lineWidth(size * (strong ? BOLD_LINE : PLAIN_LINE));
      const outlined = isVariable ? { stroke: true, fill: true } : {};
      this.#doc.text(text, at, y + size, { lineBreak: false, baseline: 'alphabetic', ...outlined });
      at += this.#doc.widthOfString(text);
    }
  }

  #font(file: string): PDFKit.PDFDocument {
    if (!this.#known.has(file)) {
      this.#known.add(file);
      this.#doc.registerFont(file, fromWoff2(readFileSync(file)));
    }
    return this.#doc.font(file);
  }

  /** Words of Latin letters stay whole where they fit; Japanese breaks anywhere. */
  #broken(face: Face, text: string, width: number, size: number): readonly string[] {
    const lines: string[] = [''];
    let used = 0;
    for (const word of text.match(/[\x21-\x7e]+|[^\x21-\x7e]/g) ?? []) {
      const wide = this.#widthOf(face, word, size);
      const pieces = wide > width ? [...word] : [word];
      for (const piece of pieces) {
        const room = this.#widthOf(face, piece, size);
        if (used + room > width && used > 0) {
          lines.push('');
          used = 0;
        }
        lines[lines.length - 1] += piece;
        used += room;
      }
    }
    return lines.slice(0, 12);
  }

  #widthOf(face: Face, text: string, size: number): number {
    return runsOf(face, text).reduce((sum, run) => {
      const key = `${run.file} ${size} ${run.text}`;
      const known = this.#widths.get(key) ?? this.#font(run.file).fontSize(size).widthOfString(run.text);
      this.#widths.set(key, known);
      return sum + known;
    }, 0);
  }
}
