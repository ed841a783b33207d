/** The sounds of a decision, as data and as WebAudio makes them. No files. */

export type SoundName = 'admitted' | 'admitted-heed' | 'refused' | 'leaving' | 'choice' | 'alarm' | 'fire';

interface Note {
  readonly hz: number;
  /** Slides there; left out: stays. */
  readonly toHz?: number;
  readonly fromMs: number;
  readonly toMs: number;
}

interface Sound {
  readonly notes: readonly Note[];
  readonly wave: 'sine' | 'triangle' | 'square' | 'sawtooth';
  readonly peak: number;
  readonly attackMs: number;
  /** Gain of the octave above, as a part of the peak. */
  readonly octave: number;
  /** Partials stay low, for older ears. */
  readonly lowPassHz: number | null;
}

/** Of one tone of the alarm. */
const TONE_MS = 250;

const ADMITTED: Sound = {
  notes: [
    { hz: 587, fromMs: 0, toMs: 140 },
    { hz: 880, fromMs: 95, toMs: 330 },
  ],
  wave: 'sine',
  peak: 0.5,
  attackMs: 6,
  octave: 0.18,
  lowPassHz: null,
};

/** Rising; the same and once more; three equal knocks; falling; two equal tones. */
export const SOUNDS: Readonly<Record<SoundName, Sound>> = {
  admitted: ADMITTED,
  'admitted-heed': { ...ADMITTED, notes: [...ADMITTED.notes, { hz: 880, fromMs: 360, toMs: 470 }] },
  refused: {
    notes: [
      { hz: 311, fromMs: 0, toMs: 115 },
      { hz: 311, fromMs: 175, toMs: 290 },
      { hz: 311, fromMs: 350, toMs: 520 },
    ],
    wave: 'triangle',
    peak: 0.6,
    attackMs: 4,
    octave: 0,
    lowPassHz: 1_200,
  },
  leaving: {
    notes: [
      { hz: 880, fromMs: 0, toMs: 120 },
      { hz: 740, fromMs: 105, toMs: 225 },
      { hz: 587, fromMs: 210, toMs: 470 },
    ],
    wave: 'sine',
    peak: 0.4,
    attackMs: 10,
    octave: 0.12,
    lowPassHz: null,
  },
  choice: {
    notes: [
      { hz: 659, fromMs: 0, toMs: 120 },
      { hz: 659, fromMs: 220, toMs: 400 },
    ],
    wave: 'sine',
    peak: 0.4,
    attackMs: 8,
    octave: 0,
    lowPassHz: null,
  },
  alarm: {
    notes: [740, 988, 740, 988, 740, 988, 740, 988].map((hz, index) => ({
      hz,
      fromMs: index * TONE_MS,
      toMs: (index + 1) * TONE_MS,
    })),
    wave: 'square',
    peak: 0.5,
    attackMs: 5,
    octave: 0,
    lowPassHz: 2_000,
  },
  fire: {
    notes: [{ hz: 988, toHz: 494, fromMs: 0, toMs: 900 }],
    wave: 'sawtooth',
    peak: 0.9,
    attackMs: 5,
    octave: 0,
    lowPassHz: 2_000,
  },
};

/** −8 dB. */
const NIGHT_GAIN = 10 ** (-8 / 20);
const CEILING_DBFS = -12;
const QUIET_WITHIN_S = 0.01;
const SILENCE = 0.001;

export interface SoundPlayer {
  /** Ends the sound before, and begins at once or not at all: a late sound belongs to nobody. */
  play(name: SoundName, night: boolean): void;
  /** A browser stays mute until somebody has touched it. */
  unlock(): void;
}

export function createSoundPlayer(): SoundPlayer {
  let context: AudioContext | null = null;
  let current: GainNode | null = null;
  const audio = (): AudioContext => {
    context ??= new AudioContext();
    if (context.state !== 'running') context.resume().catch(() => undefined);
    return context;
  };
  return {
    unlock: () => void audio(),
    play: (name, night) => {
      const ctx = audio();
      if (current !== null) hush(ctx, current);
      current = ctx.state === 'running' ? sound(ctx, SOUNDS[name], night ? NIGHT_GAIN : 1) : null;
    },
  };
}

function hush(ctx: AudioContext, gain: GainNode): void {
  gain.gain.setTargetAtTime(0, ctx.currentTime, QUIET_WITHIN_S / 4);
}

/** The gain that all of the sound goes through. */
function sound(ctx: AudioContext, { notes, wave, peak, attackMs, octave, lowPassHz }: Sound, gain: number): GainNode {
  const master = new GainNode(ctx, { gain });
  const compressor = new DynamicsCompressorNode(ctx, { threshold: CEILING_DBFS });
  master.connect(compressor).connect(ctx.destination);
  let into: AudioNode = master;
  if (lowPassHz !== null) {
    into = new BiquadFilterNode(ctx, { type: 'lowpass', frequency: lowPassHz });
    into.connect(master);
  }
  for (const { hz, toHz = hz, fromMs, toMs } of notes) {
    const from = ctx.currentTime + fromMs / 1_000;
    const to = ctx.currentTime + toMs / 1_000;
    const shape = new GainNode(ctx, { gain: 0 });
    shape.gain.setValueAtTime(0, from);
    shape.gain.linearRampToValueAtTime(peak, from + attackMs / 1_000);
    shape.gain.exponentialRampToValueAtTime(SILENCE, to);
    shape.connect(into);
    const tone = voice(ctx, wave, hz, from, to);
    if (toHz !== hz) tone.frequency.linearRampToValueAtTime(toHz, to);
    tone.connect(shape);
    if (octave > 0)
      voice(ctx, wave, hz * 2, from, to)
        .connect(new GainNode(ctx, { gain: octave }))
        .connect(shape);
  }
  return master;
}

function voice(ctx: AudioContext, type: OscillatorType, frequency: number, from: number, to: number): OscillatorNode {
  const oscillator = new OscillatorNode(ctx, { type, frequency });
  oscillator.start(from);
  oscillator.stop(to);
  return oscillator;
}
