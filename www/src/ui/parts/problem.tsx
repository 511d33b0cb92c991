// Something that did not work, said at once.

export function Problem({ text }: { text: string | null }) {
  return (
    <div role="alert" class={text === null ? 'unseen' : 'problem'}>
      {text}
    </div>
  );
}
