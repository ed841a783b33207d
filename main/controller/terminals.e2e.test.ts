// A face terminal reports to the installed controller over TLS, with the very curl of the manual.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Appliance, DEMO_SITE, genkan, UnitFolder } from '../../build/e2e/appliance.ts';
import { SystemClock } from '../../device/clock/system.ts';
import { makeCertificate, makeToken, report } from '../api/lan/testing.ts';
import { formatInstant } from '../core/time/instant.ts';

const FRONT = { id: 'front', lock: { driver: 'sim' }, readers: [{ id: 'front-in', driver: 'sim' }] };
const FACE = { id: 'face', placeId: '', name: '顔認証', policy: 'record-only', admitsPlans: null, passback: 'off' };

/** A port that was free a moment ago: the endpoint's is fixed, since terminals are told it. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

async function unitWithTerminal() {
  const { files, remove } = makeCertificate();
  const { token, digest } = makeToken();
  const port = await freePort();
  const lan = {
    ...{ host: '127.0.0.1', port, tls: { cert: 'cert.pem', key: 'key.pem' } },
    terminals: [{ id: 'face-1', doorId: 'face', tokenDigest: digest, from: ['127.0.0.1'] }],
  };
  const folder = new UnitFolder({ doors: [FRONT], lan, site: 'site.json' });
  onTestFinished(() => {
    folder.remove();
    remove();
  });
  const site = JSON.parse(readFileSync(DEMO_SITE, 'utf8'));
  site.doors.push({ ...FACE, placeId: site.doors[0].placeId });
  writeFileSync(join(folder.path, 'site.json'), JSON.stringify(site));
  for (const [name, file] of [['cert.pem', files.cert] as const, ['key.pem', files.key] as const]) {
    writeFileSync(join(folder.path, name), readFileSync(file), { mode: 0o600 });
  }
  const url = `https://127.0.0.1:${port}/terminals/passages`;
  const curl = (passage: object) => {
    const headers = ['-H', `Authorization: Bearer ${token}`, '-H', 'Content-Type: application/json'];
    const args = ['-sS', '--cacert', files.cert, ...headers, '-d', JSON.stringify(passage), '-w', ' %{http_code}', url];
    const { stdout, stderr } = spawnSync('curl', args, { encoding: 'utf8' });
    return stdout + stderr;
  };
  return { folder, curl, token, port, ca: readFileSync(files.cert, 'utf8') };
}

test('two passages, one of them sent twice: on record once each, across a restart; no door moves', async () => {
  const { folder, curl, token } = await unitWithTerminal();
  const site = JSON.parse(readFileSync(join(folder.path, 'site.json'), 'utf8'));
  const member = site.members.find(({ codes }: { codes: string[] }) => codes.includes('M0001')).id;
  const first = await Appliance.start(folder, { program: 'genkan' });
  await first.healthy('the terminal is among the devices', ({ devices }) =>
    devices.some(({ id, ok }) => id === 'face-1' && ok),
  );
  const at = formatInstant(new SystemClock().wall());
  const reported = { id: 'A-1', at, memberId: member };
  expect(curl(reported)).toMatch(/^\{"ok":true,"event":\d+,"duplicate":false\} 200$/);
  expect(curl(reported)).toMatch(/"duplicate":true\} 200$/);
  expect(curl({ ...reported, id: 'A-2', memberId: undefined, code: 'M0002' })).toMatch(/"duplicate":false\} 200$/);
  expect(curl({ ...reported, id: 'A 3' })).toMatch(/^\{"ok":false,"error":"id: .*\} 400$/);
  await first.stop();
  const again = await Appliance.start(folder, { program: 'genkan' });
  await again.healthy('the terminal is there', ({ devices }) => devices.some(({ id, ok }) => id === 'face-1' && ok));
  expect(curl(reported)).toMatch(/"duplicate":true\} 200$/);
  const { stderr } = again.running;
  await again.stop();

  const events = folder.events();
  const scans = events.filter(({ type }) => type === 'scan');
  expect(scans.map(({ result }) => [result?.granted, result?.reason])).toEqual([
    [true, 'record-only'],
    [false, 'suspended'],
  ]);
  // A restart finds nothing cut off: nothing was commanded.
  expect(events.filter(({ type }) => type === 'outcome')).toEqual([]);
  const told = JSON.stringify(events) + stderr + first.running.stderr;
  for (const secret of [token, createHash('sha256').update(token).digest('hex'), 'M0001', 'M0002']) {
    expect(told).not.toContain(secret);
  }
  expect(await genkan(['verify', '--config', folder.config])).toMatchObject({ code: 0 });
  const doctor = await genkan(['doctor', '--config', folder.config]);
  expect(doctor.stdout).toContain('lan/certificate');
});

test('killed while a terminal reports: what had its 200 is on record, what is sent again is there once', async () => {
  const { folder, port, token, ca } = await unitWithTerminal();
  const at = formatInstant(new SystemClock().wall());
  const send = (id: number) => report(port, { ca, token, body: { id: `K-${id}`, at, code: 'M0001' } });
  const recorded = new Set<number>();
  const reported = 15;
  for (const killAfter of [4, 9, 15]) {
    const unit = await Appliance.start(folder, { program: 'genkan' });
    await unit.healthy('the terminal is there', ({ devices }) => devices.some(({ id, ok }) => id === 'face-1' && ok));
    // A terminal sends what it has no answer for, in order, and here once more what it has.
    let ended = false;
    for (let id = Math.max(0, recorded.size - 2); id < reported && !ended; id += 1) {
      const answer = send(id).catch(() => null);
      if (id === killAfter) unit.running.child.kill('SIGKILL');
      const reply = await answer;
      if (reply?.status === 200) recorded.add(id);
      ended = reply === null;
    }
    await unit.kill();
  }
  expect(recorded.size).toBe(reported);
  expect(folder.events().filter(({ type }) => type === 'scan')).toHaveLength(reported);
});

test('a certificate that can’t be used leaves the doors running, and says so', async () => {
  const { folder } = await unitWithTerminal();
  writeFileSync(join(folder.path, 'cert.pem'), 'nonsense');
  const unit = await Appliance.start(folder, { program: 'genkan' });
  await unit.healthy('the terminal is not ok, the door is', ({ devices, doors }) => {
    const face = devices.find(({ id }) => id === 'face-1');
    return face?.ok === false && face.detail.includes('lan.tls') && doors.some(({ state }) => state === 'locked');
  });
  expect(await unit.stop()).toMatchObject({ code: 0 });
});

test('a terminal at a door that the site lacks is a mistake of the configuration', async () => {
  const { folder } = await unitWithTerminal();
  writeFileSync(join(folder.path, 'site.json'), readFileSync(DEMO_SITE));
  const { code, stderr } = await genkan(['start', '--config', folder.config]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('lan.terminals[0].doorId: the id of a door of the site')]);
});
