// Whether the screen is so narrow that the compare view covers the list; the same width as in adapt.css.

import { useEffect, useState } from 'preact/hooks';

const NARROW = '(width < 60rem)';

export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const media = matchMedia(NARROW);
    const changed = () => setNarrow(media.matches);
    media.addEventListener('change', changed);
    return () => media.removeEventListener('change', changed);
  }, []);
  return narrow;
}
