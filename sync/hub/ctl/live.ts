/** Server-sent events of a subscription, as they come. */
import * as z from 'zod';
import { Complaint, checked, reach } from './client.ts';

const Said = z.looseObject({ data: z.unknown() });

const ENDED = 'the hub hung up: start again once it is back';

/** Each item that the hub sends, as JSON. @throws Complaint where it hangs up */
export async function* liveItems(url: string, token: string, call: string, input: unknown): AsyncGenerator<unknown> {
  const address = `${url}api/${call}?input=${encodeURIComponent(JSON.stringify(input))}`;
  const headers = { Authorization: `Bearer ${token}`, Accept: 'text/event-stream' };
  const response = await checked(await reach(url, () => fetch(address, { headers })));
  if (!response.ok || response.body === null) throw new Complaint('the hub doesn’t let this token listen');
  let rest = '';
  for await (const chunk of untilEnd(response.body)) {
    const blocks = `${rest}${chunk}`.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const item = itemOf(block);
      if (item !== undefined) yield item;
    }
  }
}

async function* untilEnd(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  try {
    yield* body.pipeThrough(new TextDecoderStream());
  } catch {
    // Cut off is ended too.
  }
  throw new Complaint(ENDED);
}

/** Blocks with a name of their own are the protocol's. */
function itemOf(block: string): unknown {
  const lines = block.split('\n');
  const data = lines.find((line) => line.startsWith('data:'));
  if (data === undefined || lines.some((line) => line.startsWith('event:'))) return undefined;
  try {
    const parsed: unknown = JSON.parse(data.slice('data:'.length));
    const wrapped = Said.safeParse(parsed);
    return wrapped.success && wrapped.data.data !== undefined ? wrapped.data.data : parsed;
  } catch {
    return undefined;
  }
}
