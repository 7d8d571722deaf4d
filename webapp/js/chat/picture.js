// @ts-check
// A picture in a room is one publication of bytes: four bytes with the length of a header, most
// significant first; the header, JSON in UTF-8 (type, name, alt, width, height); the image file.
// The bytes of an image alone are a picture, too, without name and description.

/**
 * @typedef {{type: string, name: string, alt: string, width: number, height: number,
 *   bytes: Uint8Array}} Picture `width` and `height` are 0 where nobody said
 */

/** What browsers show and what cannot hold a script. @type {[string, number, number[]][]} */
const KINDS = [
  ['image/png', 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', 0, [0xff, 0xd8, 0xff]],
  ['image/gif', 0, [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', 8, [0x57, 0x45, 0x42, 0x50]],
  ['image/avif', 4, [0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69, 0x66]],
];

const LONGEST_HEADER = 4096;
const LONGEST_NAME = 120;
const LONGEST_ALT = 500;
const LARGEST_SIDE = 16_384;

/** The names of the kinds, for people. */
export const SHOWN_KINDS = 'PNG, JPEG, GIF, WebP or AVIF';

/**
 * @param {Uint8Array} bytes of a file
 * @returns {string | null} its media type, as its first bytes tell; null where it is no image
 */
export function kindOf(bytes) {
  const kind = KINDS.find(([, at, magic]) => magic.every((one, i) => bytes[at + i] === one));
  return kind?.[0] ?? null;
}

/**
 * How large the file of a picture may be: a transport that carries only text needs four bytes for
 * three, and the frame around it some room.
 *
 * @param {number} limit of one message, in bytes
 */
export function roomFor(limit) {
  return Math.max(0, Math.floor(((limit - 1024) * 3) / 4) - LONGEST_HEADER / 2);
}

/** @param {Picture} picture @returns {Uint8Array} what is published */
export function written({ type, name, alt, width, height, bytes }) {
  const header = new TextEncoder().encode(
    JSON.stringify({
      type,
      name: cut(name, LONGEST_NAME),
      alt: cut(alt, LONGEST_ALT),
      width,
      height,
    }),
  );
  const all = new Uint8Array(4 + header.length + bytes.length);
  new DataView(all.buffer).setUint32(0, header.length);
  all.set(header, 4);
  all.set(bytes, 4 + header.length);
  return all;
}

/** @param {Uint8Array} data @returns {Picture | null} null where these bytes are no picture */
export function read(data) {
  const bare = kindOf(data);
  if (bare) return { type: bare, name: '', alt: '', width: 0, height: 0, bytes: data };
  if (data.length < 4) return null;
  const length = new DataView(data.buffer, data.byteOffset).getUint32(0);
  if (length > LONGEST_HEADER || length > data.length - 4) return null;
  const bytes = data.subarray(4 + length);
  // What it says of itself is not believed.
  const type = kindOf(bytes);
  if (!type) return null;
  try {
    const header = JSON.parse(new TextDecoder().decode(data.subarray(4, 4 + length)));
    return {
      type,
      name: cut(header.name, LONGEST_NAME),
      alt: cut(header.alt, LONGEST_ALT),
      width: side(header.width),
      height: side(header.height),
      bytes,
    };
  } catch {
    return null;
  }
}

/**
 * The sides of a picture that fit into a square, in the same proportion.
 *
 * @param {{width: number, height: number}} sides @param {number} most
 */
export function fitted({ width, height }, most) {
  const scale = Math.min(1, most / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** @param {unknown} text @param {number} most */
function cut(text, most) {
  return typeof text === 'string' ? [...text].slice(0, most).join('') : '';
}

/** @param {unknown} value */
function side(value) {
  const pixels = Number(value);
  return Number.isInteger(pixels) && pixels > 0 && pixels <= LARGEST_SIDE ? pixels : 0;
}
