/** The report on paper, in one of the four languages. */
import type { PartRole, SetupPart, TestResult } from '../../contract/technician.ts';
import { latestTests, type Report } from './report.ts';
import type { ReportFonts } from './report-fonts.ts';
import { Paper } from './report-paper.ts';
import { type ReportLanguage, type ReportWord, reportWord } from './report-texts.ts';

const BODY = { size: 9.5 } as const;
const HEAD = { size: 13, strong: true } as const;
const OK = '#00644a';
const HEED = '#a92611';

export async function reportPdf(report: Report, language: ReportLanguage, fonts: ReportFonts): Promise<Buffer> {
  const say = (word: ReportWord) => reportWord(word, language);
  const paper = new Paper(fonts, say('title'), report.madeAt);
  paper.text(say('title'), { size: 22, strong: true });
  paper.gap(4);
  facts(paper, report, language);
  paper.gap(12);
  paper.text(say('parts'), HEAD);
  table(
    paper,
    [150, 190, 160],
    [say('part'), say('where'), say('state')],
    report.parts.map((part) => partRow(part, say)),
  );
  paper.gap(12);
  paper.text(say('tests'), HEAD);
  const tests = latestTests(report.tests);
  const when = (at: number) => timeText(at, report.clock.timezone, language);
  if (tests.length === 0) paper.text(say('untested'), BODY);
  else
    table(
      paper,
      [150, 90, 140, 120],
      [say('part'), say('test'), say('result'), say('at')],
      tests.map((test) => testRow(test, say, when)),
    );
  paper.gap(40);
  paper.columns(
    [
      { text: '', width: 300 },
      { text: `${say('signature')}  ______________________`, width: paper.width - 300 },
    ],
    BODY,
  );
  return paper.end();
}

type Say = (word: ReportWord) => string;

interface Row {
  readonly cells: readonly string[];
  readonly ok: boolean;
}

function table(paper: Paper, widths: readonly number[], heads: readonly string[], rows: readonly Row[]): void {
  const cells = (texts: readonly string[]) => texts.map((text, index) => ({ text, width: widths[index] ?? 100 }));
  paper.columns(cells(heads), { ...BODY, strong: true });
  paper.rule();
  for (const { cells: texts, ok } of rows) paper.columns(cells(texts), { ...BODY, color: ok ? OK : HEED });
}

function facts(paper: Paper, report: Report, language: ReportLanguage): void {
  const say = (word: ReportWord) => reportWord(word, language);
  const { unit, machine, config, data, clock } = report;
  const when = (at: number) => timeText(at, clock.timezone, language);
  const head = unit.head === null ? '–' : `${unit.head.seq}  ${unit.head.hash.slice(0, 16)}`;
  const imported = data.importedAt === null ? '–' : `${data.revision} (${when(data.importedAt)}), ${data.members}`;
  const rows: readonly (readonly [ReportWord, string])[] = [
    ['site', report.site],
    ['madeAt', when(report.madeAt)],
    ['by', `${report.by.name} (${report.by.staffId})`],
    ['unit', `${unit.unitId} / ${unit.epoch}`],
    ['head', head],
    ['version', report.version],
    ['machine', [machine.board, `Linux ${machine.kernel}`, `Node ${machine.node}`].filter(Boolean).join(', ')],
    ['config', config.sha256.slice(0, 24)],
    ['data', imported],
    [
      'clock',
      `${when(clock.wall)}, ${clock.timezone}, ${say(clock.trust)}${clock.ntp ? ', NTP' : ''}${clock.battery ? ', RTC' : ''}`,
    ],
  ];
  for (const [word, text] of rows) {
    paper.columns(
      [
        { text: say(word), width: 110 },
        { text, width: paper.width - 110 },
      ],
      BODY,
    );
  }
}

function partRow({ door, role, reader, where, ok, detail }: SetupPart, say: Say): Row {
  const name = [door, say(role satisfies PartRole), reader].filter((word) => word !== null).join(' · ');
  return { cells: [name, where, ok ? say('works') : `${say('fails')}: ${detail}`], ok };
}

function testRow({ part, test, ok, detail, at }: TestResult, say: Say, when: (at: number) => string): Row {
  const result = `${ok ? say('passed') : say('failed')}${detail === '' ? '' : ` (${detail})`}`;
  return { cells: [part, say(test), result, when(at)], ok };
}

function timeText(at: number, timezone: string, language: ReportLanguage): string {
  const format = { dateStyle: 'medium', timeStyle: 'medium', timeZone: timezone } as const;
  try {
    return new Intl.DateTimeFormat(language, format).format(at);
  } catch {
    // A time zone that this machine doesn't know.
    return new Date(at).toISOString();
  }
}
