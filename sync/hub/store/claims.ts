/** Codes and contract ids are each one member's: looked up here, since a tenant may have a hundred thousand members. */
import { among, type HubDatabase, insertMany, type Tx } from './database.ts';

export interface Claimant {
  readonly id: string;
  readonly codes: readonly string[];
  readonly contracts: readonly { readonly id: string }[];
}

export async function replaceClaims(
  tx: Tx,
  kind: HubDatabase['kind'],
  tenant: string,
  gone: readonly string[],
  claimants: readonly Claimant[],
): Promise<void> {
  const members = [...gone, ...claimants.map(({ id }) => id)];
  if (members.length > 0) {
    await tx
      .deleteFrom('claim')
      .where('tenant', '=', tenant)
      .where(among(kind, 'member', members))
      .execute();
  }
  const rows = claimants.flatMap(({ id, codes, contracts }) => [
    ...codes.map((code) => [tenant, 'code', code, id]),
    ...contracts.map((contract) => [tenant, 'contract', contract.id, id]),
  ]);
  const columns = ['tenant', 'what', 'value', 'member'];
  const conflict = 'ON CONFLICT (tenant, what, value) DO UPDATE SET member = excluded.member';
  await insertMany(tx, kind, { table: 'claim', columns, conflict }, rows);
}

/** Whose these codes and contract ids are, by what and value. */
export async function claimsOn(
  tx: Tx,
  kind: HubDatabase['kind'],
  tenant: string,
  claimants: readonly Claimant[],
): Promise<ReadonlyMap<string, string>> {
  const values = claimants.flatMap(({ codes, contracts }) => [...codes, ...contracts.map(({ id }) => id)]);
  if (values.length === 0) return new Map();
  const rows = await tx
    .selectFrom('claim')
    .select(['what', 'value', 'member'])
    .where('tenant', '=', tenant)
    .where(among(kind, 'what', ['code', 'contract']))
    .where(among(kind, 'value', values))
    .execute();
  return new Map(rows.map(({ what, value, member }) => [`${what} ${value}`, member]));
}
