import type { ReactElement } from 'react';
import type { Symbol as Look } from './words.ts';

/** The marks of the members' screens, small. */
export function PassageSymbol({ look }: { readonly look: Look }): ReactElement {
  return (
    <svg
      className={`w-sym ${look}`}
      viewBox="0 0 240 240"
      fill="none"
      stroke="currentColor"
      strokeWidth="24"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <Drawing look={look} />
    </svg>
  );
}

function Drawing({ look }: { readonly look: Look }): ReactElement {
  switch (look) {
    case 'ok':
      return (
        <>
          <circle cx="120" cy="120" r="102" />
          <path d="M72 124l34 34 64-70" />
        </>
      );
    case 'no':
      return (
        <path
          fill="currentColor"
          fillRule="evenodd"
          stroke="none"
          d="M120 6a114 114 0 1 1 0 228a114 114 0 1 1 0-228zM58 96q-8 0-8 8v32q0 8 8 8h124q8 0 8-8v-32q0-8-8-8z"
        />
      );
    case 'out':
      return <path d="M173 33.6A102 102 0 1 0 173 206.4M96 120h126M182 78l42 42-42 42" />;
    case 'heed':
      return (
        <>
          <path d="M120 34 218 204H22zM120 98v44" />
          <circle cx="120" cy="174" r="13" fill="currentColor" stroke="none" />
        </>
      );
    case 'act':
      return <circle cx="120" cy="120" r="60" />;
  }
}
