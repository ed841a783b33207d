/** Units: who they are, and what they are told to do. */
import type { Command } from 'commander';
import type { Outcome } from '../units/commands.ts';
import { Complaint, Misuse } from './client.ts';
import type { Desk } from './desk.ts';

export function addUnitCommands(program: Command, desk: Desk): void {
  const unit = program.command('unit').description('the tenant’s units');
  unit
    .command('list')
    .description('their ids, names, sites, and whether they are connected')
    .action(async () => desk.say(await desk.hub().units.list.query({ tenant: desk.tenant() })));
  unit
    .command('rename <unit> <name>')
    .description('what people call it')
    .action(async (id: string, name: string) =>
      desk.say(await desk.hub().units.change.mutate({ tenant: desk.tenant(), unit: id, name })),
    );
  unit
    .command('move <unit> <site>')
    .description('to another site of the tenant')
    .action(async (id: string, site: string) =>
      desk.say(await desk.hub().units.change.mutate({ tenant: desk.tenant(), unit: id, site })),
    );
  unit
    .command('revoke <unit>')
    .description('for good: it is refused, told so, and wipes its members a day later; its doors let out')
    .action(async (id: string) => desk.say(await desk.hub().units.revoke.mutate({ tenant: desk.tenant(), unit: id })));
  addRemoteCommands(program, desk);
}

/** What the unit says is the command's own success or failure. */
function tell(desk: Desk, { ok, detail }: Outcome): void {
  if (!ok) throw new Complaint(detail);
  desk.line(detail === '' ? 'done' : detail);
}

function addRemoteCommands(program: Command, desk: Desk): void {
  program
    .command('open <unit> <door>')
    .description('open a door once')
    .action(async (unit: string, doorId: string) =>
      tell(desk, await desk.hub().commands.open.mutate({ tenant: desk.tenant(), unit, doorId })),
    );
  program
    .command('lockdown <unit> <on|off> [door]')
    .description('let nobody in any more, or again; exits stay open')
    .action(async (unit: string, state: string, door: string | undefined) => {
      if (state !== 'on' && state !== 'off') throw new Misuse('STATE: expected on or off');
      const doorId = door ?? null;
      const on = state === 'on';
      tell(desk, await desk.hub().commands.lockdown.mutate({ tenant: desk.tenant(), unit, doorId, on }));
    });
  program
    .command('refresh <unit>')
    .description('let the unit ask for everything anew')
    .action(async (unit: string) =>
      tell(desk, await desk.hub().commands.refresh.mutate({ tenant: desk.tenant(), unit })),
    );
  program
    .command('restart <unit>')
    .description('start the unit’s program anew')
    .action(async (unit: string) =>
      tell(desk, await desk.hub().commands.restart.mutate({ tenant: desk.tenant(), unit })),
    );
}
