/**
 * What the controller starts to have a report laid out: `node paper.js FONTS LANGUAGE`, a report as JSON on standard
 * input, a PDF on standard output. A program of its own: the controller carries no fonts and waits for no page.
 */
import { readFileSync, writeSync } from 'node:fs';
import { Report } from '../controller/setup/report.ts';
import { readFonts } from '../controller/setup/report-fonts.ts';
import { reportPdf } from '../controller/setup/report-pdf.ts';
import { isReportLanguage } from '../controller/setup/report-texts.ts';

/** @returns null: it could not be made */
async function paperOf(fontsDir: string, language: string): Promise<Buffer | null> {
  const report = Report.safeParse(JSON.parse(readFileSync(0, 'utf8')));
  if (!report.success || !isReportLanguage(language)) return null;
  const fonts = readFonts(fontsDir, language);
  return fonts === null ? null : reportPdf(report.data, language, fonts);
}

const [fontsDir = '', language = ''] = process.argv.slice(2);
const paper = await paperOf(fontsDir, language);
if (paper === null) process.exitCode = 1;
else for (let at = 0; at < paper.length; ) at += writeSync(1, paper, at);
