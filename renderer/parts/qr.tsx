import { create } from 'qrcode';
import { type ReactElement, useMemo } from 'react';

/** So much white must stand around it, in modules. */
const QUIET = 4;

interface QrProps {
  readonly text: string;
  /** What it is, for who can't see it. */
  readonly name: string;
}

/** A QR code, black on white in the dark too. Its picture is one path, so that a new code is one paint. */
export function Qr({ text, name }: QrProps): ReactElement {
  const { size, path } = useMemo(() => drawn(text), [text]);
  const box = `${-QUIET} ${-QUIET} ${size + 2 * QUIET} ${size + 2 * QUIET}`;
  return (
    <div className="qr" role="img" aria-label={name}>
      <svg viewBox={box} shapeRendering="crispEdges" aria-hidden="true">
        <path d={path} />
      </svg>
    </div>
  );
}

function drawn(text: string): { readonly size: number; readonly path: string } {
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
  const rows = Array.from({ length: size }, (_, y) => rowPath(data.subarray(y * size, (y + 1) * size), y));
  return { size, path: rows.join('') };
}

/** Dark modules that follow each other are one bar. */
function rowPath(row: Uint8Array, y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x += 1) {
    if (row[x] === 0) continue;
    const from = x;
    while (row[x + 1] === 1) x += 1;
    path += `M${from} ${y}h${x - from + 1}v1h-${x - from + 1}z`;
  }
  return path;
}
