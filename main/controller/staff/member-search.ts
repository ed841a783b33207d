/** Finds members by a part of their name or kana, or by a code. Names are sealed: a few are opened at a time. */
import type { Hit, SearchMessage } from '../../contract/looks.ts';
import type { Clock } from '../../core/clock.ts';
import type { ListedMember } from '../../store/member-list.ts';
import type { Store } from '../../store/store.ts';
import { pause } from './pause.ts';

/** Opening so many takes a millisecond or two; a door doesn't wait longer. */
const SLICE = 40;
const PROGRESS_EVERY = 25;
const MOST_HITS = 50;
/** Fewer characters of a code would find too many. */
const LEAST_OF_CODE = 4;

export async function* searchMembers(
  store: Store,
  clock: Clock,
  text: string,
  signal: AbortSignal,
): AsyncGenerator<SearchMessage, void> {
  const wanted = plain(text);
  const total = store.memberCount();
  let [after, looked, found] = ['', 0, 0];
  for (let slice = 0; !signal.aborted; slice += 1) {
    const members = store.members.slice(after, SLICE);
    const hits = members.filter((member) => fits(member, wanted)).map(hitOf);
    looked += members.length;
    const shown = hits.slice(0, MOST_HITS - found);
    found += shown.length;
    if (shown.length > 0) yield { kind: 'hits', hits: shown };
    if (shown.length < hits.length) return yield { kind: 'end', more: true };
    after = members.at(-1)?.id ?? '';
    if (members.length < SLICE) return yield { kind: 'end', more: false };
    if (slice % PROGRESS_EVERY === 0) yield { kind: 'progress', looked, of: Math.max(total, looked) };
    await pause(clock, 'search of members');
  }
}

function fits({ name, kana, codes }: ListedMember, wanted: string): boolean {
  if (plain(name).includes(wanted) || (kana !== null && plain(kana).includes(wanted))) return true;
  return wanted.length >= LEAST_OF_CODE && codes.some((code) => plain(code).includes(wanted));
}

const HIRAGANA = /[\u3041-\u3096]/g;
const TO_KATAKANA = 0x60;

/** Alike whatever the keyboard gave: width, case, kind of kana, spaces. */
export function plain(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
  return folded.replace(HIRAGANA, (letter) => String.fromCharCode(letter.charCodeAt(0) + TO_KATAKANA));
}

function hitOf({ id, name, kana, codes, suspended }: ListedMember): Hit {
  const [code] = codes;
  return {
    memberId: id,
    name: masked(name),
    kana: kana === null ? null : masked(kana),
    code: code === undefined ? null : [...code].slice(-2).join(''),
    suspended,
  };
}

/** The family name, and how the given name begins; of a name in one part its beginning. */
export function masked(name: string): string {
  const [family = '', ...given] = name.trim().split(/[\s\u3000]+/);
  if (given.length === 0) return `${[...family].slice(0, 2).join('')}＊`;
  return `${family} ${[...given.join('')].slice(0, 1).join('')}＊`;
}
