/** What a running controller says of its devices: beside it nothing is opened or disturbed. */
import * as z from 'zod';
import type { Config } from '../contract/config.ts';
import { askController } from '../controller/control.ts';
import type { Clock } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';
import { bad, type Check, fine } from './doctor-check.ts';

/** As much of healthz as is looked at. */
const Health = z.looseObject({
  status: z.string(),
  pid: z.int(),
  version: z.string(),
  clock: z.enum(['synced', 'held', 'doubtful']),
  doors: z.array(z.looseObject({ id: z.string(), state: z.string(), alarms: z.array(z.string()) })),
  hub: z
    .looseObject({ state: z.string(), dataAgeSeconds: z.number().nullable(), queue: z.int() })
    .nullable()
    .default(null),
  peers: z.looseObject({ ofSite: z.int(), heard: z.int() }).nullable().default(null),
  devices: z.array(z.looseObject({ id: z.string(), door: z.string().nullable(), ok: z.boolean(), detail: z.string() })),
});
export type RunningHealth = z.infer<typeof Health>;

const ANSWER_MS = 5_000;

/**
 * By the controller's socket, which only its own user may open, else by healthz.
 * @param control the socket's path
 */
export async function askHealth(
  control: string,
  listen: Config['listen'],
  clock: Clock,
): Promise<Result<RunningHealth, string>> {
  const silent = new Promise<string>((resolve) => {
    clock.after('answer of the controller', ANSWER_MS, () => resolve(SILENT));
  });
  const answer = await Promise.race([askController(control, { do: 'health' }), silent]);
  if (typeof answer === 'string') return err(answer);
  const text = answer.ok ? answer.value.lines.join('') : await Promise.race([askHealthz(listen), silent]);
  if (text === SILENT) return err(SILENT);
  const health = Health.safeParse(parseJson(text ?? ''));
  if (health.success) return ok(health.data);
  return err(text === null && !answer.ok ? answer.error : 'the running controller is of another version: restart it');
}

const SILENT = `the controller has the data folder but does not answer in ${ANSWER_MS / 1_000} s: it hangs, or is just starting`;

async function askHealthz({ host, port }: Config['listen']): Promise<string | null> {
  try {
    const answer = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${port}/healthz`);
    return await answer.text();
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function runningChecks({ pid, version, status, doors, devices, hub, peers }: RunningHealth): readonly Check[] {
  const controller = fine('controller', `runs as process ${pid}, version ${version}: ${status}`);
  return [
    controller,
    ...(hub === null ? [] : [hubCheck(hub)]),
    ...(peers === null ? [] : [peersCheck(peers)]),
    ...devices.map(({ id, door, ok: works, detail }) => {
      const name = door === null ? `devices/${id}` : `doors/${door}/${id}`;
      return works
        ? fine(name, detail)
        : bad(name, detail, 'the controller goes on trying: it comes back by itself once this is mended');
    }),
    ...doors
      .filter(({ alarms }) => alarms.length > 0)
      .map(({ id, alarms }) => bad(`doors/${id}`, `alarm: ${alarms.join(', ')}`, 'look at the door')),
  ];
}

function peersCheck({ ofSite, heard }: NonNullable<RunningHealth['peers']>): Check {
  const todo = 'where the others run, look at the network between them: mDNS, and the port of lan.peers';
  return fine('peers', `${heard} of the site’s ${ofSite} other units are heard`, heard < ofSite ? todo : null);
}

const DAY_SECONDS = 86_400;

function hubCheck({ state, dataAgeSeconds, queue }: NonNullable<RunningHealth['hub']>): Check {
  const age = dataAgeSeconds === null ? 'no data of it yet' : `its data is ${dataAgeSeconds} s old`;
  const detail = `${state}, ${age}, ${queue} events wait for it`;
  switch (state) {
    case 'live':
    case 'snapshot':
      return fine('hub', detail);
    case 'unpaired':
      return bad('hub', detail, 'pair the unit: genkan pair URL CODE, with a code from the hub');
    case 'revoked':
      return bad(
        'hub',
        detail,
        'the operator has taken this unit out: genkan wipe destroys its members now, genkan export --events brings the hub what it has; if that was wrong, it is paired as another one, with an empty dataDir',
      );
    default: {
      const todo = 'the unit goes on by itself and tries again: look at the network, the hub, and the controller’s log';
      return (dataAgeSeconds ?? 0) > DAY_SECONDS ? bad('hub', detail, todo) : fine('hub', detail, todo);
    }
  }
}
