/** Invented people: common family and given names, put together by chance. */
import type { SeededRandom } from './random.ts';

type Name = readonly [written: string, kana: string];

/** The last few are written with characters that fonts and encodings like to lose. */
const FAMILY: readonly [Name, ...Name[]] = [
  ['佐藤', 'サトウ'],
  ['鈴木', 'スズキ'],
  ['田中', 'タナカ'],
  ['伊藤', 'イトウ'],
  ['山本', 'ヤマモト'],
  ['中村', 'ナカムラ'],
  ['小林', 'コバヤシ'],
  ['加藤', 'カトウ'],
  ['山田', 'ヤマダ'],
  ['佐々木', 'ササキ'],
  ['松本', 'マツモト'],
  ['井上', 'イノウエ'],
  ['木村', 'キムラ'],
  ['林', 'ハヤシ'],
  ['清水', 'シミズ'],
  ['森', 'モリ'],
  ['池田', 'イケダ'],
  ['橋本', 'ハシモト'],
  ['石川', 'イシカワ'],
  ['前田', 'マエダ'],
  ['小川', 'オガワ'],
  ['岡田', 'オカダ'],
  ['長谷川', 'ハセガワ'],
  ['藤田', 'フジタ'],
  ['後藤', 'ゴトウ'],
  ['近藤', 'コンドウ'],
  ['村上', 'ムラカミ'],
  ['遠藤', 'エンドウ'],
  ['青木', 'アオキ'],
  ['坂本', 'サカモト'],
  ['福田', 'フクダ'],
  ['太田', 'オオタ'],
  ['西村', 'ニシムラ'],
  ['藤井', 'フジイ'],
  ['金子', 'カネコ'],
  ['岡本', 'オカモト'],
  ['中野', 'ナカノ'],
  ['原田', 'ハラダ'],
  ['小野', 'オノ'],
  ['竹内', 'タケウチ'],
  ['勅使河原', 'テシガワラ'],
  ['髙橋', 'タカハシ'],
  ['𠮷田', 'ヨシダ'],
  ['渡邉', 'ワタナベ'],
  ['山﨑', 'ヤマザキ'],
  ['齋藤', 'サイトウ'],
];

const GIVEN: readonly [Name, ...Name[]] = [
  ['陽菜', 'ヒナ'],
  ['結衣', 'ユイ'],
  ['葵', 'アオイ'],
  ['美咲', 'ミサキ'],
  ['さくら', 'サクラ'],
  ['真央', 'マオ'],
  ['千尋', 'チヒロ'],
  ['由美子', 'ユミコ'],
  ['直美', 'ナオミ'],
  ['久美', 'クミ'],
  ['恵', 'メグミ'],
  ['裕子', 'ユウコ'],
  ['明日香', 'アスカ'],
  ['彩', 'アヤ'],
  ['里奈', 'リナ'],
  ['和子', 'カズコ'],
  ['幸子', 'サチコ'],
  ['麻衣', 'マイ'],
  ['優', 'ユウ'],
  ['薫', 'カオル'],
  ['翔太', 'ショウタ'],
  ['大輔', 'ダイスケ'],
  ['健太', 'ケンタ'],
  ['拓也', 'タクヤ'],
  ['直樹', 'ナオキ'],
  ['浩', 'ヒロシ'],
  ['誠', 'マコト'],
  ['隆', 'タカシ'],
  ['和也', 'カズヤ'],
  ['悠斗', 'ユウト'],
  ['蓮', 'レン'],
  ['湊', 'ミナト'],
  ['颯太', 'ソウタ'],
  ['康平', 'コウヘイ'],
  ['修', 'オサム'],
  ['哲也', 'テツヤ'],
  ['慎一', 'シンイチ'],
  ['龍之介', 'リュウノスケ'],
  ['光', 'ヒカル'],
  ['智', 'サトシ'],
];

/** Gives out each name once. */
export class People {
  readonly #random: SeededRandom;
  readonly #given = new Set<string>();

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  next(): { readonly name: string; readonly kana: string } {
    for (;;) {
      const [family, familyKana] = this.#random.pick(FAMILY);
      const [given, givenKana] = this.#random.pick(GIVEN);
      const name = `${family} ${given}`;
      if (this.#given.has(name)) continue;
      this.#given.add(name);
      return { name, kana: `${familyKana} ${givenKana}` };
    }
  }
}
