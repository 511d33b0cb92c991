// Sends a video as a chat would: every frame is made smaller and encoded again, by the browser's own encoder, into a plain MP4.

/**
 * `video`, encoded anew, with its frames between two seconds. `width` and `height` are those of the copy, `bitrate` is in bits
 * a second. The page may be any whose origin is secure.
 */
export async function sent(page, video, { width, height, bitrate, codec = H264, fps = 30, from = 0, to = Infinity, mirrored = false }) {
  const how = { data: video.toString('base64'), width, height, bitrate, codec, isH264: codec === H264, fps, from, to, mirrored };
  const { frames, head } = await page.evaluate(encode, how);
  const units = frames.map(({ data, key }) => ({ data: Buffer.from(data, 'base64'), key }));
  const settings = codec === H264 ? box('avcC', Buffer.from(head, 'base64')) : VPCC;
  return mp4(units, codec === H264 ? 'avc1' : 'vp09', settings, { width, height, fps });
}

/** What phones and chats write: baseline, level 3.1. */
const H264 = 'avc1.42001f';
/** What no decoder of ours reads, but every browser's player: profile 0, level 3.1, 8 bits. */
export const VP9 = 'vp09.00.31.08';

/** Runs in the page. */
async function encode({ data, width, height, bitrate, codec, isH264, fps, from, to, mirrored }) {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(''));
  const happens = (target, name) => new Promise((done) => target.addEventListener(name, done, { once: true }));
  const video = Object.assign(document.createElement('video'), { muted: true, preload: 'auto' });
  video.src = URL.createObjectURL(new Blob([bytes(data)], { type: 'video/mp4' }));
  await happens(video, 'loadeddata');
  const frames = [];
  let head = '';
  const output = (chunk, about) => {
    const unit = new Uint8Array(chunk.byteLength);
    chunk.copyTo(unit);
    frames.push({ data: text(unit), key: chunk.type === 'key' });
    if (about?.decoderConfig?.description) head = text(about.decoderConfig.description);
  };
  const encoder = new VideoEncoder({ output, error: (error) => console.error(String(error)) });
  encoder.configure({ codec, width, height, bitrate, framerate: fps, ...(isH264 ? { avc: { format: 'avc' } } : {}) });
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (mirrored) context.setTransform(-1, 0, 0, 1, width, 0);
  const count = Math.round((Math.min(to, video.duration) - from) * fps);
  for (let at = 0; at < count; at += 1) {
    const sought = happens(video, 'seeked');
    video.currentTime = from + (at + 0.5) / fps; // the middle of a frame: no rounding leads to its neighbour
    await sought;
    context.drawImage(video, 0, 0, width, height);
    const frame = new VideoFrame(canvas, { timestamp: Math.round((at * 1e6) / fps) });
    encoder.encode(frame, { keyFrame: at === 0 });
    frame.close();
  }
  await encoder.flush();
  URL.revokeObjectURL(video.src);
  return { frames, head };
}

const u16 = (...values) => Buffer.from(values.flatMap((value) => [(value >> 8) & 255, value & 255]));
const u32 = (...values) => Buffer.from(values.flatMap((value) => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]));
const zeros = (bytes) => Buffer.alloc(bytes);

function box(name, ...parts) {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length + 8), Buffer.from(name, 'latin1'), body]);
}

/** A box with version 0 and flags. */
const full = (name, flags, ...parts) => box(name, u32(flags), ...parts);

/** The same as {@link VP9} says, with 4:2:0 and the colours of BT.709 (VP Codec ISO Media File Format Binding). */
const VPCC = full('vpcC', 1 << 24, Buffer.from([0, 31, 0x82, 1, 1, 1, 0, 0]));

const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** An MP4 as WhatsApp writes it, as far as matching looks: no sound, creation times of zero, the index in front. */
function mp4(units, name, settings, { width, height, fps }) {
  const scale = fps * 1000;
  const length = units.length * 1000;
  const first = box('ftyp', Buffer.from('mp42'), u32(0), Buffer.from('isommp42'));
  const tables = (start) => [
    full(
      'stsd',
      0,
      u32(1),
      box(name, zeros(6), u16(1), zeros(16), u16(width, height), u32(0x480000, 0x480000, 0), u16(1), zeros(32), u16(24, 0xffff), settings),
    ),
    full('stts', 0, u32(1, units.length, 1000)),
    full('stsc', 0, u32(1, 1, units.length, 1)),
    full('stsz', 0, u32(0, units.length, ...units.map(({ data }) => data.length))),
    full('stco', 0, u32(1, start)),
    full('stss', 0, u32(units.filter(({ key }) => key).length, ...units.flatMap(({ key }, at) => (key ? [at + 1] : [])))),
  ];
  const movie = (start) => {
    const source = box('dinf', full('dref', 0, u32(1), full('url ', 1)));
    const media = box('minf', full('vmhd', 1, zeros(8)), source, box('stbl', ...tables(start)));
    const handler = full('hdlr', 0, u32(0), Buffer.from('vide'), zeros(13));
    const track = full('tkhd', 3, u32(0, 0, 1, 0, length), zeros(16), MATRIX, u32(width << 16, height << 16));
    const whole = full('mvhd', 0, u32(0, 0, scale, length, 0x10000), u16(0x100, 0), zeros(8), MATRIX, zeros(24), u32(2));
    return box('moov', whole, box('trak', track, box('mdia', full('mdhd', 0, u32(0, 0, scale, length), u16(0x55c4, 0)), handler, media)));
  };
  const start = first.length + movie(0).length + 8;
  return Buffer.concat([first, movie(start), box('mdat', ...units.map(({ data }) => data))]);
}
