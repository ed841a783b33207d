/** A newcomer tries the demo with curl: each simulated act is done or answered with one line that says why not. */
import { expect, test } from 'vitest';
import { type DemoControls, demoRoutes } from './demo.ts';
import { ask, startTestServer } from './testing.ts';

async function tryOut(path: string, body: unknown, controls: Partial<DemoControls> = {}) {
  const all: DemoControls = { scan: () => 'taken', door: () => 'done', ...controls };
  await using server = await startTestServer({ routes: demoRoutes(all) });
  const answer = await ask(server.port, path, { method: 'POST', body: JSON.stringify(body) });
  return { status: answer.status, body: JSON.parse(answer.text) };
}

test('a code is presented, a door is handled', async () => {
  const done: string[] = [];
  const controls: DemoControls = {
    scan: (reader, code) => {
      done.push(`${reader} ${code}`);
      return 'taken';
    },
    door: (id, act) => {
      done.push(`${id} ${act}`);
      return 'done';
    },
  };
  const fine = { status: 200, body: { ok: true } };
  expect(await tryOut('/demo/scan', { reader: 'front-in', code: 'M0001' }, controls)).toEqual(fine);
  for (const act of ['open', 'force', 'hold', 'unplug', 'replug']) {
    expect(await tryOut('/demo/door', { id: 'front', do: act }, controls)).toEqual(fine);
  }
  expect(done).toEqual([
    'front-in M0001',
    ...['open', 'force', 'hold', 'unplug', 'replug'].map((act) => `front ${act}`),
  ]);
});

test('what cannot be done is said in one line', async () => {
  expect(await tryOut('/demo/scan', { reader: 'x', code: 'M0001' }, { scan: () => 'no-such-reader' })).toEqual({
    status: 404,
    body: { ok: false, error: 'reader: there is no simulated reader of this id; healthz lists the devices' },
  });
  expect(await tryOut('/demo/door', { id: 'x', do: 'open' }, { door: () => 'no-such-door' })).toEqual({
    status: 404,
    body: { ok: false, error: 'id: there is no simulated door of this id; healthz lists the doors' },
  });
  expect(await tryOut('/demo/door', { id: 'front', do: 'replug' }, { door: () => 'nothing-to-do' })).toEqual({
    status: 409,
    body: { ok: false, error: 'do: the door is not in a state in which this can be done' },
  });
});

test.each([
  ['/demo/scan', null, /^the body: /],
  ['/demo/scan', { reader: 'front-in' }, /^code: /],
  ['/demo/scan', { reader: 'front-in', code: 'x'.repeat(513) }, /^code: /],
  ['/demo/scan', { reader: 'front-in', code: 'M0001', more: 1 }, /^the body: /],
  ['/demo/door', { id: 'front', do: 'blow up' }, /^do: /],
  ['/demo/door', { id: 'front', do: 'open', [`${'x'.repeat(999)}\n`]: 1 }, /^the body: [^\n]{1,200}$/],
])('%s %o is a bad request', async (path, body, expected) => {
  const answer = await tryOut(path, body);
  expect(answer.status).toBe(400);
  expect(answer.body).toEqual({ ok: false, error: expect.stringMatching(expected) });
  expect(answer.body.error).not.toContain('M0001');
});

test('without the demo the addresses do not exist', async () => {
  await using server = await startTestServer();
  expect((await ask(server.port, '/demo/scan', { method: 'POST', body: '{}' })).status).toBe(404);
});
