// @ts-check

/**
 * The element of this page with the given id. A missing one is a defect of the page itself.
 *
 * @template {Element} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return /** @type {T} */ (/** @type {unknown} */ (element));
}

/**
 * Makes an element. Strings become text nodes, so that what people typed stays text.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | boolean>} [attributes] false leaves an attribute out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/** @param {string} id of a symbol of the page, without "i-" @returns {SVGSVGElement} */
export function icon(id) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#i-${id}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

/**
 * Sets a text only when it differs, so that live regions speak once.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Makes the children of an element those of a keyed list, keeping every node that is there already:
 * focus, selection and scroll position live on, and a screen reader hears only what is new.
 *
 * @template T
 * @param {Element} parent
 * @param {T[]} items
 * @param {(item: T) => string} keyOf items with the same key look the same
 * @param {(item: T) => Element} build
 */
export function reconcile(parent, items, keyOf, build) {
  const wanted = new Map(items.map((item) => [keyOf(item), item]));
  /** @type {Map<string, Element>} */
  const there = new Map();
  for (const child of [...parent.children]) {
    const key = /** @type {HTMLElement} */ (child).dataset.key ?? '';
    if (wanted.has(key)) there.set(key, child);
    else child.remove();
  }
  /** @type {Element | null} */
  let place = parent.firstElementChild;
  for (const [key, item] of wanted) {
    const node = there.get(key) ?? build(item);
    /** @type {HTMLElement} */ (node).dataset.key = key;
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
}
