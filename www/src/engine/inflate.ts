// A file of the export's zip, unpacked by the browser, which may keep it on disk.

/** `blob` as it is, or inflated, with a type that players understand. */
export async function inflated(blob: Blob, deflated: boolean, type: string): Promise<Blob> {
  if (!deflated) return blob.slice(0, blob.size, type);
  const stream = blob.stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream, { headers: { 'Content-Type': type } }).blob();
}
