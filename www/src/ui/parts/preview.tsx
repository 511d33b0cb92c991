// A picture of one input file, asked from the engine while it is on screen.

import { useEffect, useState } from 'preact/hooks';
import type { MediaKind } from '../../engine/protocol';
import type { Preview as Loading, Previews } from '../../state/shared/previews';
import { WHOLE } from '../../state/shared/previews';
import { text } from '../../text/en';
import type { IconName } from './icons';
import { Icon } from './icons';

interface Props {
  previews: Previews;
  /** The item; null: there is no file. */
  item: number | null;
  kind: MediaKind;
  /** Pixels of the long edge. */
  edge: number;
  /** A smaller size to show while this one is on its way; it should be there already. */
  meanwhile?: number;
  /** Empty where the words beside the picture say the same. */
  alt: string;
}

export function Preview({ previews, item, kind, edge, meanwhile = edge, alt }: Props) {
  const picture = kind === 'image' || kind === 'sticker'; // the engine makes no pictures of videos
  const wanted = usePreview(previews, picture ? item : null, edge);
  const smaller = usePreview(previews, picture ? item : null, meanwhile);
  const preview = wanted.state === 'ready' ? wanted : smaller;
  if (preview.state === 'ready') {
    return <img class="preview" src={preview.url} alt={alt} draggable={false} decoding="async" />;
  }
  if (preview.state === 'waiting') return <span class="preview waiting" role="img" aria-label={alt === '' ? text.detail.loading : alt} />;
  return (
    <span class="preview none">
      <Icon name={item === null ? 'gone' : ICONS[kind]} />
    </span>
  );
}

/** The video itself, with controls. */
export function Video({ previews, item, label }: { previews: Previews; item: number; label: string }) {
  const preview = usePreview(previews, item, WHOLE);
  const [unplayable, setUnplayable] = useState<string | null>(null);
  if (preview.state === 'ready' && unplayable !== preview.url) {
    const { url } = preview;
    return <video class="preview" src={url} controls preload="metadata" aria-label={label} onError={() => setUnplayable(url)} />;
  }
  if (preview.state === 'waiting') return <span class="preview waiting" role="img" aria-label={text.detail.loading} />;
  return (
    <span class="preview none">
      <Icon name="play" />
      <span>{text.detail.noVideo}</span>
    </span>
  );
}

const ICONS: Record<MediaKind, IconName> = {
  image: 'photos',
  video: 'play',
  gif: 'play',
  sticker: 'photos',
  voice: 'voice',
  audio: 'voice',
  contact: 'file',
  document: 'file',
};

function usePreview(previews: Previews, item: number | null, edge: number): Loading {
  const [held, setHeld] = useState<{ item: number | null; edge: number; preview: Loading }>({ item: null, edge, preview: { state: 'none' } });
  useEffect(() => {
    if (item === null) return undefined;
    return previews.want(item, edge, (preview) => setHeld({ item, edge, preview }));
  }, [previews, item, edge]);
  if (item === null) return { state: 'none' };
  // Until the effect ran, `held` is about the picture before: never show that one.
  return held.item === item && held.edge === edge ? held.preview : { state: 'waiting' };
}
