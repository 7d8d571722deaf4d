// @ts-check
import { byId, make, setText } from '../../chat/view/dom.js';
import { advise, verdict } from '../advice.js';

/** @typedef {import('../doctor.js').Doctor} Doctor */

const SIGNS = { waiting: '·', running: '…', good: '✓', warn: '!', bad: '✗', stopped: '–' };
const SAYS = {
  waiting: 'not yet',
  running: 'under way',
  good: 'good',
  warn: 'could be better',
  bad: 'bad',
  stopped: 'not tested',
};

/** The handshake doctor: a list of checks, a verdict, and what to change. */
export class DoctorView {
  #doctor;
  #form = /** @type {HTMLFormElement} */ (byId('doctor-form'));
  #button = /** @type {HTMLButtonElement} */ (byId('doctor-start'));
  #list = byId('doctor-steps');
  #result = byId('doctor-result');
  /** @type {Map<string, {row: HTMLElement, sign: HTMLElement, text: HTMLElement, bar: HTMLElement}>} */
  #rows = new Map();
  #shown = false;

  /** @param {Doctor} doctor */
  constructor(doctor) {
    this.#doctor = doctor;
    doctor.addEventListener('change', () => this.#render());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (doctor.state === 'running') doctor.stop();
      else doctor.examine(Number(new FormData(this.#form).get('quiet')));
    });
    this.#render();
  }

  /** @param {import('../api.js').Info} info */
  allow({ interval, timeout }) {
    this.#doctor.heartbeat = { interval, timeout };
  }

  forbid() {
    this.#button.disabled = true;
  }

  #render() {
    const { state, steps } = this.#doctor;
    const running = state === 'running';
    setText(this.#button, running ? 'Stop' : state === 'done' ? 'Examine again' : 'Examine this path');
    this.#button.classList.toggle('stop', running);
    for (const input of this.#form.querySelectorAll('input')) input.disabled = running;
    this.#list.hidden = state === 'idle';
    for (const step of steps) {
      const { row, sign, text, bar } = this.#row(step.id, step.title);
      row.dataset.state = step.state;
      setText(sign, SIGNS[step.state]);
      sign.setAttribute('aria-label', SAYS[step.state]);
      setText(text, step.text);
      bar.hidden = step.state !== 'running' || step.part === 0;
      bar.style.setProperty('--part', String(step.part));
    }
    if (state !== 'done') {
      this.#result.hidden = true;
      this.#shown = false;
    } else if (!this.#shown) {
      this.#shown = true;
      this.#conclude();
    }
  }

  /** @param {string} id @param {string} title */
  #row(id, title) {
    const known = this.#rows.get(id);
    if (known) return known;
    const sign = make('span', { class: 'sign', role: 'img' });
    const text = make('p', {});
    const bar = make('i', { class: 'progress', 'aria-hidden': 'true' });
    const row = make('li', {}, sign, make('div', {}, make('h4', {}, title), text, bar));
    row.dataset.check = id;
    this.#list.append(row);
    const made = { row, sign, text, bar };
    this.#rows.set(id, made);
    return made;
  }

  #conclude() {
    const { found, steps } = this.#doctor;
    const untested = steps.filter((step) => step.state === 'stopped').length;
    const said = verdict(found);
    const whole = untested === 0 || said.kind !== 'good';
    this.#result.replaceChildren(
      make(
        'p',
        { class: `verdict ${whole ? said.kind : 'warn'}` },
        whole ? said.text : 'What was tested is well. Not everything was.',
      ),
      ...advise(found).map((advice) =>
        make(
          'article',
          { class: `advice ${advice.severity}` },
          make('h4', {}, advice.problem),
          make('p', {}, advice.why),
          ...Object.entries(advice.lines).map(([program, lines]) =>
            make(
              'details',
              { open: program === 'Switchboard' },
              make('summary', {}, program),
              make('pre', { tabindex: '0' }, lines),
            ),
          ),
        ),
      ),
    );
    this.#result.hidden = false;
  }
}
