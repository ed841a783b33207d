/** The last line of `npm test` must never be better than the truth: a file that doesn't load, a run that breaks off. */
import { expect, test } from 'vitest';
import { toolEnv } from './tool.ts';
import { countOf } from './vitest.ts';

const file = (status: string, ...tests: string[]) => ({
  name: 'x.test.ts',
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});
const good = file('passed', 'passed', 'passed', 'skipped', 'todo');

test.each([
  ['all well', 0, [good], { passed: 2, failed: 0, skipped: 2 }],
  ['a failed test', 1, [good, file('failed', 'passed', 'failed')], { passed: 3, failed: 1, skipped: 2 }],
  ['a file that can’t be loaded', 1, [good, file('failed')], { passed: 2, failed: 1, skipped: 2 }],
  [
    'a process that died on the way',
    1,
    [file('failed', 'passed', 'pending', 'pending')],
    { passed: 1, failed: 2, skipped: 0 },
  ],
  ['too little covered, or an error outside the tests', 1, [good], { passed: 2, failed: 1, skipped: 2 }],
  ['no tests, or stopped before the end', 1, null, { passed: 0, failed: 1, skipped: 0 }],
  ['a good end without a report', 0, null, { passed: 0, failed: 1, skipped: 0 }],
])('%s', (_name, status, testResults, count) => {
  expect(countOf(status, testResults === null ? null : { testResults })).toEqual(count);
});

test('tests know nothing of the user’s tokens or of the npm that runs them', () => {
  const env = toolEnv({ PATH: '/usr/bin', HOME: '/nowhere', NPM_TOKEN: 'x', INIT_CWD: '/x', npm_config_y: 'z' });
  expect(Object.keys(env)).not.toEqual(expect.arrayContaining(['NPM_TOKEN']));
  expect(Object.keys(env).filter((name) => /npm|INIT_CWD/i.test(name))).toEqual([]);
  expect(env).toMatchObject({ HOME: '/nowhere', PATH: expect.stringMatching(/node_modules\/\.bin:\/usr\/bin$/) });
});
