// Day and month of the chat could not be told apart: the user knows.

import type { ChatInfo, DateOrder } from '../../engine/protocol';
import type { Actions } from '../../state/effects';
import { otherReading } from '../../state/rows';
import { text } from '../../text/en';
import { dateOf } from '../../text/numbers';

const words = text.dates;

export function DateQuestion({ chat, actions }: { chat: ChatInfo; actions: Actions }) {
  const reading = [chat.firstS, chat.lastS].map(bothReadings).find((each) => each !== null);
  if (reading === undefined || reading === null) return null;
  const other: DateOrder = chat.dateOrder === 'mdy' ? 'dmy' : 'mdy';
  const searchAgain = () => {
    actions.dispatch({ kind: 'set', settings: { dateOrder: other } });
    actions.restart();
  };
  return (
    <section class="question" aria-labelledby="dates">
      <h2 id="dates">{words.title}</h2>
      <p>{words.lead(chat.dateEvidence)}</p>
      <div class="readings">
        <button type="button" class="reading" onClick={() => actions.dispatch({ kind: 'dates-right', order: chat.dateOrder })}>
          <strong>{dateOf(reading.now)}</strong>
          <span>{words.keep}</span>
        </button>
        <button type="button" class="reading" onClick={searchAgain}>
          <strong>{dateOf(reading.other)}</strong>
          <span>{words.swap}</span>
        </button>
      </div>
    </section>
  );
}

/** A moment of the chat, read both ways; null: both are the same. */
function bothReadings(now: number | null): { now: number; other: number } | null {
  const other = now === null ? null : otherReading(now);
  return now === null || other === null ? null : { now, other };
}
