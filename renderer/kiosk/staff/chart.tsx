import { type ReactElement, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Column } from './traffic.ts';

interface ChartProps {
  readonly columns: readonly Column[];
  readonly names: readonly [entries: string, exits: string];
  /** What the picture is of, for who can't see it; the table behind the button has the numbers. */
  readonly label: string;
}

/** Entries as bars, exits as a dashed line: told apart by shape, not by colour alone. */
export function Chart({ columns, names, label }: ChartProps): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = place.current;
    if (box === null) return undefined;
    const { clientWidth: width, clientHeight: height } = box;
    const made = new uPlot(optionsOf({ width, height }, names, box), dataOf(columns), box);
    const watch = new ResizeObserver(() => made.setSize({ width: box.clientWidth, height: box.clientHeight }));
    watch.observe(box);
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, [columns, names]);
  return <div ref={place} className="w-chart" role="img" aria-label={label} />;
}

function dataOf(columns: readonly Column[]): uPlot.AlignedData {
  return [columns.map(({ at }) => at), columns.map(({ entries }) => entries), columns.map(({ exits }) => exits)];
}

const ROOM_FOR_NUMBERS = 48;

function optionsOf(
  size: { readonly width: number; readonly height: number },
  names: ChartProps['names'],
  box: Element,
): uPlot.Options {
  const style = getComputedStyle(box);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--ink-2'),
    font: `15px ${style.fontFamily}`,
    grid: { stroke: colour('--chart-grid'), width: 1 },
    ticks: { show: false },
  };
  const whole = (_: uPlot, splits: number[]): string[] =>
    splits.map((one) => (Number.isInteger(one) ? String(one) : ''));
  const bars = uPlot.paths.bars?.({ size: [0.7, 60] });
  return {
    ...size,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: (_, __, max) => [0, Math.max(4, max)] } },
    axes: [
      { ...axis, values: whole, grid: { show: false } },
      { ...axis, values: whole, size: ROOM_FOR_NUMBERS },
    ],
    series: [
      {},
      { label: names[0], fill: colour('--chart-1'), stroke: colour('--chart-1'), ...(bars ? { paths: bars } : {}) },
      { label: names[1], stroke: colour('--chart-2'), width: 3, dash: [8, 6], points: { show: false } },
    ],
  };
}
