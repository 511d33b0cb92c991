// Offers a new version; while work is in progress it only says so.

import type { Step } from '../../state/link/state';
import { text } from '../../text/en';

export function Banner({ step, onUse }: { step: Step; onUse: () => void }) {
  const idle = step === 'choose' || step === 'stopped';
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
