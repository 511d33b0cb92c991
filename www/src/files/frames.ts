// Frames of two videos, taken by the browser's own player: a hidden, muted one that is never attached to the page.

import type { FromEngine, VideoFrames } from '../engine/protocol';

/** For loading a video, and for each of its frames, in milliseconds: a slower one proves nothing. */
const LOADING_MS = 5_000;
const FRAME_MS = 1_000;
/** A player may tell that it has sought before the frame can be drawn; without a word it is drawn after so long. */
const DRAWN_MS = 250;

/** What it takes; empty where one of the two cannot be decoded, or took too long. Throws nothing. */
export async function takeFrames({ pair, exported, original }: FromEngine & { kind: 'look' }, stop: AbortSignal): Promise<VideoFrames[]> {
  const { moments, longEdge } = pair;
  try {
    const places = moments.map((moment) => moment.exportedS);
    const sent = await framesAt(exported, places, longEdge, stop);
    const around = moments.flatMap((moment) => moment.originalsS);
    const taken = await framesAt(original, around, longEdge, stop);
    const originals = moments.map((moment) => taken.splice(0, moment.originalsS.length));
    return sent.map((frame, moment) => ({ exported: frame, originals: originals[moment] ?? [] }));
  } catch {
    return []; // not a video that this browser plays
  }
}

/** The frames shown at these seconds. Fails when it is stopped or the patience ends. */
async function framesAt(blob: Blob, places: number[], longEdge: number, stop: AbortSignal): Promise<ImageData[]> {
  const video = Object.assign(document.createElement('video'), { muted: true, preload: 'auto', playsInline: true });
  const end = AbortSignal.any([stop, AbortSignal.timeout(LOADING_MS + FRAME_MS * places.length)]);
  const url = URL.createObjectURL(blob);
  try {
    const loaded = happens(video, 'loadeddata', end);
    video.src = url;
    await loaded;
    const draw = painter(video, longEdge);
    const frames: ImageData[] = [];
    for (const place of places) {
      await seek(video, Math.min(Math.max(place, 0), Math.max(video.duration - 0.001, 0)), end);
      frames.push(draw());
    }
    return frames;
  } finally {
    video.removeAttribute('src');
    video.load(); // gives the decoder back
    URL.revokeObjectURL(url);
  }
}

function painter(video: HTMLVideoElement, longEdge: number): () => ImageData {
  const scale = Math.min(1, longEdge / Math.max(video.videoWidth, video.videoHeight));
  const width = Math.round(video.videoWidth * scale);
  const height = Math.round(video.videoHeight * scale);
  const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d', { willReadFrequently: true });
  if (context === null || width === 0 || height === 0) throw new Error('there is nothing to draw');
  context.imageSmoothingQuality = 'high';
  return () => {
    context.drawImage(video, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  };
}

async function seek(video: HTMLVideoElement, place: number, end: AbortSignal): Promise<void> {
  const shown = new Promise<void>((resolve) => {
    if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(() => resolve());
  });
  const sought = happens(video, 'seeked', end);
  video.currentTime = place;
  await sought;
  await Promise.race([shown, new Promise((passed) => setTimeout(passed, DRAWN_MS))]);
}

function happens(video: HTMLVideoElement, name: string, end: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`no ${name}`));
    video.addEventListener(name, () => resolve(), { once: true });
    video.addEventListener('error', fail, { once: true });
    if (end.aborted) fail();
    else end.addEventListener('abort', fail, { once: true });
  });
}
