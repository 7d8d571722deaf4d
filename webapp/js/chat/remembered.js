// @ts-check

/**
 * What the page remembers in this browser. Where storage is forbidden it forgets, and goes on.
 */
export class Remembered {
  #storage;

  /** @param {() => Storage} storage asked each time: some browsers throw on the very property */
  constructor(storage) {
    this.#storage = storage;
  }

  /** @param {string} key @returns {string} '' when there is nothing */
  text(key) {
    try {
      return this.#storage().getItem(`switchboard.${key}`) ?? '';
    } catch {
      return '';
    }
  }

  /** @param {string} key @returns {string[]} */
  list(key) {
    try {
      const value = JSON.parse(this.text(key));
      return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
    } catch {
      return [];
    }
  }

  /** @param {string} key @returns {Record<string, {epoch: string, offset: number}>} */
  map(key) {
    try {
      const value = JSON.parse(this.text(key));
      return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
    } catch {
      return {};
    }
  }

  /** @param {string} key @param {string | object} value '' forgets */
  keep(key, value) {
    try {
      const name = `switchboard.${key}`;
      if (value === '') this.#storage().removeItem(name);
      else this.#storage().setItem(name, typeof value === 'string' ? value : JSON.stringify(value));
    } catch {
      // Not remembering is not worth a word to the person.
    }
  }
}
