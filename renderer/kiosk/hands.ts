const HANDS = ['pointerdown', 'keydown'] as const;

/** Calls `touched` whenever somebody touches the screen or a key. @returns what ends it */
export function onHands(touched: () => void): () => void {
  for (const kind of HANDS) window.addEventListener(kind, touched, { passive: true });
  return () => {
    for (const kind of HANDS) window.removeEventListener(kind, touched);
  };
}
