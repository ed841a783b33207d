/** Makes the commissioning report: as data and on paper, on the shelf and on a stick. */
import { boardModel, kernelRelease } from '../../../device/discovery/machine.ts';
import type { Tree } from '../../../device/discovery/tree.ts';
import type { SetupRefusal } from '../../api/setup-port.ts';
import type { Person } from '../../contract/staff.ts';
import type { ClockView, SetupPart, TestResult } from '../../contract/technician.ts';
import type { Clock } from '../../core/clock.ts';
import { ok, type Result } from '../../core/result.ts';
import type { Store } from '../../store/store.ts';
import type { SiteCache } from '../site-cache.ts';
import { codeOf } from './config-trial.ts';
import { type PaperProgram, printReport } from './paper-process.ts';
import { refused } from './refusal.ts';
import { type Report, reportName, type UnitIdentity } from './report.ts';
import type { ReportShelf, ShelvedFile } from './report-shelf.ts';
import type { ReportLanguage } from './report-texts.ts';

export interface ReportDeskParts {
  readonly clock: Clock;
  readonly store: Store;
  readonly site: SiteCache;
  readonly tree: Tree;
  readonly version: string;
  readonly shelf: ReportShelf;
  readonly paper: PaperProgram;
  readonly identity: () => UnitIdentity;
  readonly digest: () => string;
  readonly doors: () => readonly string[];
  readonly parts: () => readonly SetupPart[];
  readonly tests: () => readonly TestResult[];
  readonly clockView: () => ClockView;
}

export class ReportDesk {
  readonly #parts: ReportDeskParts;

  constructor(parts: ReportDeskParts) {
    this.#parts = parts;
  }

  /** @param folder of a medium that takes writing; null: none */
  async make(
    by: Person,
    language: ReportLanguage,
    folder: string | null,
  ): Promise<Result<{ names: string[]; copied: string | null }, SetupRefusal>> {
    const { shelf, paper, clock } = this.#parts;
    const report = this.#report(by);
    const name = reportName(report);
    const printed = await printReport(paper, clock, report, language);
    const files: [string, Buffer][] = [[`${name}.json`, Buffer.from(`${JSON.stringify(report, null, 1)}\n`)]];
    if (printed !== null) files.push([`${name}.pdf`, printed]);
    try {
      for (const [file, bytes] of files) shelf.put(file, bytes);
    } catch (error) {
      const code = codeOf(error);
      if (code === null) throw error;
      return refused(code === 'ENOSPC' ? 'no-space' : 'refused', [`reports: ${code}`]);
    }
    const copied = folder !== null && files.every(([file, bytes]) => shelf.copyTo(folder, file, bytes)) ? folder : null;
    if (printed === null) return refused('no-fonts', [`${name}.json`]);
    return ok({ names: files.map(([file]) => file), copied });
  }

  list(): readonly ShelvedFile[] {
    return this.#parts.shelf.list();
  }

  read(name: string, offset: number): Result<{ data: string; next: number | null }, SetupRefusal> {
    const piece = this.#parts.shelf.read(name, offset);
    return piece === null ? refused('no-file') : ok({ data: piece.data.toString('base64'), next: piece.next });
  }

  #report({ staffId, name }: Person): Report {
    const { clock, store, site, tree, version, identity, digest, doors, parts, tests, clockView } = this.#parts;
    const unit = store.record.unit();
    return {
      format: 'genkan-report/1',
      madeAt: clock.wall(),
      by: { staffId, name },
      site: site.get()?.data.site.name ?? '',
      unit: identity(),
      version,
      machine: { board: boardModel(tree), kernel: kernelRelease(tree), node: process.versions.node },
      config: { sha256: digest(), doors: [...doors()] },
      data: { revision: unit.revision, importedAt: unit.imported_at, members: store.memberCount() },
      clock: clockView(),
      parts: [...parts()],
      tests: [...tests()],
    };
  }
}
