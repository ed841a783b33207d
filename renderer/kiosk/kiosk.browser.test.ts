/**
 * An evening at the door, in a real browser: members are admitted, refused, leave; one types with a reader, one reads
 * no Japanese, one sits in a wheelchair; the controller goes away and comes back; nothing stays for the next.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { admitted, leaving, NOW, refused, STATUS, unjudged } from '../../build/e2e/kiosk/scenes.ts';
import { openStage, type Stage, type StageSetup } from '../../build/e2e/kiosk/stand.ts';
import { builtPage, openBrowser, startUnit, type Unit } from '../../build/e2e/kiosk/unit.ts';
import { misfits } from './test-fits.ts';

let built: Awaited<ReturnType<typeof builtPage>>;
let browser: Browser;
let unit: Unit;
let stage: Stage;

beforeAll(async () => {
  built = await builtPage('kiosk');
  browser = await openBrowser();
  unit = await startUnit(built.dir);
});
afterAll(async () => {
  await browser.close();
  await unit[Symbol.asyncDispose]();
  built[Symbol.dispose]();
});
beforeEach(() => unit.renew());
afterEach(() => stage[Symbol.asyncDispose]());

async function open(setup: StageSetup = {}): Promise<Page> {
  stage = await openStage(browser, unit, setup);
  return stage.page;
}

/** The attributes that the outside reads. */
const bodyOf = (page: Page) => page.evaluate(() => ({ ...document.body.dataset }));
const shows = (page: Page, selector: string) => page.locator(selector).waitFor({ state: 'attached' });

/** Lets time go by in steps until it shows: what is asked of the network meanwhile needs its own time. */
async function elapseUntil(page: Page, selector: string): Promise<void> {
  while ((await page.locator(selector).count()) === 0) await page.clock.fastForward(1_000);
}

/** After a line that was lost. */
const CALLED_AGAIN_MS = 1_000;

/** As a reader does it: all at once, with Enter. */
async function typeCode(page: Page, code: string): Promise<void> {
  await page.keyboard.type(`${code}\n`);
  await page.clock.runFor(10);
}

describe('a decision', () => {
  test('admits: the attributes, the name, what is left; 2.5 s later the door waits again', async () => {
    const page = await open();
    unit.controller.say(admitted({ remaining: 3 }, { member: '田中', band: 'デイタイム' }));
    await shows(page, 'body[data-screen="admitted"]');
    expect(await bodyOf(page)).toEqual({ screen: 'admitted', reason: 'plan', event: '41' });
    expect(await page.locator('.said').innerText()).toMatch(
      /田中さま\s+どうぞ\u200b?お入りください\s+デイタイム 今月あと\s*3\s*回/,
    );
    await page.clock.fastForward(2_500);
    await shows(page, 'body[data-screen="waiting"]');
    expect(await bodyOf(page)).toEqual({ screen: 'waiting' });
    expect(await page.locator('.notecard').count()).toBe(0);
  });

  test('refuses for 6 s with the help phone, then stays as a card until 20 s', async () => {
    const page = await open();
    unit.controller.say(refused('outside-hours', { opensAt: NOW + 9_000_000 }));
    await shows(page, 'body[data-screen="refused"]');
    expect(await bodyOf(page)).toEqual({ screen: 'refused', reason: 'outside-hours', event: '41' });
    expect(await page.locator('.help').innerText()).toMatch(/ご利用時間外です\s+本日\s*17:02\s*から/);
    expect(await page.locator('.phone').innerText()).toContain('03-5555-0123');
    await page.clock.fastForward(6_000);
    await shows(page, 'body[data-screen="waiting"] .notecard');
    expect(await bodyOf(page)).toEqual({ screen: 'waiting' });
    await page.clock.fastForward(14_000);
    await page.locator('.notecard').waitFor({ state: 'detached' });
  });

  test('offers a ticket: one press spends it, busily, and only once; “not now” spends none', async () => {
    const page = await open();
    const tickets = [{ ticketId: 't1', name: '1回入館券', remaining: 3, after: 2 }];
    unit.controller.say(refused('limit-reached', { tickets }));
    await shows(page, 'body[data-screen="refused"]');
    expect(await page.locator('.ask').innerText()).toMatch(/使いますか？\s+1回入館券 残り3回 → 2回/);
    // The screen came up under a finger that meant something else.
    await page.getByText('使って入る').click();
    await page.clock.fastForward(400);
    expect(await page.locator('.foot .main').getAttribute('aria-busy')).toBe('false');
    await page.getByText('使って入る').dblclick();
    await page.clock.runFor(10);
    await shows(page, '.foot .main[aria-busy="true"]');
    await shows(page, '.foot .choice[disabled]');
    await expect.poll(() => unit.controller.choices).toEqual([{ event: 41, ticketId: 't1' }]);
    unit.controller.say(refused('limit-reached', { tickets }, { event: 42 }));
    await shows(page, 'body[data-event="42"]');
    await page.getByText('使わない').click();
    await shows(page, 'body[data-screen="waiting"]');
    expect(unit.controller.choices).toHaveLength(1);
  });

  test('offers a ticket that is gone meanwhile: the card says that none was spent', async () => {
    const page = await open();
    unit.controller.refuses = true;
    const tickets = [{ ticketId: 't1', name: '1回入館券', remaining: 3, after: 2 }];
    unit.controller.say(refused('limit-reached', { tickets }));
    await shows(page, 'body[data-screen="refused"]');
    await page.clock.fastForward(400);
    await page.locator('.foot .main').click();
    await page.clock.runFor(10);
    await shows(page, '.notecard');
    expect(await page.locator('.notecard').innerText()).toContain('チケットは使っていません。');
  });

  test('lets go with stay and fee for 10 s, and "close" ends it', async () => {
    const page = await open();
    unit.controller.say(leaving({ stay: { minutes: 102, fee: 1_200 } }));
    await shows(page, 'body[data-screen="leaving"][data-reason="exit"][data-event="41"]');
    expect(await page.locator('.well').innerText()).toMatch(/1時間42分\s+ご利用料金\s*¥1,200/);
    await page.clock.fastForward(9_999);
    await shows(page, 'body[data-screen="leaving"]');
    await page.getByRole('button', { name: '閉じる' }).click();
    await shows(page, 'body[data-screen="waiting"]');
  });

  test('is taken over at once by the next, of the same kind too', async () => {
    const page = await open();
    for (const event of [41, 42, 43]) {
      unit.controller.say(event === 42 ? refused('suspended', {}, { event }) : admitted({ event }));
      await shows(page, `body[data-event="${event}"]`);
    }
    expect(await bodyOf(page)).toMatchObject({ screen: 'admitted' });
  });

  test('that the door did not follow is taken back', async () => {
    const page = await open();
    unit.controller.say(admitted());
    unit.controller.say({ kind: 'outcome', of: 41, doorId: 'front', outcome: 'silent' });
    await shows(page, 'body[data-screen="fault"][data-reason="lock-silent"][data-event="41"]');
    await page.clock.fastForward(6_000);
    await shows(page, 'body[data-screen="waiting"]');
  });

  test.each([
    ['store-failure', 'ただいま受付を\u200b?休止しています\\s+出口は開きます'],
    ['lock-away', '扉が\u200b?応答していません'],
  ] as const)('that nobody made, for the %s, says so in words for 6 s', async (why, words) => {
    const page = await open();
    unit.controller.say(unjudged(why));
    await shows(page, 'body[data-screen="refused"]');
    expect(await bodyOf(page)).toEqual({ screen: 'refused', reason: why, event: '41' });
    expect(await page.locator('.help').innerText()).toMatch(new RegExp(words));
    expect(await page.locator('.phone').innerText()).toContain('03-5555-0123');
    await page.clock.fastForward(6_000);
    await shows(page, 'body[data-screen="waiting"]');
    expect(await page.locator('.notecard').count()).toBe(0);
  });

  test('that the clock made is a refusal in words', async () => {
    const page = await open();
    unit.controller.say(refused('clock-doubtful'));
    await shows(page, 'body[data-screen="refused"][data-reason="clock-doubtful"]');
    expect(await page.locator('.help').innerText()).toMatch(/時刻を\u200b?確認しています/);
  });

  test('is spoken: the stage is one assertive region, quiet while waiting', async () => {
    const page = await open();
    await shows(page, 'main[aria-live="off"]');
    unit.controller.say(refused('suspended'));
    await shows(page, 'main[aria-live="assertive"]');
    expect(await page.locator('main').count()).toBe(1);
  });

  test('of another door leaves the screen alone; the address picks the door', async () => {
    const [front] = STATUS.doors;
    const south = { ...front!, id: 'south', name: '南口' };
    const page = await open({ search: '?door=front' });
    unit.controller.be({ doors: [south, front!] });
    unit.controller.say(refused('suspended', {}, { doorId: 'south' }));
    unit.controller.say(admitted({ event: 42 }));
    await shows(page, 'body[data-event="42"]');
    await page.clock.fastForward(2_500);
    await shows(page, 'body[data-screen="waiting"]');
    expect(await page.locator('.sign').innerText()).toContain('正面玄関');
    expect(await page.locator('.notecard').count()).toBe(0);
  });
});

describe('movement', () => {
  const running = (page: Page) =>
    page.evaluate(() => document.getAnimations().map((one) => (one instanceof CSSAnimation ? one.animationName : '')));

  test('a refusal shakes once, and an idle page does nothing at all', async () => {
    const page = await open();
    expect(await running(page)).toEqual([]);
    unit.controller.say(refused('suspended'));
    await shows(page, '.refused');
    expect(await page.locator('.refused').evaluate((one) => getComputedStyle(one).animationName)).toBe('shake');
  });

  test('is only of what can be composed, once, and short', async () => {
    const page = await open();
    const frames = await page.evaluate(() =>
      [...document.styleSheets]
        .flatMap((sheet) => [...sheet.cssRules])
        .filter((rule) => rule instanceof CSSKeyframesRule)
        .flatMap((rule) => [...rule.cssRules].flatMap((one) => (one instanceof CSSKeyframeRule ? [...one.style] : []))),
    );
    expect(new Set(frames)).toEqual(new Set(['transform']));
  });

  test('there is none for who asked for none; the shut leaf has a frame instead', async () => {
    const page = await open({ motion: 'reduce' });
    for (const message of [refused('suspended'), admitted({ event: 42 }), leaving({ event: 43 })]) {
      unit.controller.say(message);
      await shows(page, `body[data-event="${message.event}"]`);
      expect(await running(page)).toEqual([]);
      if (message.event !== 41) continue;
      expect(await page.locator('.barred').evaluate((one) => getComputedStyle(one).boxShadow)).toContain('12px');
    }
  });
});

describe('sound', () => {
  test('each decision sounds as itself', async () => {
    const page = await open();
    await page.evaluate(() => {
      const heard: number[] = [];
      const { start } = OscillatorNode.prototype;
      OscillatorNode.prototype.start = function (this: OscillatorNode, ...times: []) {
        heard.push(this.frequency.value);
        start.apply(this, times);
      };
      Object.assign(window, { heard });
    });
    const heard = (): Promise<unknown> => page.evaluate(() => Reflect.get(window, 'heard'));
    // A first touch, for browsers that stay mute until then.
    await page.mouse.click(400, 400);
    unit.controller.say(refused('suspended'));
    await shows(page, '.refused');
    expect(await heard()).toEqual([311, 311, 311]);
    unit.controller.say(admitted({ event: 42 }));
    await shows(page, 'body[data-event="42"]');
    expect(await heard()).toEqual([311, 311, 311, 587, 1_174, 880, 1_760]);
  });
});

describe('a reader that types', () => {
  test('is heard wherever the focus is, and presses nothing there', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'English' }).focus();
    await typeCode(page, 'M0001');
    await expect.poll(() => unit.controller.scans).toEqual([{ reader: 'front-keys', text: 'M0001' }]);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('ja');
  });

  test('a person at the keyboard presses what has the focus', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'English' }).focus();
    await page.keyboard.press('Enter');
    await shows(page, 'html[lang="en"]');
    expect(unit.controller.scans).toEqual([]);
  });
});

describe('what a member may change', () => {
  test('the language, for 60 s after the last touch', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'English' }).click();
    await shows(page, 'html[lang="en"]');
    expect(await page.locator('h1').innerText()).toBe('Hold up your member code');
    expect(await page.locator('.notice').innerText()).toMatch(/No image is stored[\s\S]*画像は保存しません/);
    await page.clock.fastForward(59_000);
    await shows(page, 'html[lang="en"]');
    await page.clock.fastForward(1_000);
    await shows(page, 'html[lang="ja"]');
    expect(await page.locator('.notice').innerText()).toMatch(/画像は保存しません[\s\S]*No image is stored/);
  });

  test('the text size, up to 200 % and back, in a room where its button gives way to a sheet', async () => {
    const page = await open({ room: { width: 1024, height: 600 } });
    const size = () => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
    const larger = page.getByRole('button', { name: '文字を大きく' });
    await larger.click();
    await page.clock.fastForward(400);
    expect(await size()).toBe('20.8px');
    await page.getByRole('button', { name: '表示を変える' }).click();
    await page.getByRole('dialog').waitFor();
    for (const px of ['25.6px', '32px', '16px']) {
      await page.getByRole('dialog').getByRole('button', { name: '文字を大きく' }).click();
      await page.clock.fastForward(400);
      expect(await size()).toBe(px);
      expect(await page.evaluate(misfits)).toEqual([]);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('a button is deaf for 400 ms after a press', async () => {
    const page = await open();
    const larger = page.getByRole('button', { name: '文字を大きく' });
    await larger.click();
    await larger.click();
    expect(await page.evaluate(() => document.documentElement.dataset['text'])).toBe('130');
    await page.clock.fastForward(400);
    await larger.click();
    expect(await page.evaluate(() => document.documentElement.dataset['text'])).toBe('160');
  });

  test('the text size ends with the decision', async () => {
    const page = await open();
    await page.getByRole('button', { name: '文字を大きく' }).click();
    unit.controller.say(admitted());
    await shows(page, 'html[data-text="130"] body[data-screen="admitted"]');
    await page.clock.fastForward(2_500);
    await shows(page, 'html:not([data-text]) body[data-screen="waiting"]');
  });

  test.each([
    { width: 1280, height: 800 },
    { width: 1024, height: 600 },
    { width: 800, height: 1280 },
  ])('reach: all that is touched comes within the lower half, at $width×$height', async (room) => {
    const page = await open({ room });
    for (const languages of [
      ['ja', 'en'],
      ['ja', 'en', 'zh-Hans', 'ko'],
    ] as const) {
      unit.controller.be({ languages: [...languages] });
      await page.getByRole('button', { name: '画面を下げる' }).click();
      await page.locator('.reach').waitFor();
      for (const button of await page.getByRole('button').all()) {
        expect((await button.boundingBox())!.y).toBeGreaterThan(room.height * 0.45);
      }
      expect(await page.evaluate(misfits)).toEqual([]);
      await page.clock.fastForward(400);
      await page.getByRole('button', { name: 'もとに戻す' }).click();
      await page.locator('.reach').waitFor({ state: 'detached' });
      await page.clock.fastForward(400);
    }
  });

  test.each([
    { width: 1280, height: 800 },
    { width: 800, height: 1280 },
  ])('reach: a form is filled in and left from the lower half, at $width×$height', async (room) => {
    const page = await open({ room });
    const ways = { provisional: null, carryOver: { fields: [], guidance: null, explanation: null } };
    unit.controller.be({ reach: true, ways });
    const press = async (name: string): Promise<void> => {
      const button = page.locator('.ways, .answers, .keys').getByRole('button', { name, exact: true });
      expect((await button.boundingBox())!.y).toBeGreaterThan(room.height * 0.45);
      await button.click();
      await page.clock.fastForward(500);
    };
    await press('すでに会員の方');
    await press('はじめる');
    await press('m');
    await press('次へ');
    await press('4');
    await press('前へ');
    await press('もどる');
    await press('はじめる');
    expect(await page.locator('.fieldbox.on bdi').innerText()).toBe('m');
    await press('もどる');
    await press('もどる');
    await shows(page, 'body[data-screen="waiting"]:not([data-visit])');
  });
});

test('a first sync is counted on the screen until the unit has it all', async () => {
  const page = await open();
  const syncing = (rows: number) =>
    unit.controller.be({
      hub: { state: 'snapshot', dataAgeSeconds: null, queue: 0, progress: { rows, of: 310_000 } },
    });
  syncing(0);
  await page.locator('.ready', { hasText: '会員データを受信中です 0%' }).waitFor();
  syncing(154_999);
  await page.locator('.ready', { hasText: '会員データを受信中です 49%' }).waitFor();
  unit.controller.be({ hub: { state: 'live', dataAgeSeconds: 0, queue: 0, progress: null } });
  await page.locator('.ready', { hasText: '受信中' }).waitFor({ state: 'detached' });
});

describe('the controller goes away', () => {
  test('is said in words after a moment; its return ends it, with a session that it knows', async () => {
    const page = await open();
    await unit.stop();
    await elapseUntil(page, 'body[data-screen="fault"][data-reason="controller-lost"]');
    expect(await page.locator('.said').innerText()).toMatch(/お待ちください[\s\S]*出口はいつでも開きます/);
    await typeCode(page, 'M0001');
    await unit.start();
    await elapseUntil(page, 'body[data-screen="waiting"]');
    unit.controller.say(admitted());
    await shows(page, 'body[data-screen="admitted"]');
    // What was held up while nobody was there opens nothing now.
    expect(unit.controller.scans).toEqual([]);
    await typeCode(page, 'M0002');
    await expect.poll(() => unit.controller.scans).toEqual([{ reader: 'front-keys', text: 'M0002' }]);
  });

  test('for a moment, while somebody asks for the staff’s screens: they open once it is back', async () => {
    const page = await open();
    await shows(page, '.desk-button');
    await unit.stop();
    await page.evaluate(() => fetch('/healthz').then(String, String));
    await page.locator('.desk-button').click();
    expect(await bodyOf(page)).toEqual({ screen: 'waiting' });
    await unit.start();
    // The next call is due then; how long that takes is the machine's time, not the page's.
    await page.clock.fastForward(CALLED_AGAIN_MS);
    await shows(page, 'body[data-screen="staff"]');
  });

  test('for longer: whoever asked for the staff’s screens has gone by then', async () => {
    const page = await open();
    await shows(page, '.desk-button');
    await unit.stop();
    await page.evaluate(() => fetch('/healthz').then(String, String));
    await page.locator('.desk-button').click();
    await elapseUntil(page, 'body[data-screen="fault"][data-reason="controller-lost"]');
    await page.clock.fastForward(10_000);
    await unit.start();
    await elapseUntil(page, 'body[data-screen="waiting"]');
    await typeCode(page, 'M0002');
    await expect.poll(() => unit.controller.scans).toHaveLength(1);
    expect(await bodyOf(page)).toEqual({ screen: 'waiting' });
  });

  test('comes back as another version: the page loads itself anew', async () => {
    const page = await open();
    const loaded = page.waitForEvent('load');
    unit.controller.be({ version: '0.2.0' });
    await loaded;
    await elapseUntil(page, 'body[data-screen="waiting"]');
  });

  test('says what the contract doesn’t have: it is left out, and the rest goes on', async () => {
    const page = await open();
    unit.controller.sayWrong({ kind: 'decision', granted: true });
    unit.controller.sayWrong({ ...admitted(), event: 'x' });
    unit.controller.sayWrong(null);
    unit.controller.say(refused('suspended', {}, { event: 42 }));
    await shows(page, 'body[data-event="42"]');
    expect(stage.complaints.every((line) => line.includes('not as the contract has it'))).toBe(true);
    expect(stage.complaints).toHaveLength(3);
  });
});

test('when the page itself breaks, it says so calmly, shows no stack, and starts anew', async () => {
  const page = await open();
  unit.controller.be({ site: { name: 'みどり湯', timezone: 'Nowhere/Atall' } });
  await shows(page, 'body[data-screen="fault"][data-reason="page"]');
  expect((await page.locator('body').innerText()).replaceAll('\u200b', '')).toBe(
    '少々お待ちください\n\n会員証は読取口でそのままご利用いただけます。',
  );
  const loaded = page.waitForEvent('load');
  unit.controller.be({ site: STATUS.site });
  await page.clock.fastForward(10_000);
  await loaded;
  await elapseUntil(page, 'body[data-screen="waiting"]');
});

test('Chinese and Korean have letters of their own, fetched only where the site offers them', async () => {
  const page = await open({ isFirst: true });
  const known = () =>
    page.evaluate(() => [...document.fonts].filter((one) => one.status === 'loaded').map((one) => one.family));
  expect((await known()).join()).not.toContain('Noto');
  unit.controller.be({ languages: ['ja', 'en', 'zh-Hans', 'ko'] });
  await expect.poll(async () => (await known()).join()).toMatch(/Noto Sans SC[\s\S]*Noto Sans KR|KR[\s\S]*SC/);
  await page.getByRole('button', { name: '中文' }).click();
  await shows(page, 'html[lang="zh-Hans"]');
  const lettersOf = (line: string) => page.locator(line).evaluate((one) => getComputedStyle(one).fontFamily);
  expect(await lettersOf('.notice p:lang(zh-Hans)')).toContain('Noto Sans SC');
  expect(await lettersOf('.notice p:lang(ja)')).toMatch(/^"Inter Variable", "BIZ UDPGothic"/);
  expect(stage.complaints).toEqual([]);
});

test('nothing is asked of anybody else, and the page’s policy is kept', async () => {
  const page = await open({ isFirst: true });
  for (const message of [admitted(), refused('holiday', {}, { event: 42 }), leaving({ event: 43 })]) {
    unit.controller.say(message);
    await shows(page, `body[data-event="${message.event}"]`);
  }
  expect(stage.complaints).toEqual([]);
});
