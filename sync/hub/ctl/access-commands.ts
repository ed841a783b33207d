/** Tokens, tenants, pairing. */
import type { Command } from 'commander';
import * as z from 'zod';
import { Complaint, hubClient } from './client.ts';
import { count, type Desk } from './desk.ts';
import { baseUrl, writeProfile } from './profile.ts';

const RoleName = z.enum(['viewer', 'operator', 'admin']);

function url(text: string): string {
  const base = baseUrl(text);
  if (base === null) throw new Complaint('URL: expected an address such as http://127.0.0.1:8378/');
  return base;
}

function role(text: string): z.infer<typeof RoleName> {
  const parsed = RoleName.safeParse(text);
  if (!parsed.success) throw new Complaint('ROLE: expected viewer, operator or admin');
  return parsed.data;
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
      const { token } = await hubClient(at, null).setup.claim.mutate({ code, person });
      await keep(desk, at, token);
    });
  program
    .command('login <url>')
    .description('keep a token, read from standard input')
    .action(async (address: string) => {
      const token = (await desk.input()).trim();
      if (!/^gk_[A-Za-z0-9_-]{43}$/.test(token))
        throw new Complaint('standard input: expected a token, beginning with gk_');
      await keep(desk, url(address), token);
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
      desk.say(await desk.hub().pairing.create.mutate({ tenant, site, name, hours: count(hours, '--hours') }));
    });
}

function addTenantCommands(program: Command, desk: Desk): void {
  const tenant = program.command('tenant').description('whose data this hub keeps');
  tenant.command('list').action(async () => desk.say(await desk.hub().tenants.list.query({})));
  tenant
    .command('create <id> <name>')
    .action(async (id: string, name: string) => desk.say(await desk.hub().tenants.create.mutate({ id, name })));
}

interface OfHub {
  readonly hub?: true;
}

function addTokenCommands(program: Command, desk: Desk): void {
  const token = program.command('token').description('who may act; --hub: for all tenants');
  token
    .command('list')
    .option('--hub')
    .action(async ({ hub }: OfHub) => {
      const calls = desk.hub();
      desk.say(hub ? await calls.hubTokens.list.query({}) : await calls.tokens.list.query({ tenant: desk.tenant() }));
    });
  token
    .command('create <role> <person>')
    .option('--hub')
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
    .option('--hub')
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
    .option('--hub')
    .option('--limit <n>', 'at most so many', '100')
    .action(async ({ hub, limit }: OfHub & { limit: string }) => {
      const calls = desk.hub();
      const most = count(limit, '--limit');
      desk.say(
        hub
          ? await calls.hubAudit.list.query({ limit: most })
          : await calls.audit.list.query({ tenant: desk.tenant(), limit: most }),
      );
    });
}
