/**
 * The text that Numato's USB relay modules speak: `relay on 0` and a carriage return. The board echoes what it reads,
 * says what it was asked for in a line of its own, and ends with the prompt `>`. Relays and inputs are counted from 0, as
 * one character: 0 to 9, then A to V (boards with 16 and 32 relays).
 */
import { ok, type Result } from '../../../main/core/result.ts';
import type { BoardProtocol } from '../board.ts';

const PROMPT = '>';

export const numato: BoardProtocol = {
  name: 'Numato',
  says: 'prompt',
  load: () => Promise.resolve(),
  setRelay: (channel, energised) => ({
    bytes: line(`relay ${energised ? 'on' : 'off'}`, channel),
    answer: (received) => (latin1(received).includes(PROMPT) ? ok(undefined) : undefined),
  }),
  readRelay: (channel) => ({
    bytes: line('relay read', channel),
    answer: (received) => wordBeforePrompt(received, 'off', 'on'),
  }),
  readInput: (channel) => ({
    bytes: line('gpio read', channel),
    answer: (received) => wordBeforePrompt(received, '0', '1'),
  }),
};

function line(command: string, channel: number): Uint8Array {
  return Buffer.from(`${command} ${channel.toString(32).toUpperCase()}\r`, 'latin1');
}

/** The last line before a prompt, where it is one of the two words. The echo of the question is another line. */
function wordBeforePrompt(received: Uint8Array, no: string, yes: string): Result<boolean, string> | undefined {
  for (const said of latin1(received).split(PROMPT).slice(0, -1)) {
    const word = said
      .split(/[\r\n]+/)
      .filter((text) => text.trim() !== '')
      .at(-1)
      ?.trim();
    if (word === no || word === yes) return ok(word === yes);
  }
  return undefined;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
