import type { ReactElement } from 'react';
import { partsOf } from '../../locale/texts.ts';

/** A message, with what is to be seen first in it. */
export function Said({ message }: { readonly message: string }): ReactElement {
  let at = 0;
  return (
    <>
      {partsOf(message).map((part) => {
        const key = at;
        at += part.text.length;
        return part.strong ? (
          <b key={key} className="num">
            {part.text}
          </b>
        ) : (
          part.text
        );
      })}
    </>
  );
}
