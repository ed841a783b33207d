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
    kiosk.seeText('M0001');
    await clock.advance(999);
    kiosk.seeText('M0001');
    expect(link.scans).toEqual([{ reader: 'front-cam', text: 'M0001' }]);
    kiosk.seeText('M0002');
    await clock.advance(1_000);
    kiosk.seeText('M0002');
    expect(link.scans.map(({ text }) => text)).toEqual(['M0001', 'M0002', 'M0002']);
  });

  test('hands nothing in where the door has no camera reader', () => {
    const { kiosk, link } = stand();
    link.say({ ...STATUS, doors: STATUS.doors.map((door) => ({ ...door, camera: null })) });
    kiosk.seeText('M0001');
    expect(link.scans).toEqual([]);
  });

  test('shows that it reads until the code is judged or nobody took it', async () => {
    const { kiosk, link } = stand();
    kiosk.seeText('M0001');
    expect(kiosk.snapshot().reading).toBe(true);
    await link.answer(false);
    expect(kiosk.snapshot().reading).toBe(false);
  });
});

describe('a reader that types', () => {
  const typed = [...'M0001', 'Enter'];

  test('is heard, and its keys are kept from the rest of the page', () => {
    const { kiosk, link } = stand();
    const swallowed = typed.map((key, index) => kiosk.typeKey(key, index * 5));
    expect(link.scans).toEqual([{ reader: 'front-keys', text: 'M0001' }]);
    expect(swallowed).toEqual([false, true, true, true, true, true]);
  });

  test('is nothing where the door has none', () => {
    const { kiosk, link } = stand();
    link.say({ ...STATUS, doors: STATUS.doors.map((door) => ({ ...door, wedge: null })) });
    expect(typed.map((key, index) => kiosk.typeKey(key, index * 5))).toEqual(typed.map(() => false));
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
