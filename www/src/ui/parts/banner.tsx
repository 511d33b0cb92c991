// Offers a new version; while work is in progress it only says so.

import { text } from '../../text/en';

export function Banner({ idle, onUse }: { idle: boolean; onUse: () => void }) {
  return (
    <aside class="banner" aria-label={text.version.text}>
      <p>
        {text.version.text} {!idle && text.version.busy}
      </p>
      {idle && (
        <button type="button" class="button small" onClick={onUse}>
          {text.version.now}
        </button>
      )}
    </aside>
  );
}
