/**
 * The `genkan` command. Exit status: 0 done, 1 refused or failed with a line that says why and what to do, 2 wrong
 * usage. Answers go to standard output, everything else to standard error.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { Development } from '../controller/start-options.ts';
import { type Asked, PASSPHRASE_OPTION } from '../seal/asking.ts';
import { exportCommand, exportEventsCommand, importCommand } from './documents.ts';
import { type Console, EXIT, type ExitCode, fail } from './exit.ts';
import { digestCommand, eventsCommand, setupCodeCommand, verifyCommand } from './record.ts';

export interface ProgramOptions {
  /** The file that was started: `…/dist/app/genkan.js`, or the source in `main/cli`. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Development only. */
  readonly development: Development | null;
  readonly console: Console;
  /** Who is asked for what may stand in no command line. */
  readonly asked: Asked;
}

interface Flags {
  readonly config: string;
}

interface SealFlags extends Flags {
  readonly passphraseFile?: string;
}

interface ExportFlags extends SealFlags {
  readonly events?: string;
  readonly seal?: true;
}

interface StaffFlags extends Flags {
  readonly staff: string;
}

export async function runProgram(argv: readonly string[], options: ProgramOptions): Promise<void> {
  const program = makeProgram(options);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    options.console.exit(error.exitCode === 0 ? EXIT.done : EXIT.usage);
  }
}

function makeProgram(options: ProgramOptions): Command {
  const { entry, env, development, console } = options;
  const program = new Command('genkan')
    .description('The entrance of a membership facility: decides on site, drives the lock, keeps the record.')
    .version(versionOf(entry))
    .exitOverride()
    .configureOutput({ writeOut: console.out, writeErr: console.err });
  /** A command with `--config`. Modules load when their command runs: `start` must not wait for what it doesn't use. */
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option(...configOption(env));

  const done = (code: ExitCode | null): void => {
    if (code !== null) console.exit(code);
  };

  command('start', 'run the controller')
    .option('--with-parent', 'end when standard input ends')
    .action(async ({ config, withParent }: Flags & { withParent?: true }) => {
      const { startCommand } = await import('./start.ts');
      const version = versionOf(entry);
      done(
        await startCommand({
          configFile: config,
          withParent: withParent === true,
          entry,
          version,
          development,
          console,
        }),
      );
    });
  addDocumentCommands(command, options);
  program
    .command('decide <file>')
    .description('answer cases of a site and actions, by the engine of the doors')
    .action(async (file: string) => {
      const { decideCommand } = await import('./decide.ts');
      done(decideCommand(console, file));
    });
  command('events', 'print the record, a JSON object a line')
    .option('--since <seq>', 'only events after this number', '0')
    .action(({ config, since }: Flags & { since: string }) => done(eventsCommand(console, config, since)));
  command('verify', 'check that the record is whole').action(({ config }: Flags) =>
    done(verifyCommand(console, config)),
  );
  command('digest', 'of all data here: equal to what `hubctl digest` says when the unit has it all').action(
    ({ config }: Flags) => done(digestCommand(console, config)),
  );
  command('explain <seq>', 'decide an event again and say the steps')
    .option('--json', 'as JSON')
    .action(async (seq: string, { config, json }: Flags & { json?: true }) => {
      const { explainCommand } = await import('./explain.ts');
      done(explainCommand(console, config, seq, json === true));
    });
  command('setup-code', 'print the code with which the first manager is made').action(({ config }: Flags) =>
    done(setupCodeCommand(console, config)),
  );
  addHubCommands(command, options);
  addStaffCommands(command, options);
  addDoctorCommand(command, options);
  addMemberCommands(program, options);
  return program;
}

function addDocumentCommands(
  command: (name: string, description: string) => Command,
  { console, asked }: ProgramOptions,
): void {
  command('import <file>', 'take a site bundle or settings in, whole or not at all')
    .option(...PASSPHRASE_OPTION)
    .action(async (file: string, { config, passphraseFile }: SealFlags) =>
      console.exit(await importCommand(console, config, file, { asked, file: passphraseFile ?? null })),
    );
  command('export [file]', 'write the site bundle with its history')
    .option('--seal', 'by a passphrase: for a stick')
    .option(...PASSPHRASE_OPTION)
    .option('--events <file>', 'instead: the events that the hub doesn’t have, sealed for it')
    .action(async (file: string | undefined, { config, events, seal, passphraseFile }: ExportFlags) => {
      const by = seal === true || passphraseFile !== undefined ? { asked, file: passphraseFile ?? null } : null;
      if (events === undefined) return console.exit(await exportCommand(console, config, file ?? null, by));
      if (by !== null) return console.exit(fail(console, ['--events are sealed for the hub: no --seal'], EXIT.usage));
      return console.exit(exportEventsCommand(console, config, events));
    });
}

function addHubCommands(command: (name: string, description: string) => Command, { console }: ProgramOptions): void {
  command(
    'pair <url> [code]',
    'make this unit known to a hub, by its address and one-time code, or by its QR text alone',
  )
    .option('--name <name>', 'what people call this unit; else the name that was given with the code')
    .action(async (url: string, code: string | undefined, { config, name }: Flags & { name?: string }) => {
      const { pairCommand } = await import('./pair.ts');
      const words = code === undefined ? [url] : [url, code];
      console.exit(await pairCommand(console, config, words, name ?? null));
    });
  command('wipe', 'destroy what is stored of members, once the hub has revoked this unit').action(
    async ({ config }: Flags) => {
      const { wipeCommand } = await import('./wipe.ts');
      console.exit(await wipeCommand(console, config));
    },
  );
}

function addStaffCommands(command: (name: string, description: string) => Command, { console }: ProgramOptions): void {
  command('undo <seq>', 'give back what an entry of the last 15 minutes used up')
    .requiredOption('--staff <id>', 'who does it')
    .action(async (seq: string, { config, staff }: StaffFlags) => {
      const { undoCommand } = await import('./staff.ts');
      console.exit(await undoCommand(console, config, seq, staff));
    });
  command('end-stay <member> <place>', 'end the stay of a member who left without a scan')
    .requiredOption('--staff <id>', 'who does it')
    .action(async (memberId: string, placeId: string, { config, staff }: StaffFlags) => {
      const { askForStaff } = await import('./staff.ts');
      console.exit(await askForStaff(console, config, { do: 'end-stay', memberId, placeId, staffId: staff }));
    });
}

interface DoctorFlags extends Flags {
  readonly json?: true;
  readonly test?: string;
}

function addDoctorCommand(
  command: (name: string, description: string) => Command,
  { entry, console }: ProgramOptions,
): void {
  command('doctor', 'look over devices, machine, data and site, and say what to do')
    .option('--json', 'as JSON')
    .option('--test <door>', 'open this door once, to see and hear it; only while no controller runs')
    .action(async ({ config, json, test }: DoctorFlags) => {
      const [{ doctorCommand }, { guardFileOf }] = await Promise.all([import('./doctor.ts'), import('./start.ts')]);
      const options = { configFile: config, json: json === true, test: test ?? null, guardFile: guardFileOf(entry) };
      console.exit(await doctorCommand(console, options));
    });
}

function addMemberCommands(program: Command, { env, console }: ProgramOptions): void {
  const member = program.command('member').description('what is stored of one person');
  const command = (name: string, description: string) =>
    member
      .command(`${name} <id>`)
      .description(description)
      .option(...configOption(env));
  command('export', 'print all that is stored of a member').action(async (id: string, { config }: Flags) => {
    const { exportMemberCommand } = await import('./member.ts');
    console.exit(exportMemberCommand(console, config, id));
  });
  command('erase', 'destroy what is stored of a member; events keep the id').action(
    async (id: string, { config }: Flags) => {
      const { eraseMemberCommand } = await import('./member.ts');
      console.exit(await eraseMemberCommand(console, config, id));
    },
  );
}

function configOption(env: ProgramOptions['env']): [flags: string, description: string, value: string] {
  return ['--config <file>', 'the configuration', env['GENKAN_CONFIG'] ?? 'genkan.config.json'];
}

/** From the package.json above the entry, which lies at the same depth as source and as bundle. */
function versionOf(entry: string): string {
  const parsed: unknown = JSON.parse(readFileSync(join(dirname(entry), '../../package.json'), 'utf8'));
  const hasVersion = typeof parsed === 'object' && parsed !== null && 'version' in parsed;
  return hasVersion ? String(parsed.version) : '0.0.0';
}
