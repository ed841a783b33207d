import type {
  CarryOverInput,
  IssueInput,
  IssueOutput,
  PlaceCodeInput,
  PlaceCodeOutput,
  WithdrawInput,
} from '../../main/contract/member-ways.ts';
import type { CallStaffInput, ChooseInput, PageMessage, ScanInput } from '../../main/contract/page.ts';

export interface LinkListener {
  /** The controller answers. The next message is its status. */
  up(): void;
  /** The controller doesn't answer any more. It is called again by itself. */
  down(): void;
  message(message: PageMessage): void;
}

/** The page's line to the controller. */
export interface KioskLink {
  /** Listens until the returned function is called. */
  watch(listener: LinkListener): () => void;
  /** Hands in a code. False: not taken, or nobody is there to take it. Never waits for a controller to come back. */
  scan(input: ScanInput): Promise<boolean>;
  /** Takes up a ticket that a refusal offered. False: it isn't on offer any more; null: nobody said. */
  choose(input: ChooseInput): Promise<boolean | null>;
  /** Calls for staff. False: nobody can be called; null: nobody said. */
  callStaff(input: CallStaffInput): Promise<boolean | null>;
  /** The place's code; null: nobody said. Here and below, the promise never fails. */
  placeCode(input: PlaceCodeInput): Promise<PlaceCodeOutput | null>;
  issueCard(input: IssueInput): Promise<IssueOutput | null>;
  /** False: the card has been used, or the hub has it. */
  withdrawCard(input: WithdrawInput): Promise<boolean | null>;
  carryOver(input: CarryOverInput): Promise<boolean | null>;
}
