// The few choices, in plain words, behind a disclosure: the defaults are right for most.

import type { DateOrder, Settings } from '../../engine/protocol';
import { text } from '../../text/en';

interface Props {
  settings: Settings;
  onChange: (settings: Partial<Settings>) => void;
}

const words = text.settings;

export function SettingsForm({ settings, onChange }: Props) {
  return (
    <details class="fold settings">
      <summary>{words.title}</summary>
      <form onSubmit={(event) => event.preventDefault()}>
        <Choices legend={words.mode} name="mode" options={words.modes} value={settings.mode} onPick={(mode) => onChange({ mode })} />
        <Choices legend={words.search} name="search" options={words.searches} value={settings.search} onPick={(search) => onChange({ search })} />
        <Choices legend={words.heic} name="heic" options={words.heics} value={settings.heic} onPick={(heic) => onChange({ heic })} />
        <label class="field">
          <span>{words.dates}</span>
          <select value={settings.dateOrder} onChange={(event) => onChange({ dateOrder: event.currentTarget.value as DateOrder })}>
            {Object.entries(words.dateOrders).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </form>
    </details>
  );
}

interface ChoicesProps<T extends string> {
  legend: string;
  name: string;
  options: Record<T, string[]>;
  value: T;
  onPick: (value: T) => void;
}

/** One of a few, each with its consequence in words. */
export function Choices<T extends string>({ legend, name, options, value, onPick }: ChoicesProps<T>) {
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      {(Object.keys(options) as T[]).map((each) => (
        <label key={each} class="choice">
          <input type="radio" name={name} value={each} checked={each === value} onChange={() => onPick(each)} />
          <span>
            <strong>{options[each][0]}</strong>
            <span class="hint">{options[each][1]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
