/** Runs in the page. Everything that doesn't fit its screen, in words; an empty list is what every screen must give. */
export function misfits(): string[] {
  const stage = document.querySelector('.stage');
  if (stage === null) return ['no stage'];
  const found: string[] = [];
  const name = (element: Element): string => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`;
  const shown = [...stage.querySelectorAll('*')].filter(
    (one) => one.closest('[aria-hidden="true"], svg') === null && one.getClientRects().length > 0,
  );
  // The waiting stage wanders by up to 6 px against burn-in.
  const wander = new DOMMatrix(getComputedStyle(stage).transform);
  const boxOf = (element: Element): { left: number; top: number; right: number; bottom: number } => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { left: left - wander.e, top: top - wander.f, right: right - wander.e, bottom: bottom - wander.f };
  };
  const clips = (element: Element): boolean => getComputedStyle(element).overflow !== 'visible';
  const roomOf = (element: Element): ReturnType<typeof boxOf> => {
    for (let one = element.parentElement; one !== null && one !== stage; one = one.parentElement) {
      if (clips(one)) return boxOf(one);
    }
    return boxOf(stage);
  };
  if (document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth) {
    found.push('the document scrolls');
  }
  for (const element of shown) {
    const [box, room] = [boxOf(element), roomOf(element)];
    const over = Math.max(room.left - box.left, room.top - box.top, box.right - room.right, box.bottom - room.bottom);
    if (over > 1) found.push(`${name(element)} is ${Math.round(over)} px too large for its place`);
  }
  const leaves = shown.filter((one) =>
    [...one.childNodes].some((node) => node.nodeType === 3 && node.nodeValue?.trim()),
  );
  for (const [index, one] of leaves.entries()) {
    const size = Number.parseFloat(getComputedStyle(one).fontSize);
    if (size < 15) found.push(`${name(one)} is written in ${size} px`);
    for (const other of leaves.slice(index + 1)) {
      if (one.contains(other) || other.contains(one)) continue;
      const pairs = [...one.getClientRects()].flatMap((a) => [...other.getClientRects()].map((b) => [a, b] as const));
      // Inline boxes are taller than their lines.
      const lies = pairs.some(([a, b]) => {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        return wide > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > size * 0.4;
      });
      if (lies) found.push(`${name(one)} lies on ${name(other)}`);
    }
  }
  const buttons = [...stage.querySelectorAll('button')].filter((one) => one.getClientRects().length > 0);
  for (const [index, button] of buttons.entries()) {
    const box = button.getBoundingClientRect();
    if (box.width < 47.5 || box.height < 47.5) found.push(`${name(button)} is ${box.width}×${box.height}`);
    for (const other of buttons.slice(index + 1)) {
      const { left, right, top, bottom } = other.getBoundingClientRect();
      const wide = Math.min(box.right, right) - Math.max(box.left, left);
      if (wide > 1 && Math.min(box.bottom, bottom) - Math.max(box.top, top) > 1)
        found.push(`${name(button)} lies on ${name(other)}`);
    }
  }
  return found;
}
