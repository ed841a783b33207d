/** Our own marks: what a decision looks like before a word of it is read. Hidden from screen readers, which get the title. */
import type { ReactElement, ReactNode } from 'react';

/** What moves is a layer of its own: inside a drawing a movement would be painted anew at each frame. */
function Layer({ className, children }: { readonly className?: string; readonly children: ReactNode }): ReactElement {
  return (
    <svg
      className={className}
      viewBox="0 0 240 240"
      fill="none"
      strokeWidth="24"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

/** Hollow ring with a tick. The tick is uncovered from the left. */
export function RingMark(): ReactElement {
  return (
    <span className="mark layers ring" aria-hidden="true">
      <Layer>
        <circle cx="120" cy="120" r="102" stroke="currentColor" />
      </Layer>
      <span className="wipe">
        <Layer>
          <path d="M72 124l34 34 64-70" stroke="currentColor" />
        </Layer>
      </span>
    </span>
  );
}

/** Solid disc with a bar, which falls into it. */
export function DiscMark(): ReactElement {
  return (
    <span className="mark layers disc" aria-hidden="true">
      <Layer>
        <circle cx="120" cy="120" r="114" fill="currentColor" />
      </Layer>
      <Layer className="bar">
        <rect x="50" y="96" width="140" height="48" rx="8" fill="inherit" />
      </Layer>
    </span>
  );
}

/** Ring open to the right, with an arrow. */
export function WayOutMark(): ReactElement {
  return (
    <span className="mark layers way-out" aria-hidden="true">
      <Layer>
        <path d="M173 33.6A102 102 0 1 0 173 206.4" stroke="currentColor" />
      </Layer>
      <Layer className="arrow">
        <path d="M96 120h126M182 78l42 42-42 42" stroke="currentColor" />
      </Layer>
    </span>
  );
}

/** Triangle, hollow: heed. */
export function HeedMark(): ReactElement {
  return (
    <svg className="mark heed" viewBox="0 0 240 240" fill="none" stroke="currentColor" aria-hidden="true">
      <path d="M120 34 218 204H22z" strokeWidth="24" strokeLinejoin="round" />
      <path d="M120 98v44" strokeWidth="22" strokeLinecap="round" />
      <circle cx="120" cy="174" r="13" fill="currentColor" stroke="none" />
    </svg>
  );
}

/** Two shut leaves with their pulls: the house's sign, and what stands where nothing can be read. */
export function LeavesMark({ className }: { readonly className: string }): ReactElement {
  return (
    <svg
      className={className}
      viewBox="0 0 48 48"
      fill="none"
      stroke="currentColor"
      strokeWidth="3.6"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M6 6h36v37H6zM24 6v37" />
      <circle cx="17.5" cy="25" r="3.1" fill="currentColor" stroke="none" />
      <circle cx="30.5" cy="25" r="3.1" fill="currentColor" stroke="none" />
    </svg>
  );
}

/** A shut padlock: nobody comes in. */
export function LockMark(): ReactElement {
  return (
    <svg className="mark lock" viewBox="0 0 240 240" aria-hidden="true">
      <path d="M70 112V82a50 50 0 0 1 100 0v30" fill="none" stroke="currentColor" strokeWidth="24" />
      <path
        fill="currentColor"
        fillRule="evenodd"
        d="M46 104h148q16 0 16 16v94q0 16-16 16H46q-16 0-16-16v-94q0-16 16-16zM82 156q-6 0-6 6v12q0 6 6 6h76q6 0 6-6v-12q0-6-6-6z"
      />
    </svg>
  );
}
