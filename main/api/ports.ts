/** What the loopback server needs of the controller. The composition root provides it. */
import type {
  CarryOverInput,
  IssueInput,
  IssueOutput,
  PlaceCodeInput,
  PlaceCodeOutput,
  WithdrawInput,
} from '../contract/member-ways.ts';
import type { CallStaffInput, ChooseInput, PageMessage, ScanInput, StatusMessage } from '../contract/page.ts';

export interface PageSource {
  status(): StatusMessage;
  /** Calls `listener` at every message from now on, until the returned function is called. */
  subscribe(listener: (message: PageMessage) => void): () => void;
  /** Hands in a code from a camera or wedge reader. False where there is no such page reader. */
  scan(input: ScanInput): boolean;
  /** A member takes up a ticket that a refusal offered. False where it isn't on offer any more. */
  choose(input: ChooseInput): boolean;
  /** Somebody calls for staff. False where there is no such door, or nobody to call. */
  callStaff(input: CallStaffInput): boolean;
  readonly ways: MemberWays;
}

/** What members may do besides holding up a code. */
export interface MemberWays {
  placeCode(input: PlaceCodeInput): PlaceCodeOutput;
  /** A provisional card. */
  issue(input: IssueInput): IssueOutput;
  /** Takes a card back that has not opened yet. False where there is none such. */
  withdraw(input: WithdrawInput): boolean;
  /** Keeps a form until the hub takes it. False where it can't be kept. */
  carryOver(input: CarryOverInput): boolean;
}

/** `GET /healthz`: status 503 while starting, else 200. */
export interface HealthSource {
  health(): { readonly status: number; readonly body: object };
}

/** A further route of the server: the demo's controls, which the packaged program doesn't have. */
export interface ExtraRoute {
  readonly method: 'POST';
  readonly path: string;
  /** `body` is at most 4 kB of parsed JSON. Returns the status and the JSON to answer with. */
  handle(body: unknown): { readonly status: number; readonly body: object };
}

/** Why the server turned somebody away or failed. */
export type ApiEventCode =
  | 'foreign-host'
  | 'foreign-origin'
  | 'no-session'
  | 'too-many-clients'
  | 'slow-client'
  | 'silent-client'
  | 'flooding-client'
  | 'page-missing'
  | 'request-failed' // a bug of ours behind a route
  | 'call-failed' // a bug of ours behind a procedure
  | 'foreign-source' // an address that no terminal reports from
  | 'unknown-terminal' // not a terminal's token, or not from its address
  | 'flooding-terminal'
  | 'bad-passage' // a terminal reports in a form that it shouldn't
  | 'server-failed';

export interface ApiEvent {
  readonly code: ApiEventCode;
  /** One line for technicians. Never holds what was read, nor a cookie. */
  readonly detail: string;
  /** How many of this code came since the last that was handed on. */
  readonly times: number;
}

/** Gets at most one event of a code in 10 s. */
export type ApiLog = (event: ApiEvent) => void;
