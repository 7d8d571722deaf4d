// @ts-check
import { Remembered } from '../chat/remembered.js';
import { byId, setText } from '../chat/view/dom.js';
import { Theme } from '../chat/view/theme.js';
import { digits } from '../lab/stats.js';
import { Switchboard } from '../switchboard/index.js';
import { Api, Refused } from './api.js';
import { Polled } from './polled.js';
import { ChannelsView } from './view/channels-view.js';
import { ConnectionsView } from './view/connections-view.js';
import { NodeView } from './view/node-view.js';
import { StoryView } from './view/story-view.js';

const NODE = 'admin:node';
const around = {
  setTimeout: (/** @type {() => void} */ run, /** @type {number} */ ms) => setTimeout(run, ms),
  clearTimeout: (/** @type {any} */ timer) => clearTimeout(timer),
  hidden: () => document.hidden,
};
const field = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (byId(id));
const said = (/** @type {unknown} */ error) => (error instanceof Error ? error.message : String(error));

const theme = new Theme(new Remembered(() => localStorage));

/** Shows the form; @param {string} why */
function signIn(why) {
  byId('sign-in').hidden = false;
  byId('signed-in').hidden = true;
  byId('parts').hidden = true;
  setText(byId('sign-in-error'), why);
  field('key').focus();
}

/** Begins once, however often it is asked to. @param {string} key @param {string} unknown what to say to a 401 */
async function attempt(key, unknown) {
  if (beginning) return;
  beginning = true;
  try {
    await begin(key);
    field('key').value = '';
  } catch (error) {
    beginning = false;
    signIn(unknown !== '' && error instanceof Refused && error.status === 401 ? unknown : said(error));
  }
}
let beginning = false;

byId('sign-in-form').addEventListener('submit', (event) => {
  event.preventDefault();
  void attempt(field('key').value.trim(), '');
});

/** Begins as whoever has the key, or as whom the container knows. @param {string} key */
async function begin(key) {
  const api = new Api(location.href, key);
  const first = await api.node();
  await api.ticket(NODE); // refused here rather than again and again, if the key may not
  byId('sign-in').hidden = true;
  byId('signed-in').hidden = false;
  byId('parts').hidden = false;
  run(api, first);
}

/** @param {Api} api @param {import('./api.js').Report} first */
function run(api, first) {
  const node = new NodeView();
  /** The server's clock less this one's. */
  let ahead = Date.parse(first.at) - Date.now();
  const now = () => Date.now() + ahead;
  const show = (/** @type {import('./api.js').Report} */ report) => {
    ahead = Date.parse(report.at) - Date.now();
    node.show(report);
  };
  show(first);
  byId('theme').addEventListener('click', () => node.recolour());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => node.recolour());

  const board = new Switchboard(async () => {
    const { ticket } = await api.ticket(NODE);
    return `./chat?ticket=${encodeURIComponent(ticket)}`;
  });
  board.subscribe(NODE).addEventListener('publication', ({ detail }) => {
    show(/** @type {import('./api.js').Report} */ (/** @type {unknown} */ (detail.data)));
  });

  let session = '';
  const storyView = new StoryView(() => {
    session = '';
    story.stop();
  });
  const story = new Polled(
    () => api.story(session),
    (answer) => storyView.show(answer, now()),
    (error) => {
      const over = error instanceof Refused && error.status === 404;
      storyView.failed(over ? 'This connection is gone.' : said(error), over);
      if (over) story.stop();
    },
    1000,
    around,
  );
  const connectionsView = new ConnectionsView((chosen) => {
    session = chosen;
    storyView.open(chosen);
    void story.start();
  });
  const connections = new Polled(
    () => api.sessions(connectionsView.wanted),
    (page) => connectionsView.show(page, now()),
    (error) => connectionsView.failed(said(error)),
    2000,
    around,
  );
  const channelsView = new ChannelsView((channel) => {
    field('publish-channel').value = channel;
    byId('publish').scrollIntoView();
    field('publish-data').focus();
  });
  const channels = new Polled(
    () => api.channels(channelsView.wanted),
    (page) => channelsView.show(page),
    (error) => channelsView.failed(said(error)),
    2000,
    around,
  );
  let held = false;
  const look = () => {
    if (!held) void connections.start();
  };
  look();
  void channels.start();
  byId('connections-form').addEventListener('input', look);
  byId('connections-form').addEventListener('submit', (event) => event.preventDefault());
  byId('channels-form').addEventListener('input', () => void channels.start());
  byId('channels-form').addEventListener('submit', (event) => event.preventDefault());
  byId('hold').addEventListener('click', () => {
    held = !held;
    byId('hold').setAttribute('aria-pressed', String(held));
    setText(byId('hold'), held ? 'Go on' : 'Hold still');
    if (held) connections.stop();
    else look();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    look();
    void channels.start();
  });

  byId('story-disconnect').addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      await api.disconnect(session, field('story-reason').value.trim(), field('story-return').checked);
      story.stop();
      storyView.failed('Disconnected.', true);
      look();
    } catch (error) {
      storyView.failed(said(error), false);
    }
  });

  byId('publish-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const result = byId('publish-result');
    let data;
    try {
      data = JSON.parse(field('publish-data').value);
    } catch (error) {
      setText(result, `The data is not JSON: ${said(error)}`);
      return;
    }
    try {
      const { offset } = await api.publish(field('publish-channel').value.trim(), data);
      setText(result, offset === undefined ? 'Published.' : `Published, with offset ${digits(offset)}.`);
    } catch (error) {
      setText(result, said(error));
    }
  });

  const ask = /** @type {HTMLDialogElement} */ (byId('drain-ask'));
  const drain = async (/** @type {boolean} */ on) => {
    try {
      await api.drain(on);
      ask.close();
      node.show(await api.node());
    } catch (error) {
      setText(byId('drain-error'), said(error));
      if (!ask.open) ask.showModal();
    }
  };
  byId('drain').addEventListener('click', () => {
    setText(byId('drain-error'), '');
    if (node.report?.draining) {
      void drain(false);
      return;
    }
    setText(byId('drain-count'), `${digits(node.report?.connections ?? 0)} connections`);
    ask.showModal();
  });
  byId('drain-yes').addEventListener('click', () => void drain(true));
  byId('drain-no').addEventListener('click', () => ask.close());

  /** A page that was told to drain with the rest asks, until it is let in again. */
  const pulse = new Polled(() => api.node(), show, () => {}, 3000, around);
  board.addEventListener('state', ({ detail }) => {
    if (detail.kind === 'online') pulse.stop();
    else void pulse.start();
  });
}

byId('sign-in-known').addEventListener('click', () => {
  void attempt('', 'The server does not know you: sign in there first, or take a key.');
});

signIn('');
export { theme };
