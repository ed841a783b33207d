/** The line to the controller that served this page: tRPC over WebSocket, called again with a growing pause. */
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client';
import type { KioskRouter } from '../../main/api/router.ts';
import {
  type CarryOverInput,
  CarryOverOutput,
  type IssueInput,
  IssueOutput,
  type PlaceCodeInput,
  PlaceCodeOutput,
  type WithdrawInput,
  WithdrawOutput,
} from '../../main/contract/member-ways.ts';
import {
  type CallStaffInput,
  CallStaffOutput,
  type ChooseInput,
  ChooseOutput,
  PageMessage,
  type ScanInput,
  ScanOutput,
} from '../../main/contract/page.ts';
import type { Clock } from '../parts/clock.ts';
import type { KioskLink, LinkListener } from './link.ts';

const PAUSES_MS = [200, 500, 1_000, 2_000, 5_000];
/** A scan or choice that nobody took by then is over: it may not open the door when its owner is gone. */
const CALL_DEADLINE_MS = 2_000;
const PING_MS = 5_000;
/** An SD card stalls for seconds. */
const PONG_LIMIT_MS = 5_000;
const SESSION_LIMIT_MS = 5_000;

function pauseMs(attempt: number): number {
  return PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] ?? 5_000;
}

export interface ConnectedKiosk extends KioskLink {
  /** Staff's calls go over the same line, in the same session. */
  readonly calls: TRPCClient<KioskRouter>;
}

export function connectKiosk(clock: Clock): ConnectedKiosk {
  return new TrpcLink(clock);
}

class TrpcLink implements ConnectedKiosk {
  readonly #clock: Clock;
  readonly #client: TRPCClient<KioskRouter>;
  #listener: LinkListener | null = null;
  #up = false;
  #called = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    const down = (): void => this.#down();
    /** A hung controller never finishes the closing handshake, so the start of one already counts. */
    class WatchedSocket extends WebSocket {
      override close(code?: number, reason?: string): void {
        super.close(code, reason);
        down();
      }
    }
    const client = createWSClient({
      url: () => this.#address(),
      WebSocket: WatchedSocket,
      retryDelayMs: pauseMs,
      keepAlive: { enabled: true, intervalMs: PING_MS, pongTimeoutMs: PONG_LIMIT_MS },
      onClose: down,
    });
    this.#client = createTRPCClient<KioskRouter>({ links: [wsLink({ client })] });
  }

  get calls(): TRPCClient<KioskRouter> {
    return this.#client;
  }

  watch(listener: LinkListener): () => void {
    this.#listener = listener;
    let ended = false;
    let stop = (): void => undefined;
    const listen = (attempt: number): void => {
      if (ended) return;
      let heard = false;
      const again = (): void => {
        this.#down();
        const next = heard ? 0 : attempt + 1;
        const timer = this.#clock.after('kiosk watch again', pauseMs(next), () => listen(next));
        stop = () => timer.cancel();
      };
      const subscription = this.#client.watch.subscribe(undefined, {
        onData: (data) => {
          heard = true;
          this.#hear(data);
        },
        onError: again,
        onComplete: again,
      });
      stop = () => subscription.unsubscribe();
    };
    listen(0);
    return () => {
      ended = true;
      this.#listener = null;
      stop();
    };
  }

  async scan(input: ScanInput): Promise<boolean> {
    const answer = await this.#ask((signal) => this.#client.scan.mutate(input, { signal }));
    return answer !== null && ScanOutput.parse(answer).taken;
  }

  async choose(input: ChooseInput): Promise<boolean | null> {
    const answer = await this.#ask((signal) => this.#client.choose.mutate(input, { signal }));
    return answer === null ? null : ChooseOutput.parse(answer).taken;
  }

  callStaff(input: CallStaffInput): Promise<boolean | null> {
    return this.#ask(async (signal) => {
      return CallStaffOutput.parse(await this.#client.callStaff.mutate(input, { signal })).called;
    });
  }

  placeCode(input: PlaceCodeInput): Promise<PlaceCodeOutput | null> {
    return this.#ask(async (signal) => PlaceCodeOutput.parse(await this.#client.placeCode.query(input, { signal })));
  }

  issueCard(input: IssueInput): Promise<IssueOutput | null> {
    return this.#ask(async (signal) => IssueOutput.parse(await this.#client.issueCard.mutate(input, { signal })));
  }

  withdrawCard(input: WithdrawInput): Promise<boolean | null> {
    return this.#ask(async (signal) => {
      return WithdrawOutput.parse(await this.#client.withdrawCard.mutate(input, { signal })).done;
    });
  }

  carryOver(input: CarryOverInput): Promise<boolean | null> {
    return this.#ask(async (signal) => {
      return CarryOverOutput.parse(await this.#client.carryOver.mutate(input, { signal })).taken;
    });
  }

  /** null: nobody answered in time, or not to this. */
  async #ask<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    if (!this.#up) return null;
    const abort = new AbortController();
    const deadline = this.#clock.after('kiosk call', CALL_DEADLINE_MS, () => abort.abort());
    try {
      return await call(abort.signal);
    } catch {
      return null;
    } finally {
      deadline.cancel();
    }
  }

  /** A controller that has been away knows this page's session no more: loading the page gives a new one. */
  async #address(): Promise<string> {
    if (this.#called) await this.#renewSession();
    this.#called = true;
    return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/trpc`;
  }

  async #renewSession(): Promise<void> {
    const abort = new AbortController();
    const limit = this.#clock.after('kiosk session', SESSION_LIMIT_MS, () => abort.abort());
    try {
      const answer = await fetch('/', { cache: 'no-store', signal: abort.signal });
      if (!answer.ok) throw new Error(`the page's server answers ${answer.status}`);
    } finally {
      limit.cancel();
    }
  }

  #hear(data: unknown): void {
    const message = PageMessage.safeParse(data);
    if (!message.success) {
      console.warn('A message of the controller is not as the contract has it; it was left out. Reload the page.');
      return;
    }
    if (!this.#up) {
      this.#up = true;
      this.#listener?.up();
    }
    this.#listener?.message(message.data);
  }

  #down(): void {
    if (!this.#up) return;
    this.#up = false;
    this.#listener?.down();
  }
}
