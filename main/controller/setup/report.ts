/** The commissioning report: what stands at this unit, how it was tested and by whom. Nothing of a member is in it. */
import * as z from 'zod';
import { ClockView, SetupPart, TestResult } from '../../contract/technician.ts';
import { Id, Instant } from '../../contract/values.ts';

const Head = z.strictObject({ seq: z.int(), hash: z.string().max(64) });
export const UnitIdentity = z.strictObject({
  unitId: z.string().min(1).max(100),
  epoch: z.int().min(1),
  head: Head.nullable(),
});
export type UnitIdentity = z.infer<typeof UnitIdentity>;

/** `genkan-unit/1`: who a unit was and what it knew last, for the one that takes its place. */
export const UnitDocument = UnitIdentity.extend({ format: z.literal('genkan-unit/1') });

export const Report = z.strictObject({
  format: z.literal('genkan-report/1'),
  madeAt: Instant,
  by: z.strictObject({ staffId: Id, name: z.string().max(200) }),
  site: z.string().max(200),
  unit: UnitIdentity,
  version: z.string().max(100),
  machine: z.strictObject({
    board: z.string().max(200).nullable(),
    kernel: z.string().max(200),
    node: z.string().max(40),
  }),
  config: z.strictObject({ sha256: z.string().max(64), doors: z.array(Id).max(64) }),
  data: z.strictObject({ revision: z.int(), importedAt: Instant.nullable(), members: z.int() }),
  clock: ClockView,
  parts: z.array(SetupPart).max(1_000),
  tests: z.array(TestResult).max(200),
});
export type Report = z.infer<typeof Report>;

/** `genkan-report-20261126-0512-front`: sorts by time, and holds no name. */
export function reportName({ madeAt, unit }: Report): string {
  const [day = '', time = ''] = new Date(madeAt).toISOString().split('T');
  return `genkan-report-${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${unit.unitId}`;
}

/** The last test of each kind of each part. */
export function latestTests(tests: readonly TestResult[]): readonly TestResult[] {
  return [...new Map(tests.map((test) => [`${test.part} ${test.test}`, test])).values()];
}
