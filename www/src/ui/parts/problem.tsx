// Something that did not work, said at once, with what can be done about it.

import type { ComponentChildren } from 'preact';

export function Problem({ text, children }: { text: string | null; children?: ComponentChildren }) {
  return (
    <div role="alert" class={text === null ? 'unseen' : 'problem'}>
      {text !== null && (
        <>
          <span>{text}</span>
          {children}
        </>
      )}
    </div>
  );
}
