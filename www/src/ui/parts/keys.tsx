// The keys of the review, and the dialog that lists them.

import { useEffect, useRef } from 'preact/hooks';
import type { Actions } from '../../state/effects';
import { answerFor } from '../../state/link/rows';
import type { Reviewing } from '../../state/link/state';
import { compared } from '../../state/link/update';
import { text } from '../../text/en';

interface Openers {
  help: () => void;
  search: () => void;
}

/** The keys of the chat job's review. */
export function useKeys(task: Reviewing, actions: Actions, openers: Openers): void {
  usePresses((key) => press(key, task, actions, openers));
}

/** Listens as long as it is on screen; `does` says whether a key stands for something. Keys typed into a field are the field's. */
export function usePresses(does: (key: string) => boolean): void {
  const latest = useRef(does);
  latest.current = does;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector('dialog[open]') !== null || isField(event)) return;
      if (latest.current(event.key)) event.preventDefault();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}

/** Does what the key stands for; false: it stands for nothing. */
function press(key: string, task: Reviewing, actions: Actions, openers: Openers): boolean {
  const { dispatch } = actions;
  const now = compared(task);
  if (/^[1-8]$/.test(key)) {
    const candidate = now?.row.candidates[Number(key) - 1];
    if (now && candidate) actions.answer(now.row.medium, answerFor(now.row, candidate.original.item));
    return true;
  }
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case 'j':
    case 'ArrowDown':
      dispatch({ kind: 'moved', by: 1 });
      return true;
    case 'k':
    case 'ArrowUp':
      dispatch({ kind: 'moved', by: -1 });
      return true;
    case 'PageDown':
      dispatch({ kind: 'moved', by: 10 });
      return true;
    case 'PageUp':
      dispatch({ kind: 'moved', by: -10 });
      return true;
    case 'Home':
      dispatch({ kind: 'moved', by: -Infinity });
      return true;
    case 'End':
      dispatch({ kind: 'moved', by: Infinity });
      return true;
    case 'a':
      if (now?.original) actions.answer(now.row.medium, answerFor(now.row, now.original.item));
      return true;
    case 'r':
      if (now) actions.answer(now.row.medium, { kind: 'reject' });
      return true;
    case 'u':
      actions.undo();
      return true;
    case 's':
      dispatch({ kind: 'viewed', view: task.view === 'side' ? 'swipe' : 'side' });
      return true;
    case 'z':
      dispatch({ kind: 'zoomed' });
      return true;
    case '/':
      openers.search();
      return true;
    case '?':
      openers.help();
      return true;
    case 'Escape':
      dispatch({ kind: 'closed' });
      return true;
    default:
      return false;
  }
}

/** Fields keep their keys; in a zoomed picture and a slider the arrows move, and letters still work. What is pressed is pressed. */
function isField(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (['Enter', ' '].includes(event.key) && target.matches('button, a, summary, video, input[type="checkbox"]')) return true;
  if (target instanceof HTMLInputElement && !['range', 'checkbox'].includes(target.type)) return event.key !== 'Escape' || target.value !== '';
  if (target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return true;
  const moves = /^(Arrow|Page|Home|End)/.test(event.key);
  return moves && (target instanceof HTMLInputElement || target instanceof HTMLMediaElement || target.classList.contains('scroller'));
}

interface DialogProps {
  open: boolean;
  onClose: () => void;
  /** The keys, and what each does. */
  list?: [string[], string][];
}

export function KeysDialog({ open, onClose, list = text.keys.list }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} class="keys" aria-labelledby="keys-title" onClose={onClose}>
      <h2 id="keys-title">{text.keys.title}</h2>
      <dl>
        {list.map(([keys, what]) => (
          <div key={what}>
            <dt>{keys.map((key) => (key === '…' ? ' … ' : <kbd key={key}>{key}</kbd>))}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="button primary" onClick={onClose}>
        {text.close}
      </button>
    </dialog>
  );
}
