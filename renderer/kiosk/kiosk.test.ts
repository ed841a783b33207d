/**
 * The page's state between a controller that says things, a camera that sees a code many times, a reader that types and
 * a member who touches the screen: the right sound once, one scan a code, and one timer.
 */
import { describe, expect, test } from 'vitest';
import { admitted, leaving, NOW, refused, STATUS } from '../../build/e2e/kiosk/scenes.ts';
import { VirtualClock } from '../../device/clock/virtual.ts';
import type {
  CarryOverInput,
  IssueInput,
  IssueOutput,
  PlaceCodeInput,
  PlaceCodeOutput,
  WithdrawInput,
} from '../../main/contract/member-ways.ts';
import type { ChooseInput, PageMessage, ScanInput } from '../../main/contract/page.ts';
import { Kiosk } from './kiosk.ts';
import type { KioskLink, LinkListener } from './link.ts';

/** A controller at the other end of the line. It fails where nobody watches, or where two do. */
class StandInLink implements KioskLink {
  readonly scans: ScanInput[] = [];
  #listener: LinkListener | null = null;
  readonly choices: ChooseInput[] = [];
  #answer: ((taken: boolean) => void) | null = null;
  #chosen: ((taken: boolean | null) => void) | null = null;

  watch(listener: LinkListener): () => void {
    if (this.#listener !== null) throw new Error('watched twice');
    this.#listener = listener;
    return () => {
      this.#listener = null;
    };
  }

  scan(input: ScanInput): Promise<boolean> {
    this.scans.push(input);
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  callStaff({ door }: { readonly door: string }): Promise<boolean | null> {
    this.asked.push(`staff to ${door}`);
    return Promise.resolve(this.reached);
  }
  reached: boolean | null = true;

  choose(input: ChooseInput): Promise<boolean | null> {
    this.choices.push(input);
    return new Promise((resolve) => {
      this.#chosen = resolve;
    });
  }

  /** Answers at once with what the test has put here; null: nobody answers. */
  code: PlaceCodeOutput | null = null;
  issued: IssueOutput | null = null;
  withdrawn: boolean | null = null;
  kept: boolean | null = null;
  readonly asked: unknown[] = [];

  placeCode(input: PlaceCodeInput): Promise<PlaceCodeOutput | null> {
    this.asked.push(input);
    return Promise.resolve(this.code);
  }

  issueCard(input: IssueInput): Promise<IssueOutput | null> {
    this.asked.push(input);
    return Promise.resolve(this.issued);
  }

  withdrawCard(input: WithdrawInput): Promise<boolean | null> {
    this.asked.push(input);
    return Promise.resolve(this.withdrawn);
  }

  carryOver(input: CarryOverInput): Promise<boolean | null> {
    this.asked.push(input);
    return Promise.resolve(this.kept);
  }

  get listener(): LinkListener {
    if (this.#listener === null) throw new Error('nobody watches');
    return this.#listener;
  }

  say(message: PageMessage): void {
    this.listener.message(message);
  }

  async answerChoice(taken: boolean | null): Promise<void> {
    this.#chosen?.(taken);
    await Promise.resolve();
    await Promise.resolve();
  }

  async answer(taken: boolean): Promise<void> {
    this.#answer?.(taken);
    await Promise.resolve();
    await Promise.resolve();
  }
}

function stand(askedDoor: string | null = null) {
  const clock = new VirtualClock({ wallMs: NOW });
  const link = new StandInLink();
  const played: string[] = [];
  let reloads = 0;
  const kiosk = new Kiosk({
    clock,
    link,
    askedDoor,
    play: (sound, night) => played.push(night ? `${sound} quietly` : sound),
    reload: () => {
      reloads += 1;
    },
  });
  const stop = kiosk.start();
  link.listener.up();
  link.say(STATUS);
  return { kiosk, clock, link, played, stop, reloads: () => reloads, screen: () => kiosk.snapshot().view.screen };
}

describe('decisions', () => {
  test('take the screen, sound once, and go by themselves', async () => {
    const { link, played, clock, screen } = stand();
    link.say(admitted());
    expect([screen(), played]).toEqual(['admitted', ['admitted']]);
    await clock.advance(2_500);
    expect(screen()).toBe('waiting');
    link.say(refused('suspended', {}, { event: 42 }));
    link.say(leaving({ event: 43 }));
    link.say(admitted({ event: 44, warnings: ['passback'] }));
    expect(played).toEqual(['admitted', 'refused', 'leaving', 'admitted-heed']);
  });

  test('of another door neither show nor sound', () => {
    const { link, played, screen } = stand();
    link.say(admitted({ doorId: 'south' }));
    expect([screen(), played]).toEqual(['waiting', []]);
  });

  test('sound quietly at night', async () => {
    const { link, played, clock, kiosk } = stand();
    expect(kiosk.snapshot().night).toBe(false);
    clock.setWall(NOW + 6 * 3_600_000);
    await clock.advance(60_000);
    expect(kiosk.snapshot().night).toBe(true);
    link.say(admitted());
    expect(played).toEqual(['admitted quietly']);
  });

  test('bring the usual text size back when the screen is waiting again', async () => {
    const { kiosk, link, clock } = stand();
    kiosk.press({ press: 'text' });
    kiosk.press({ press: 'language', language: 'en' });
    link.say(admitted());
    expect(kiosk.snapshot().comfort.text).toBe(130);
    await clock.advance(2_500);
    expect(kiosk.snapshot()).toMatchObject({ language: 'en', before: 'admitted', comfort: { text: 100 } });
    await clock.advance(57_499);
    expect(kiosk.snapshot().language).toBe('en');
    await clock.advance(1);
    expect(kiosk.snapshot().language).toBe('ja');
  });
});

test('a door that was away for a moment leaves the text as somebody has made it', () => {
  const { kiosk, link } = stand();
  kiosk.press({ press: 'text' });
  link.say({ ...STATUS, doors: STATUS.doors.map((door) => ({ ...door, state: 'fault' })) });
  link.say(STATUS);
  expect(kiosk.snapshot()).toMatchObject({ before: 'fault', comfort: { text: 130 } });
});

describe('the camera', () => {
  test('hands a code in once a second, and another at once', async () => {
    const { kiosk, link, clock } = stand();
    kiosk.readers.seeText('M0001');
    await clock.advance(999);
    kiosk.readers.seeText('M0001');
    expect(link.scans).toEqual([{ reader: 'front-cam', text: 'M0001' }]);
    kiosk.readers.seeText('M0002');
    await clock.advance(1_000);
    kiosk.readers.seeText('M0002');
    expect(link.scans.map(({ text }) => text)).toEqual(['M0001', 'M0002', 'M0002']);
  });

  test('hands nothing in where the door has no camera reader', () => {
    const { kiosk, link } = stand();
    link.say({ ...STATUS, doors: STATUS.doors.map((door) => ({ ...door, camera: null })) });
    kiosk.readers.seeText('M0001');
    expect(link.scans).toEqual([]);
  });

  test('shows that it reads until the code is judged or nobody took it', async () => {
    const { kiosk, link } = stand();
    kiosk.readers.seeText('M0001');
    expect(kiosk.snapshot().reading).toBe(true);
    await link.answer(false);
    expect(kiosk.snapshot().reading).toBe(false);
  });
});

describe('a reader that types', () => {
  const typed = [...'M0001', 'Enter'];

  test('is heard, and its keys are kept from the rest of the page', () => {
    const { kiosk, link } = stand();
    const swallowed = typed.map((key, index) => kiosk.readers.typeKey(key, index * 5));
    expect(link.scans).toEqual([{ reader: 'front-keys', text: 'M0001' }]);
    expect(swallowed).toEqual([false, true, true, true, true, true]);
  });

  test('is nothing where the door has none', () => {
    const { kiosk, link } = stand();
    link.say({ ...STATUS, doors: STATUS.doors.map((door) => ({ ...door, wedge: null })) });
    expect(typed.map((key, index) => kiosk.readers.typeKey(key, index * 5))).toEqual(typed.map(() => false));
    expect(link.scans).toEqual([]);
  });
});

describe('timers', () => {
  test('one at a time, at rest once a minute, also while the controller is away for long', async () => {
    const { link, clock, kiosk } = stand();
    let changes = 0;
    kiosk.subscribe(() => {
      changes += 1;
    });
    link.listener.down();
    await clock.advance(10_000);
    expect(kiosk.snapshot().view).toMatchObject({ screen: 'fault', reason: 'controller-lost' });
    changes = 0;
    await clock.advance(600_000);
    expect([changes, clock.timers().length]).toEqual([10, 1]);
  });

  test('none is left when it stops', () => {
    const { stop, clock } = stand();
    stop();
    expect(clock.timers()).toEqual([]);
  });
});

test('a controller of another version gets a page of its own', () => {
  const { link, reloads } = stand();
  link.say({ ...STATUS, degraded: true });
  expect(reloads()).toBe(0);
  link.say({ ...STATUS, version: '0.2.0' });
  expect(reloads()).toBe(1);
});

test('the dock hears every message, of every door', () => {
  const { kiosk, link } = stand();
  const heard: string[] = [];
  const leave = kiosk.listen((message) => heard.push(message.kind));
  link.say(admitted({ doorId: 'south' }));
  leave();
  link.say(STATUS);
  expect(heard).toEqual(['decision']);
});

describe('a ticket that would serve', () => {
  const offer = { ticketId: 't1', name: '1回入館券', remaining: 3, after: 2 };
  const offered = refused('limit-reached', { tickets: [offer] });

  test('is asked about with a sound of its own, spent by one press, and admits', async () => {
    const { kiosk, link, played, screen } = stand();
    link.say(offered);
    expect(played).toEqual(['choice']);
    kiosk.choose(offered.event, 't1');
    kiosk.choose(offered.event, 't1');
    expect(link.choices).toEqual([{ event: offered.event, ticketId: 't1' }]);
    await link.answerChoice(true);
    expect(kiosk.snapshot().view).toMatchObject({ screen: 'refused', busy: true });
    link.say(admitted({ event: 42, reason: 'ticket', remaining: 2 }));
    expect(screen()).toBe('admitted');
  });

  test('not on offer any more: the screen says that none was spent', async () => {
    const { kiosk, link } = stand();
    link.say(offered);
    kiosk.choose(offered.event, 't1');
    await link.answerChoice(false);
    expect(kiosk.snapshot().view).toMatchObject({ screen: 'waiting', card: { unspent: true } });
  });

  test('a controller that doesn’t answer leaves it open, and nothing is claimed', async () => {
    const { kiosk, link } = stand();
    link.say(offered);
    kiosk.choose(offered.event, 't1');
    await link.answerChoice(null);
    expect(kiosk.snapshot().view).toMatchObject({ screen: 'waiting', card: { unspent: false } });
  });

  test('a press that comes when another decision stands already spends nothing', () => {
    const { kiosk, link } = stand();
    link.say(offered);
    link.say(admitted({ event: 42 }));
    kiosk.choose(offered.event, 't1');
    expect(link.choices).toEqual([]);
  });
});

describe('at night', () => {
  test('the panel is dim, brighter for 30 s after a touch, and bright by day', async () => {
    const { kiosk, clock } = stand();
    const light = () => kiosk.snapshot().light;
    expect(light()).toBe(100);
    clock.setWall(NOW + 6 * 3_600_000);
    await clock.advance(60_000);
    expect(light()).toBe(35);
    kiosk.press({ press: 'touch' });
    expect(light()).toBe(60);
    await clock.advance(30_000);
    expect(light()).toBe(35);
    kiosk.setCamera({ off: false, moving: true, dark: false });
    expect(light()).toBe(60);
  });
});

describe('a call for staff, closed, at night', () => {
  test('lights the black page for as long as nobody has taken it', async () => {
    const { kiosk, clock, link } = stand();
    const [door] = STATUS.doors;
    const closed = { ...STATUS, doors: [{ ...door!, state: 'closed' as const }] };
    const call = { id: 'help front', doorId: 'front', alarm: 'help', since: NOW } as const;
    link.say(closed);
    clock.setWall(NOW + 6 * 3_600_000);
    await clock.advance(600_000);
    expect(kiosk.snapshot()).toMatchObject({ black: true, desk: null });
    link.say({ ...closed, alarms: [{ ...call, taken: false }] });
    expect(kiosk.snapshot()).toMatchObject({ black: false, light: 60 });
    await clock.advance(1_200_000);
    expect(kiosk.snapshot().black).toBe(false);
    link.say({ ...closed, alarms: [{ ...call, taken: true }] });
    await clock.advance(600_000);
    expect(kiosk.snapshot().black).toBe(true);
  });

  test('lights the dim page of an open door too', async () => {
    const { kiosk, clock, link } = stand();
    clock.setWall(NOW + 6 * 3_600_000);
    await clock.advance(60_000);
    expect(kiosk.snapshot().light).toBe(35);
    const call = { id: 'help front', doorId: 'front', alarm: 'help', since: NOW } as const;
    link.say({ ...STATUS, alarms: [{ ...call, taken: false }] });
    expect(kiosk.snapshot().light).toBe(60);
  });
});

describe('besides a code', () => {
  const ways = {
    ...STATUS,
    ways: { provisional: { days: 3 }, carryOver: { fields: [], guidance: null, explanation: null } },
  };
  const card = { number: 'P-1', code: 'GK1', until: NOW };
  const flush = async (): Promise<void> => {
    for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
  };
  const begin = () => {
    const stood = stand();
    stood.link.say(ways);
    return { ...stood, at: () => stood.kiosk.snapshot().visiting.visit };
  };

  test('the place’s code is fetched, and fetched again when its time is over, until nobody touches for 60 s', async () => {
    const { kiosk, link, clock, at } = begin();
    link.code = { codes: { app: 'GL1:A', url: null }, leftMs: 13_000, everyMs: 20_000 };
    kiosk.visits.openPlace();
    await flush();
    expect(at()).toMatchObject({ at: 'place', code: { codes: { app: 'GL1:A' } } });
    link.code = { codes: { app: 'GL1:B', url: null }, leftMs: 20_000, everyMs: 20_000 };
    await clock.advance(13_000);
    await flush();
    expect([link.asked.length, at()]).toMatchObject([2, { code: { codes: { app: 'GL1:B' } } }]);
    await clock.advance(47_000);
    expect(at()).toBeNull();
    const asked = link.asked.length;
    await clock.advance(60_000);
    expect(link.asked).toHaveLength(asked);
  });

  test('a card whose answer is lost is wished for again by the same name', async () => {
    const { kiosk, link, at } = begin();
    kiosk.visits.openCard();
    kiosk.visits.issueCard();
    await flush();
    expect(at()).toEqual({ at: 'card', step: 'none', why: null });
    link.issued = { card, why: null };
    kiosk.visits.issueCard();
    await flush();
    expect(at()).toMatchObject({ step: 'issued', card });
    expect(link.asked[1]).toEqual(link.asked[0]);
    kiosk.visits.openCard();
    kiosk.visits.issueCard();
    await flush();
    expect(link.asked[2]).not.toEqual(link.asked[0]);
  });

  test('whoever is let in ends it, but for a form', async () => {
    const { kiosk, link, at } = begin();
    kiosk.visits.openCard();
    link.say(refused('suspended'));
    expect(at()).toMatchObject({ at: 'card' });
    link.say(admitted({ event: 42 }));
    expect(at()).toBeNull();
    kiosk.visits.openCarry(ways.ways.carryOver);
    link.say(admitted({ event: 43 }));
    expect(at()).toMatchObject({ at: 'carry', step: 'intro' });
  });

  test('a form is asked about after 90 s, goes on by its button alone, and is cleared 20 s later with the language', async () => {
    const { kiosk, link, clock, at } = begin();
    kiosk.press({ press: 'language', language: 'en' });
    kiosk.visits.openCarry(ways.ways.carryOver);
    kiosk.visits.fillIn();
    for (const text of ['a', '@', 'b', '.jp']) kiosk.visits.key({ key: 'text', text });
    const clears = () => kiosk.snapshot().visiting.clearsInMs;
    await clock.advance(89_999);
    expect([clears(), kiosk.snapshot().language]).toEqual([null, 'en']);
    await clock.advance(1);
    expect(clears()).toBe(20_000);
    kiosk.press({ press: 'touch' });
    await clock.advance(5_000);
    expect(clears()).toBe(15_000);
    kiosk.visits.stay();
    expect(clears()).toBeNull();
    await clock.advance(110_000);
    expect(at()).toBeNull();
    await clock.advance(60_000);
    expect(kiosk.snapshot().language).toBe('ja');
    expect(link.asked).toEqual([]);
  });

  test('who leaves the fields by their first finds what they typed when they go on, and is asked about as before', async () => {
    const { kiosk, clock, at } = begin();
    kiosk.visits.openCarry(ways.ways.carryOver);
    kiosk.visits.fillIn();
    kiosk.visits.key({ key: 'text', text: 'a' });
    kiosk.visits.leaveFields();
    expect(at()).toMatchObject({ step: 'intro', draft: { values: { mail: 'a' } } });
    await clock.advance(90_000);
    expect(kiosk.snapshot().visiting.clearsInMs).toBe(20_000);
    kiosk.visits.stay();
    kiosk.visits.fillIn();
    expect(at()).toMatchObject({ step: 'fill', draft: { values: { mail: 'a' } } });
  });

  test('a form is sent once it is whole; then nothing but the address stands there', async () => {
    const { kiosk, link, at } = begin();
    kiosk.visits.openCarry(ways.ways.carryOver);
    kiosk.visits.fillIn();
    for (const text of ['a', '@', 'b', '.jp']) kiosk.visits.key({ key: 'text', text });
    kiosk.visits.send();
    expect(link.asked).toEqual([]);
    expect(at()).toMatchObject({ step: 'fill', draft: { on: 'code' } });
    for (const text of '0048') kiosk.visits.key({ key: 'text', text });
    kiosk.visits.send();
    await flush();
    expect(at()).toMatchObject({ step: 'failed', draft: { values: { code: '0048' } } });
    kiosk.visits.fillIn();
    link.kept = true;
    kiosk.visits.send();
    await flush();
    expect(at()).toMatchObject({ step: 'sent', draft: { values: { mail: 'a@b.jp', code: '' } } });
    expect(link.asked.at(-1)).toEqual({ door: 'front', language: 'ja', form: { mail: 'a@b.jp', code: '0048' } });
  });
});
