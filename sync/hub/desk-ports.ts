/**
 * What the server keeps beside the store of `ports.ts`: commands and their fate, what operators see and decide, and the
 * bus on which processes over one database tell each other what is up. The same rules: each call one transaction.
 */
import * as z from 'zod';
import type { Result } from '../../main/core/result.ts';
import type { Change, ChangeKind } from '../wire/entities.ts';
import type { CommandPayload } from '../wire/from-hub.ts';
import { WireId } from '../wire/values.ts';
import type { Role } from './ports.ts';

export type CommandState = 'asked' | 'sent' | 'done' | 'failed';

export interface CommandRecord {
  readonly id: string;
  readonly tenant: string;
  readonly unit: string;
  /** `CommandPayload` as JSON. */
  readonly command: string;
  readonly by: string;
  readonly at: number;
  readonly state: CommandState;
  readonly detail: string | null;
}

export interface HandoverRecord {
  readonly unit: string;
  readonly id: string;
  readonly kind: string;
  /** JSON as the unit made it. */
  readonly body: string;
  readonly at: number;
  /** null: nobody has decided yet. */
  readonly decision: 'accepted' | 'rejected' | null;
  readonly decidedBy: string | null;
}

/** What one process tells the others. Ids only, and short: PostgreSQL carries at most 8,000 bytes. */
export const BusMessage = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('command'), unit: WireId, id: WireId }),
  /** The unit is connected to `process` now: who else has a connection of it ends that. */
  z.strictObject({ do: z.literal('here'), unit: WireId, process: WireId }),
  z.strictObject({ do: z.literal('revoked'), unit: WireId }),
  z.strictObject({ do: z.literal('alert'), tenant: WireId }),
]);
export type BusMessage = z.infer<typeof BusMessage>;

export interface HubDesk {
  /** Returns once it is on its way; who listens gets it, also in this process. */
  publish(message: BusMessage): Promise<void>;
  subscribe(heard: (message: BusMessage) => void): () => void;

  // Commands.
  /** `too-soon`: the same door was told to open within the last `openEveryMs`. */
  addCommand(
    command: Pick<CommandRecord, 'id' | 'tenant' | 'unit' | 'command' | 'by' | 'at'>,
    payload: CommandPayload,
    openEveryMs: number,
  ): Promise<Result<void, 'too-soon'>>;
  /** For one process alone, once, and only while it isn't older than `notBefore`; null: it isn't to be sent. */
  takeCommand(id: string, notBefore: number): Promise<CommandRecord | null>;
  finishCommand(id: string, unit: string, ok: boolean, detail: string): Promise<void>;
  command(tenant: string, id: string): Promise<CommandRecord | null>;

  // Units.
  renameUnit(tenant: string, unit: string, name: string): Promise<boolean>;
  /** To another site, with a new roster. */
  moveUnit(tenant: string, unit: string, site: string, at: number): Promise<boolean>;
  /** Remembers the first time that a revoked unit was told so, and says when that was. */
  noticed(unit: string, at: number): Promise<number>;

  // What operators look at.
  tokens(
    tenant: string | null,
  ): Promise<readonly { readonly digest: string; readonly role: Role; readonly person: string; readonly at: number }[]>;
  /** Rows of a kind in the order of their ids, tombstones left out. */
  list(tenant: string, kind: ChangeKind, after: string | null, limit: number): Promise<readonly Change[]>;
  /** Usage, ticket uses and stays of one member. */
  historyOf(tenant: string, memberId: string, limit: number): Promise<readonly Change[]>;
  handovers(tenant: string, open: boolean, limit: number): Promise<readonly HandoverRecord[]>;
  /** False: there is none that is still open. */
  decideHandover(
    tenant: string,
    unit: string,
    id: string,
    decision: 'accepted' | 'rejected',
    by: string,
    at: number,
  ): Promise<boolean>;
}
