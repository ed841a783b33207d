// The installed program: a new unit's first manager is made with the code of `genkan setup-code`, opens a door and goes
// home. After a restart nobody is signed in, wrong PINs are still counted, and the log has nothing that was typed.
import { expect, onTestFinished, test } from 'vitest';
import { Appliance, genkan, UnitFolder } from '../../../build/e2e/appliance.ts';
import { openClient } from '../../api/testing.ts';
import { act } from './testing.ts';

const PIN = '739204';
const FRONT = { id: 'front', lock: { driver: 'sim' }, readers: [{ id: 'front-in', driver: 'sim' }] };

async function setupCode(folder: UnitFolder): Promise<string> {
  const { stdout } = await genkan(['setup-code', '--config', folder.config], 'genkan');
  return stdout.trim();
}

/** After how many wrong ones there was a pause. */
function lockouts(folder: UnitFolder): unknown[] {
  return folder.events().flatMap(({ detail }) => (detail['what'] === 'pin-lockout' ? [detail['failures']] : []));
}

const client = ({ url }: Appliance) => openClient(Number(new URL(url).port));
const opening = () => ({ act: act(), doorId: 'front', why: 'delivery' }) as const;

test('from the setup code to an opened door, across a restart', async () => {
  const folder = new UnitFolder({ doors: [FRONT] });
  onTestFinished(() => folder.remove());
  const first = await Appliance.start(folder, { program: 'genkan' });
  await first.healthy('the lock is there');
  let staffId = '';
  let isCounted = false;
  {
    await using page = await client(first);
    const code = await setupCode(folder);
    expect(code).toMatch(/^\d{8}$/);
    const made = await page.client.staff.makeFirstManager.mutate({ code, name: 'Aki Abe', pin: PIN });
    if (!made.ok) throw new Error(made.fault);
    staffId = made.value.staffId;
    expect(await page.client.act.open.mutate(opening())).toMatchObject({ ok: true });
    for (const pin of ['000001', '000002', '000003'])
      expect(await page.client.staff.signIn.mutate({ staffId, pin })).toMatchObject({ fault: 'wrong-pin' });
  }
  expect(await setupCode(folder)).toBe('');
  expect(await first.stop()).toMatchObject({ code: 0 });

  const again = await Appliance.start(folder, { program: 'genkan' });
  await again.healthy('the lock is there again');
  {
    await using page = await client(again);
    const error = await page.client.act.open.mutate(opening()).catch((caught) => caught);
    expect(error.data).toStrictEqual({ code: 'not-allowed' });
    // The pause goes on; or it has run off, and this is the fourth wrong one.
    const fourth = await page.client.staff.signIn.mutate({ staffId, pin: '000004' });
    isCounted = !fourth.ok && (fourth.fault === 'wait' || lockouts(folder).includes(4));
    expect((await page.client.staff.who.query()).people).toStrictEqual([{ staffId, name: 'Aki Abe', role: 'manager' }]);
  }
  await again.stop();
  expect(isCounted).toBe(true);
  const acts = folder.events().filter(({ type }) => type === 'staff');
  const done = acts.map(({ detail }) => detail['what']).filter((what) => what !== 'pin-lockout');
  expect(done).toStrictEqual(['first-manager', 'sign-in', 'open', 'sign-out']);
  expect(lockouts(folder)[0]).toBe(3);
  const written = [first, again].map(({ running }) => running.stderr).join('') + JSON.stringify(folder.events());
  for (const secret of [PIN, '000001', 'Aki']) expect(written).not.toContain(secret);
});
