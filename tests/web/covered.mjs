// Hides a part of a photo as WhatsApp's own tool does, by the browser's canvas: the part in large squares, the whole made smaller.

/** `photo`, at most `longEdge` pixels, with squares over a part of it (`x`, `y`, `width`, `height` as shares), as a JPEG. */
export async function covered(page, photo, { longEdge, part, squares, quality = 0.8 }) {
  const data = await page.evaluate(cover, { data: photo.toString('base64'), longEdge, part, squares, quality });
  return Buffer.from(data, 'base64');
}

/** Runs in the page. */
async function cover({ data, longEdge, part, squares, quality }) {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
  const scale = Math.min(1, longEdge / Math.max(picture.width, picture.height));
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  const place = [part.x * width, part.y * height, part.width * width, part.height * height].map(Math.round);
  const [left, top, wide, tall] = place;
  const few = new OffscreenCanvas(squares, Math.max(1, Math.round((squares * tall) / wide)));
  const small = few.getContext('2d');
  small.imageSmoothingQuality = 'high';
  small.drawImage(canvas, left, top, wide, tall, 0, 0, few.width, few.height);
  context.imageSmoothingEnabled = false;
  context.drawImage(few, 0, 0, few.width, few.height, left, top, wide, tall);
  const sent = await canvas.convertToBlob({ type: 'image/jpeg', quality });
  const text = new Uint8Array(await sent.arrayBuffer());
  return btoa(Array.from(text, (byte) => String.fromCharCode(byte)).join(''));
}
