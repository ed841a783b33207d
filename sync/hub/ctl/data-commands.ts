/** What units decide by, and what they have said. */
import type { Command } from 'commander';
import * as z from 'zod';
import { parseDay } from '../../../main/core/time/day.ts';
import { PASSPHRASE_OPTION } from '../../../main/seal/asking.ts';
import { Change, type ChangeKind } from '../../wire/entities.ts';
import type { TallyKey } from '../ports.ts';
import { Complaint, Misuse, ofFile } from './client.ts';
import { count, type Desk, MOST_ITEMS, type SealFlags } from './desk.ts';
import { liveItems } from './live.ts';

const KINDS = Change.options.map(({ shape }) => shape.kind.value);

function kind(text: string): ChangeKind {
  const found = KINDS.find((one) => one === text);
  if (found === undefined) throw new Misuse(`KIND: expected one of ${KINDS.join(', ')}`);
  return found;
}

function changes(desk: Desk, file: string): Change[] {
  const json = desk.readJson(file);
  const parsed = z.array(Change).safeParse(Array.isArray(json) ? json : [json]);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  throw new Complaint(`${file}: ${path === '' ? '$' : path}: not a row as sync/wire/schema/change.json has it`);
}

interface Limited {
  readonly limit: string;
}

/** Of an event, or an epoch. */
const MOST_NUMBER = 999_999_999;
const LIMIT = ['--limit <n>', `at most so many, up to ${MOST_ITEMS}`, '100'] as const;

export function addDataCommands(program: Command, desk: Desk): void {
  addEntityCommands(program, desk);
  addDocumentCommands(program, desk);
  addEventCommands(program, desk);
  addAlertCommands(program, desk);
  addHandoverCommands(program, desk);
}

function addEntityCommands(program: Command, desk: Desk): void {
  const entity = program.command('entity').description('single rows');
  entity
    .command('get <kind> <id>')
    .description(`one row; KIND is ${KINDS.join(', ')}`)
    .action(async (of: string, id: string) =>
      desk.say(await desk.hub().entities.get.query({ tenant: desk.tenant(), kind: kind(of), id })),
    );
  entity
    .command('list <kind>')
    .description('rows in the order of their ids')
    .option('--after <id>', 'only after this one')
    .option(...LIMIT)
    .action(async (of: string, { after, limit }: Limited & { after?: string }) => {
      const page = { after: after ?? null, limit: count(limit, '--limit', MOST_ITEMS) };
      desk.say(await desk.hub().entities.list.query({ tenant: desk.tenant(), kind: kind(of), ...page }));
    });
  entity
    .command('put <file>')
    .description('rows from a JSON file, one or a list; all or none')
    .action(async (file: string) => {
      const rows = changes(desk, file);
      desk.say(await ofFile(file, desk.hub().entities.put.mutate({ tenant: desk.tenant(), changes: rows })));
    });
  entity
    .command('delete <kind> <id>')
    .description('one row; a member takes tickets, reservations and history along')
    .action(async (of: string, id: string) =>
      desk.say(await desk.hub().entities.delete.mutate({ tenant: desk.tenant(), kind: kind(of), id })),
    );
}

function addDocumentCommands(program: Command, desk: Desk): void {
  program
    .command('digest')
    .description('of all the tenant’s data: equal to what `genkan digest` says on every unit that has it all')
    .action(async () => desk.say(await desk.hub().site.digest.query({ tenant: desk.tenant() })));
  for (const what of ['site', 'settings'] as const) {
    const document = program.command(what).description(`genkan-${what}/1 as a whole`);
    document
      .command('import <file>')
      .description('in place of what is there, whole or not at all')
      .option(...PASSPHRASE_OPTION)
      .action(async (file: string, flags: SealFlags) => {
        const input = { tenant: desk.tenant(), document: await desk.readDocument(file, flags) };
        const { site, settings } = desk.hub();
        desk.say(await ofFile(file, what === 'site' ? site.import.mutate(input) : settings.import.mutate(input)));
      });
    sealable(document.command('export [file]'))
      .description('to a file that only its owner can read, or to standard output')
      .action(async (file: string | undefined, flags: SealFlags) => {
        const input = { tenant: desk.tenant() };
        const { site, settings } = desk.hub();
        const found = await (what === 'site' ? site.export.query(input) : settings.export.query(input));
        await desk.writeDocument(file, found, flags);
      });
    sealable(document.command('sign <file>'))
      .description('for a unit without a network: genkan-signed/1, to be imported there')
      .action(async (file: string, flags: SealFlags) => {
        const found = await desk.hub().carried.document.query({ tenant: desk.tenant(), what });
        await desk.writeDocument(file, found, flags);
      });
  }
}

function sealable(command: Command): Command {
  return command.option('--seal', 'by a passphrase: for a stick').option(...PASSPHRASE_OPTION);
}

function addEventCommands(program: Command, desk: Desk): void {
  const events = program.command('events').description('what units have recorded');
  events
    .command('list')
    .description('unit by unit, in the order in which it recorded them')
    .option('--unit <id>', 'of this unit alone')
    .option('--after <unit/epoch/number>', 'only after this one')
    .option(...LIMIT)
    .action(async ({ unit, after, limit }: Limited & { unit?: string; after?: string }) => {
      const page = { unit: unit ?? null, after: after === undefined ? null : place(after) };
      desk.say(
        await desk
          .hub()
          .events.page.query({ tenant: desk.tenant(), ...page, limit: count(limit, '--limit', MOST_ITEMS) }),
      );
    });
  events
    .command('take <file> [receipt]')
    .description('what a unit has exported with export --events; it lets go of them once it has imported the receipt')
    .action(async (file: string, to: string | undefined) => {
      const document = desk.readJson(file);
      const taking = desk.hub().carried.events.mutate({ tenant: desk.tenant(), document });
      const { events, receipt } = await ofFile(file, taking);
      if (to !== undefined) desk.write(to, receipt);
      desk.say({ events });
    });
  program
    .command('counts')
    .description('how often doors gave each answer, by date, of events that are no longer kept; no persons')
    .option('--from <date>', 'not before, YYYY-MM-DD')
    .option('--to <date>', 'not after, YYYY-MM-DD')
    .action(async (days: { from?: string; to?: string }) => sayCounts(desk, days));
  program
    .command('history <member>')
    .description('usage, tickets and stays of a member')
    .option(...LIMIT)
    .action(async (memberId: string, { limit }: Limited) => {
      const input = { tenant: desk.tenant(), memberId, limit: count(limit, '--limit', MOST_ITEMS) };
      desk.say(await desk.hub().members.history.query(input));
    });
  program
    .command('transfers')
    .description('what sites have given to one another of what can run out')
    .action(async () => desk.say(await desk.hub().leases.transfers.query({ tenant: desk.tenant() })));
}

function place(text: string): { unit: string; epoch: number; seq: number } {
  const parts = /^(.{1,128})\/(\d+)\/(\d+)$/.exec(text);
  const [, unit, epoch, seq] = parts ?? [];
  if (unit === undefined || epoch === undefined || seq === undefined)
    throw new Misuse('--after: expected unit/epoch/number, such as tokyo-1/1/200');
  return { unit, epoch: count(epoch, '--after', MOST_NUMBER), seq: count(seq, '--after', MOST_NUMBER) };
}

/** All of them, page by page. */
async function sayCounts(desk: Desk, { from, to }: { from?: string; to?: string }): Promise<void> {
  const asked = { tenant: desk.tenant(), from: date(from, '--from'), to: date(to, '--to'), limit: MOST_ITEMS };
  const read = (after: TallyKey | null) => desk.hub().counts.page.query({ ...asked, after });
  for (let page = await read(null); ; ) {
    desk.say(page);
    const last = page.at(-1);
    if (last === undefined || page.length < MOST_ITEMS) return;
    const { times: _, ...after } = last;
    page = await read(after);
  }
}

function date(text: string | undefined, what: string): string | null {
  if (text !== undefined && parseDay(text) === null) throw new Misuse(`${what}: expected a date YYYY-MM-DD`);
  return text ?? null;
}

function addAlertCommands(program: Command, desk: Desk): void {
  const alert = program.command('alert').description('what somebody should look at');
  alert
    .command('list')
    .description('the newest first')
    .option(...LIMIT)
    .action(async ({ limit }: Limited) =>
      desk.say(
        await desk.hub().alerts.list.query({ tenant: desk.tenant(), limit: count(limit, '--limit', MOST_ITEMS) }),
      ),
    );
  alert
    .command('take <id>')
    .description('somebody sees to it')
    .action(async (id: string) => desk.say(await desk.hub().alerts.take.mutate({ tenant: desk.tenant(), id })));
  alert
    .command('watch')
    .description('those that nobody has taken, then each as it comes')
    .action(async () => {
      const { url, token } = desk.profile();
      for await (const item of liveItems(url, token, 'alerts.live', { tenant: desk.tenant() })) desk.say([item]);
    });
}

function addHandoverCommands(program: Command, desk: Desk): void {
  const handover = program.command('handover').description('what units have made and the hub shall own');
  handover
    .command('list')
    .description('those that wait for a person')
    .option('--all', 'settled ones too')
    .option(...LIMIT)
    .action(async ({ all, limit }: Limited & { all?: true }) => {
      const input = { tenant: desk.tenant(), open: all !== true, limit: count(limit, '--limit', MOST_ITEMS) };
      desk.say(await desk.hub().handovers.list.query(input));
    });
  handover
    .command('accept <unit> <id> [file]')
    .description('with rows from a file where it makes none by itself')
    .action(async (unit: string, id: string, file: string | undefined) => {
      const rows = file === undefined ? {} : { changes: changes(desk, file) };
      desk.say(await desk.hub().handovers.accept.mutate({ tenant: desk.tenant(), unit, id, ...rows }));
    });
  handover
    .command('reject <unit> <id>')
    .description('the hub never makes rows of it; the unit keeps its own')
    .action(async (unit: string, id: string) =>
      desk.say(await desk.hub().handovers.reject.mutate({ tenant: desk.tenant(), unit, id })),
    );
}
