import { createContext, useContext } from 'react';
import type { Formats } from '../../locale/format.ts';
import type { Language } from '../../locale/texts.ts';
import type { Clock } from '../../parts/clock.ts';
import type { Eye } from '../eye.ts';
import type { Kiosk } from '../kiosk.ts';
import type { StaffTexts } from '../staff/texts.ts';
import type { TechModel, TechState } from './model.ts';
import type { TechTexts } from './texts.ts';

/** What every screen of the technicians is drawn from. */
export interface Desk {
  readonly model: TechModel;
  readonly state: TechState;
  readonly kiosk: Kiosk;
  readonly clock: Clock;
  readonly eye: Eye;
  readonly t: TechTexts;
  /** What staff read too. */
  readonly words: StaffTexts;
  readonly language: Language;
  readonly formats: Formats;
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error('a technician’s screen stands outside of its desk');
  return desk;
}
