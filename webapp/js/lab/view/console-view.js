// @ts-check
import { byId, make, reconcile, setText } from '../../chat/view/dom.js';
import { hex, OPCODES, readHex } from '../frames.js';
import { LANGUAGES, SAMPLES } from '../samples.js';

/**
 * @typedef {import('../console.js').FrameConsole} FrameConsole
 * @typedef {import('../console.js').Entry} Entry
 * @typedef {import('../samples.js').Language} Language
 */

const SHOWN = 48;

/** The console: a connection, a field, and what went over the wire. */
export class ConsoleView {
  #console;
  #form = /** @type {HTMLFormElement} */ (byId('console-form'));
  #input = /** @type {HTMLTextAreaElement} */ (byId('console-input'));
  #error = byId('console-error');
  #log = byId('console-log');
  #toggle = byId('console-open');
  /** @type {Language} */ #language = 'chat';
  #note = '';

  /** @param {FrameConsole} frames */
  constructor(frames) {
    this.#console = frames;
    frames.addEventListener('change', () => this.#render());
    for (const input of byId('console-languages').querySelectorAll('input')) {
      input.addEventListener('change', () => {
        this.#language = /** @type {Language} */ (input.value);
        frames.close();
        this.#samples();
        this.#render();
      });
    }
    this.#toggle.addEventListener('click', () => {
      if (frames.state === 'closed') frames.open(this.#language);
      else frames.close();
    });
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#input.addEventListener('input', () => setText(this.#error, ''));
    for (const input of this.#form.querySelectorAll('input[name="format"]')) {
      input.addEventListener('change', () => setText(this.#error, ''));
    }
    byId('console-clear').addEventListener('click', () => frames.clear());
    this.#samples();
    this.#render();
  }

  get #format() {
    return new FormData(this.#form).get('format');
  }

  #samples() {
    byId('console-samples').replaceChildren(
      ...SAMPLES[this.#language].map((sample) => {
        const button = make('button', { type: 'button', class: 'quiet' }, sample.name);
        button.addEventListener('click', () => {
          const bytes = sample.hex !== undefined;
          this.#input.value = sample.hex ?? sample.text ?? '';
          /** @type {HTMLInputElement} */ (byId(bytes ? 'format-hex' : 'format-text')).checked = true;
          this.#note = sample.note;
          setText(this.#error, '');
          this.#render();
          this.#input.focus();
        });
        return button;
      }),
    );
    this.#note = '';
  }

  #send() {
    const text = this.#input.value;
    let sent;
    if (this.#format === 'hex') {
      const read = readHex(text);
      if ('mistake' in read) {
        setText(this.#error, read.mistake);
        return;
      }
      sent = this.#console.sendBytes(read.bytes);
    } else {
      sent = this.#console.sendText(text);
    }
    setText(this.#error, sent ? '' : 'Nothing was sent: connect first.');
  }

  #render() {
    const { state, entries } = this.#console;
    setText(this.#toggle, state === 'closed' ? 'Connect' : state === 'opening' ? 'Connecting…' : 'Disconnect');
    this.#toggle.classList.toggle('stop', state !== 'closed');
    /** @type {HTMLButtonElement} */ (byId('console-send')).disabled = state !== 'open';
    setText(byId('console-about'), LANGUAGES[this.#language].about);
    setText(byId('console-note'), this.#note);
    const atEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 40;
    reconcile(this.#log, entries, (entry) => String(entry.key), row);
    byId('console-empty').hidden = entries.length > 0;
    if (atEnd) this.#log.scrollTop = this.#log.scrollHeight;
  }
}

/** @param {Entry} entry */
function row(entry) {
  if (entry.kind === 'note') return make('li', { class: 'note' }, entry.text);
  const { drawn, opcode, kind } = entry;
  const name = OPCODES[opcode];
  return make(
    'li',
    { class: kind },
    make(
      'details',
      {},
      make(
        'summary',
        {},
        make('b', {}, kind === 'out' ? '↑ sent' : '↓ came'),
        make('span', { class: 'opcode' }, name),
        make('code', {}, entry.text ?? hex(entry.bytes, SHOWN)),
        make('span', { class: 'size' }, `${drawn.size} B`),
      ),
      make(
        'div',
        { class: 'anatomy' },
        ...drawn.parts.map((part) =>
          make(
            'div',
            { class: `part ${part.name.split(/[ ,]/)[0].toLowerCase()}` },
            make('b', {}, `${part.name} · ${part.bytes.length} B`),
            make('code', {}, hex(part.bytes, SHOWN) || '–'),
            make('span', {}, part.means),
          ),
        ),
        make(
          'p',
          {},
          `${drawn.header} bytes of frame around ${entry.bytes.length} bytes of payload.`,
          kind === 'out'
            ? ' The masking key is drawn by this page: your browser shows its own to nobody.'
            : opcode === 8
              ? ' Of a Close frame your browser tells code and reason; the frame is drawn from them.'
              : ' Drawn from the message: a server may also have split it into several frames.',
        ),
      ),
    ),
  );
}
