// Day and month of the chat could not be told apart: the user knows.

import type { ChatInfo, DateOrder } from '../../engine/protocol';
import type { Actions } from '../../state/effects';
import { text } from '../../text/en';
import { dateOf } from '../../text/numbers';

const words = text.dates;

export function DateQuestion({ chat, actions }: { chat: ChatInfo; actions: Actions }) {
  // Without a second reading every order gives the same days.
  if (chat.dateChoices.length < 2) return null;
  const choose = (order: DateOrder) => {
    if (order === chat.dateOrder) {
      actions.dispatch({ kind: 'dates-right', order });
    } else {
      actions.dispatch({ kind: 'set', settings: { dateOrder: order } });
      actions.restart();
    }
  };
  return (
    <section class="question" aria-labelledby="dates">
      <h2 id="dates">{words.title}</h2>
      <p>{words.lead(chat.dateEvidence, chat.dateChoices[0]?.written ?? '')}</p>
      <div class="readings">
        {chat.dateChoices.map((choice) => (
          <button key={choice.order} type="button" class="reading" onClick={() => choose(choice.order)}>
            <strong>{dateOf(choice.dayS)}</strong>
            <span>{choice.order === chat.dateOrder ? words.keep : words.swap}</span>
          </button>
        ))}
      </div>
    </section>
  );
}
