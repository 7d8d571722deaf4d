// @ts-check
import { SHOWN_KINDS, fitted, kindOf } from '../picture.js';
import { size } from '../text.js';

/** @typedef {import('../picture.js').Picture} Picture */

/** The largest file (bytes) that is opened at all. */
const LARGEST_FILE = 50 * 1024 * 1024;
/** No side of a picture that was made smaller is longer than this, in pixels. */
const LONGEST_SIDE = 1600;
const SHORTEST_SIDE = 64;

/**
 * Makes a picture of a file, small enough for one message: as it is where it fits, else drawn
 * smaller and smaller until it does.
 *
 * @param {File} file
 * @param {number} most bytes
 * @returns {Promise<{picture: Picture, note: string}>} `note` says what was done to it; its errors
 *   are meant for people
 */
export async function pictureOf(file, most) {
  if (file.size > LARGEST_FILE) {
    throw new Error(`${file.name} has ${size(file.size)}: more than can be made smaller here.`);
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const type = kindOf(bytes);
  if (!type) throw new Error(`${file.name} is no picture. These can be shown: ${SHOWN_KINDS}.`);
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error(`${file.name} cannot be read: it seems to be damaged.`);
  });
  const { width, height } = bitmap;
  const base = { name: file.name, alt: '' };
  const facts = `${width} × ${height}, ${size(bytes.length)}`;
  // A photo is drawn anew even so: it may tell where it was taken.
  if (bytes.length <= most && type !== 'image/jpeg') {
    return { picture: { ...base, type, width, height, bytes }, note: facts };
  }
  const drawn = await smaller(bitmap, most);
  bitmap.close();
  if (!drawn) {
    throw new Error(
      `${file.name} has ${size(file.size)}, a message takes ${size(most)}, and it cannot be made that small.`,
    );
  }
  const still = type === 'image/gif' ? ', without its movement' : '';
  return {
    picture: { ...base, ...drawn },
    note:
      bytes.length <= most
        ? facts
        : `Made smaller: ${drawn.width} × ${drawn.height}, ${size(drawn.bytes.length)} ` +
          `instead of ${size(file.size)}${still}`,
  };
}

/** @param {ImageBitmap} bitmap @param {number} most */
async function smaller(bitmap, most) {
  for (let side = LONGEST_SIDE; side >= SHORTEST_SIDE; side = Math.floor(side * 0.75)) {
    const sides = fitted(bitmap, side);
    if (side < LONGEST_SIDE && Math.max(bitmap.width, bitmap.height) <= side) continue;
    const canvas = document.createElement('canvas');
    Object.assign(canvas, sides);
    const context = canvas.getContext('2d');
    if (!context) return null;
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, 0, 0, sides.width, sides.height);
    for (const quality of [0.85, 0.7, 0.5]) {
      const blob = await new Promise((done) => canvas.toBlob(done, 'image/webp', quality));
      if (!blob || blob.size > most) continue;
      const bytes = new Uint8Array(await blob.arrayBuffer());
      // A browser that cannot write this kind writes PNG.
      return { type: blob.type, bytes, ...sides };
    }
  }
  return null;
}
