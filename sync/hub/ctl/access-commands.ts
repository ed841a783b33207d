/** Tokens, tenants, pairing. */
import type { Command } from 'commander';
import * as z from 'zod';
import { Complaint, hubClient, Misuse } from './client.ts';
import { codeOf, count, type Desk, MOST_ITEMS } from './desk.ts';
import { baseUrl, tryProfile, writeProfile } from './profile.ts';

/** How long a pairing code may be good for. */
const MOST_HOURS = 168;

const RoleName = z.enum(['viewer', 'operator', 'admin']);

function url(text: string): string {
  const base = baseUrl(text);
  if (base === null) throw new Misuse('URL: expected an address such as http://127.0.0.1:8378/');
  return base;
}

function role(text: string): z.infer<typeof RoleName> {
  const parsed = RoleName.safeParse(text);
  if (!parsed.success) throw new Misuse('ROLE: expected viewer, operator or admin');
  return parsed.data;
}

/** Before a code is spent on a token. @throws Complaint where a token can't be kept */
function assertKeeps({ profileFile }: Desk): void {
  try {
    tryProfile(profileFile);
  } catch (error) {
    const file = `${profileFile}: can’t be written (${codeOf(error)})`;
    throw new Complaint(`${file}: name another file by HUBCTL_PROFILE; nothing was done`);
  }
}

async function keep(desk: Desk, at: string, token: string): Promise<void> {
  const who = await hubClient(at, token).self.who.query();
  writeProfile(desk.profileFile, { url: at, token, tenant: who.tenant });
  desk.say(who);
}

export function addAccessCommands(program: Command, desk: Desk): void {
  program
    .command('claim <url> <code> <name>')
    .description('take the one-time code of the hub’s first start; the token is kept for the next commands')
    .action(async (address: string, code: string, person: string) => {
      const at = url(address);
      assertKeeps(desk);
      const { token } = await hubClient(at, null).setup.claim.mutate({ code, person });
      await keep(desk, at, token);
    });
  program
    .command('login <url>')
    .description('keep a token, read from standard input')
    .action(async (address: string) => {
      const at = url(address);
      assertKeeps(desk);
      const token = (await desk.input()).trim();
      if (!/^gk_[A-Za-z0-9_-]{43}$/.test(token))
        throw new Complaint('standard input: expected a token, beginning with gk_');
      await keep(desk, at, token);
    });
  program
    .command('who')
    .description('whose token this is')
    .action(async () => desk.say(await desk.hub().self.who.query()));
  program
    .command('restored')
    .description('the database was put back to a backup: every unit begins with a snapshot and brings what is missing')
    .action(async () => desk.say(await desk.hub().upkeep.restored.mutate({})));
  addTenantCommands(program, desk);
  addTokenCommands(program, desk);
  program
    .command('pairing <site> <name>')
    .description('make a one-time code for a new unit')
    .option('--hours <n>', 'how long it is good for', '24')
    .action(async (site: string, name: string, { hours }: { hours: string }) => {
      const tenant = desk.tenant();
      desk.say(
        await desk.hub().pairing.create.mutate({ tenant, site, name, hours: count(hours, '--hours', MOST_HOURS) }),
      );
    });
}

function addTenantCommands(program: Command, desk: Desk): void {
  const tenant = program.command('tenant').description('whose data this hub keeps');
  tenant
    .command('list')
    .description('all of them')
    .action(async () => desk.say(await desk.hub().tenants.list.query({})));
  tenant
    .command('create <id> <name>')
    .description('a new one; its id is of a-z, 0-9 and -')
    .action(async (id: string, name: string) => desk.say(await desk.hub().tenants.create.mutate({ id, name })));
}

const OF_HUB = ['--hub', 'of the hub itself, for all tenants'] as const;

interface OfHub {
  readonly hub?: true;
}

function addTokenCommands(program: Command, desk: Desk): void {
  const token = program.command('token').description('who may act; --hub: for all tenants');
  token
    .command('list')
    .description('whose there are, without the tokens themselves')
    .option(...OF_HUB)
    .action(async ({ hub }: OfHub) => {
      const calls = desk.hub();
      desk.say(hub ? await calls.hubTokens.list.query({}) : await calls.tokens.list.query({ tenant: desk.tenant() }));
    });
  token
    .command('create <role> <person>')
    .description('prints it once; ROLE is viewer, operator (remote commands, alerts, rows) or admin')
    .option(...OF_HUB)
    .action(async (name: string, person: string, { hub }: OfHub) => {
      const calls = desk.hub();
      const made = { role: role(name), person };
      desk.say(
        hub
          ? await calls.hubTokens.create.mutate(made)
          : await calls.tokens.create.mutate({ tenant: desk.tenant(), ...made }),
      );
    });
  token
    .command('revoke <id>')
    .description('by the id that the list shows')
    .option(...OF_HUB)
    .action(async (id: string, { hub }: OfHub) => {
      const calls = desk.hub();
      desk.say(
        hub
          ? await calls.hubTokens.revoke.mutate({ id })
          : await calls.tokens.revoke.mutate({ tenant: desk.tenant(), id }),
      );
    });
  program
    .command('audit')
    .description('who did what; --hub: to no tenant')
    .option(...OF_HUB)
    .option('--limit <n>', 'at most so many', '100')
    .action(async ({ hub, limit }: OfHub & { limit: string }) => {
      const calls = desk.hub();
      const most = count(limit, '--limit', MOST_ITEMS);
      desk.say(
        hub
          ? await calls.hubAudit.list.query({ limit: most })
          : await calls.audit.list.query({ tenant: desk.tenant(), limit: most }),
      );
    });
}
