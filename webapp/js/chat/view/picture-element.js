// @ts-check
import { size } from '../text.js';
import { make } from './dom.js';

/** @typedef {import('../picture.js').Picture} Picture */

/** A picture is shown again and again; its address is made once and lives as long as it does. */
const addresses = /** @type {WeakMap<Uint8Array, string>} */ (new WeakMap());
const forgotten = new FinalizationRegistry((/** @type {string} */ url) => URL.revokeObjectURL(url));

/** @param {Picture} picture @param {string} from who shows it */
export function pictureElement({ type, name, alt, width, height, bytes }, from) {
  const image = make('img', {
    src: addressOf(bytes, type),
    alt: alt || `Picture from ${from}${name && `: ${name}`}`,
    width: width > 0 && String(width),
    height: height > 0 && String(height),
    decoding: 'async',
  });
  const figure = make('figure', { class: 'bubble picture' }, image);
  image.addEventListener('error', () => {
    image.replaceWith(make('p', { class: 'broken' }, 'This picture cannot be shown.'));
  });
  const words = [name, size(bytes.length)].filter(Boolean).join(' · ');
  figure.append(
    make(
      'figcaption',
      {},
      make('span', { class: 'picture-name' }, words),
      ...(alt ? [make('span', { class: 'picture-alt' }, alt)] : []),
    ),
  );
  return figure;
}

/** @param {Uint8Array} bytes @param {string} type */
function addressOf(bytes, type) {
  const known = addresses.get(bytes);
  if (known) return known;
  const url = URL.createObjectURL(new Blob([/** @type {BlobPart} */ (bytes)], { type }));
  addresses.set(bytes, url);
  forgotten.register(bytes, url);
  return url;
}
