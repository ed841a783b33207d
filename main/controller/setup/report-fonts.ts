/**
 * The page's own fonts for what is printed: woff2 slices with the letters that each has, read from the built page's style
 * sheets, so that a report has the same face as the screen and nothing more is shipped.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ReportLanguage } from './report-texts.ts';

export interface Slice {
  readonly file: string;
  /** Pairs of first and last code point. */
  readonly ranges: readonly (readonly [number, number])[];
  /** One file for all weights. Its own outlines are those of the lightest. */
  readonly isVariable: boolean;
}

/** Of one weight, in the order in which they are asked. */
export interface Face {
  readonly slices: readonly Slice[];
}

export interface ReportFonts {
  readonly plain: Face;
  readonly strong: Face;
}

const JAPANESE = 'BIZ UDPGothic';
const CHINESE = 'Noto Sans SC Variable';
const KOREAN = 'Noto Sans KR Variable';
/** Asked in this order: a letter comes from the first that has it. */
const FAMILIES: Readonly<Record<ReportLanguage, readonly string[]>> = {
  ja: [JAPANESE, CHINESE, KOREAN],
  en: [JAPANESE, CHINESE, KOREAN],
  'zh-Hans': [CHINESE, JAPANESE, KOREAN],
  ko: [KOREAN, JAPANESE, CHINESE],
};

/** @param folder where the built page keeps its style sheets and fonts @returns null where it has no Japanese */
export function readFonts(folder: string, language: ReportLanguage): ReportFonts | null {
  const rules = sheetsIn(folder).flatMap((sheet) =>
    [...sheet.matchAll(/@font-face\s*\{([^}]*)\}/g)].map(([, body = '']) => body),
  );
  // Of two rules with the same letter the later one has it.
  const faces = rules.reverse().flatMap((rule) => sliceOf(rule, folder) ?? []);
  const weighing = (weight: number): Face => ({
    slices: FAMILIES[language].flatMap((family) =>
      faces.filter((face) => face.family === family && weight >= face.from && weight <= face.to),
    ),
  });
  const fonts = { plain: weighing(400), strong: weighing(700) };
  const has = ({ slices }: Face) => slices.some(({ ranges }) => isIn(ranges, 'あ'.codePointAt(0) ?? 0));
  return has(fonts.plain) && has(fonts.strong) ? fonts : null;
}

function sheetsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.css'))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
  } catch {
    return [];
  }
}

interface Sliced extends Slice {
  readonly family: string;
  readonly from: number;
  readonly to: number;
}

function sliceOf(rule: string, folder: string): Sliced | null {
  const family = /font-family:\s*["']?([^;"']+)/.exec(rule)?.[1]?.trim();
  const url = /url\(["']?([^)"']+\.woff2)/.exec(rule)?.[1];
  const weights = /font-weight:\s*(\d+)(?:\s+(\d+))?/.exec(rule);
  if (family === undefined || url === undefined || !FAMILIES.ja.includes(family)) return null;
  const from = Number(weights?.[1] ?? 400);
  const ranges = rangesOf(/unicode-range:\s*([^;}]+)/.exec(rule)?.[1] ?? 'U+0-10FFFF');
  const to = Number(weights?.[2] ?? from);
  return { family, from, to, isVariable: from !== to, file: join(folder, basename(url)), ranges };
}

/** `U+0-FF`, `U+131`, and `U+4??` as minifiers write it. */
export function rangesOf(text: string): (readonly [number, number])[] {
  return text.split(',').flatMap((part) => {
    const range = /^\s*U\+([0-9a-f?]+)(?:-([0-9a-f]+))?\s*$/i.exec(part);
    if (range === null) return [];
    const [, first = '', last] = range;
    const from = Number.parseInt(first.replaceAll('?', '0'), 16);
    const to = Number.parseInt(last ?? first.replaceAll('?', 'f'), 16);
    return [[from, to] as const];
  });
}

export function isIn(ranges: Slice['ranges'], point: number): boolean {
  return ranges.some(([from, to]) => point >= from && point <= to);
}

export interface Run {
  readonly text: string;
  readonly file: string;
  readonly isVariable: boolean;
}

/** The text by the slices that have its letters; what none has is shown as a box by the first. */
export function runsOf({ slices }: Face, text: string): readonly Run[] {
  const runs: Run[] = [];
  for (const letter of text) {
    const point = letter.codePointAt(0) ?? 0;
    const { file = '', isVariable = false } = slices.find(({ ranges }) => isIn(ranges, point)) ?? slices[0] ?? {};
    const last = runs.at(-1);
    if (last?.file === file) runs[runs.length - 1] = { ...last, text: last.text + letter };
    else runs.push({ file, isVariable, text: letter });
  }
  return runs;
}
