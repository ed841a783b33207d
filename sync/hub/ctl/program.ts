/** The hub from the command line. Exit status: 0 done, 1 refused or failed with one line, 2 wrong usage. */
import { Command, CommanderError } from 'commander';
import { placeOf } from '../log.ts';
import { addAccessCommands } from './access-commands.ts';
import { complaintOf, Misuse } from './client.ts';
import { addDataCommands } from './data-commands.ts';
import { type CtlOptions, Desk } from './desk.ts';
import { addUnitCommands } from './unit-commands.ts';

/** @returns the exit status */
export async function runHubctl(argv: readonly string[], options: CtlOptions): Promise<0 | 1 | 2> {
  const { console } = options;
  const program = new Command('hubctl')
    .description('operates a Genkan hub')
    .option('--tenant <id>', 'whose data; a token of one tenant needs none')
    .exitOverride()
    .configureOutput({ writeOut: console.out, writeErr: console.err });
  const desk = new Desk(options, program);
  addAccessCommands(program, desk);
  addUnitCommands(program, desk);
  addDataCommands(program, desk);
  inherit(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const complaint = complaintOf(error) ?? `a mistake of hubctl’s own, please report it (${placeOf(error)})`;
    console.err(`hubctl: ${complaint.split('\n')[0]}\n`);
    return error instanceof Misuse ? 2 : 1;
  }
}

/** Commander copies what ends and writes only to commands that are made afterwards. */
function inherit(command: Command): void {
  for (const one of command.commands) {
    one.copyInheritedSettings(command);
    inherit(one);
  }
}
