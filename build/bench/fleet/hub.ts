/** The hub of the fleet: its data made by its own store before it is started, then its bundled program. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { join } from 'node:path';
import * as z from 'zod';
import { SystemClock } from '../../../device/clock/system.ts';
import { digest, makeKeys } from '../../../sync/hub/keys.ts';
import type { HubStore } from '../../../sync/hub/ports.ts';
import { openHubStore } from '../../../sync/hub/store/store.ts';
import { benchSite } from '../data.ts';

const UNITS_OF_SITE = 50;
const HOUR_MS = 3_600_000;
const JUDGED_MS = 120_000;
const LOOK_MS = 200;

export interface FleetOptions {
  /** Folder of the hub's data. */
  readonly folder: string;
  readonly units: readonly { readonly unit: string; readonly key: string }[];
  readonly unitsOfTenant: number;
  readonly members: number;
}

/** One tenant `t0`, whose units come later. */
export async function foundSite(folder: string, members: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const store = await openHubStore({ file: join(folder, 'hub.sqlite') }, new SystemClock());
  await foundTenant(store, 't0', members);
  await store.close();
}

async function foundTenant(store: HubStore, tenant: string, members: number): Promise<void> {
  const at = new SystemClock().wall();
  await store.createTenant(tenant, tenant, at);
  const imported = await store.importSite(tenant, { ...benchSite(members), usage: [] }, 'bench', at);
  if (!imported.ok) throw new Error(imported.error[0]);
}

/** Tenants `t0` …, each with its members and units, so many at a site. */
export async function foundFleet({ folder, units, unitsOfTenant, members }: FleetOptions): Promise<void> {
  const clock = new SystemClock();
  const store = await openHubStore({ file: join(folder, 'hub.sqlite') }, clock);
  await store.keys(makeKeys);
  for (let at = 0; at < units.length; at += unitsOfTenant) {
    const tenant = `t${at / unitsOfTenant}`;
    await foundTenant(store, tenant, members);
    for (const [n, { unit, key }] of units.slice(at, at + unitsOfTenant).entries()) {
      const codeDigest = digest(unit);
      const place = { tenant, site: `site-${Math.floor(n / UNITS_OF_SITE)}`, name: unit };
      await store.createPairing({ codeDigest, ...place, by: 'bench', expiresAt: clock.wall() + HOUR_MS });
      const paired = await store.redeemPairing(codeDigest, unit, unit, key, clock.wall());
      if (!paired.ok) throw new Error(`${unit} was not paired: ${paired.error}`);
    }
  }
  await store.close();
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** PEM of `cert`. */
  readonly ca: string;
}

/** For 127.0.0.1, signed by nobody. */
export function makeCertificate(folder: string): Certificate {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=hub', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert], { stdio: 'pipe' });
  return { cert, key, ca: readFileSync(cert, 'utf8') };
}

const Health = z.looseObject({ unjudged: z.int() });

/** Waits for the hub to have judged all that it has taken. @param ca PEM, null: plain @returns how long that took, in ms */
export async function judgedAt(url: string, ca: string | null): Promise<number> {
  const clock = new SystemClock();
  const begun = clock.mono();
  const left = async () => Health.parse(JSON.parse(await textOf(new URL('/healthz', url), ca))).unjudged;
  while ((await left()) > 0) {
    if (clock.mono() - begun > JUDGED_MS) throw new Error('the hub did not judge what it had taken');
    await new Promise<void>((resolve) => {
      clock.after('judged', LOOK_MS, resolve);
    });
  }
  return clock.mono() - begun;
}

function textOf(url: URL, ca: string | null): Promise<string> {
  return new Promise((resolve, reject) => {
    const take = async (answer: AsyncIterable<unknown>) => {
      let text = '';
      for await (const part of answer) text += String(part);
      return text;
    };
    const asked =
      ca === null
        ? httpGet(url, (answer) => take(answer).then(resolve, reject))
        : httpsGet(url, { ca }, (answer) => take(answer).then(resolve, reject));
    asked.on('error', reject);
  });
}
