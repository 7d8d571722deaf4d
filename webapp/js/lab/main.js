// @ts-check
import { Remembered } from '../chat/remembered.js';
import { byId } from '../chat/view/dom.js';
import { Theme } from '../chat/view/theme.js';
import { Api, Refused } from './api.js';
import { browser } from './carriers.js';
import { now } from './clock.js';
import { Comparison } from './compare.js';
import { FrameConsole } from './console.js';
import { Doctor } from './doctor.js';
import { CompareView } from './view/compare-view.js';
import { ConsoleView } from './view/console-view.js';
import { DoctorView } from './view/doctor-view.js';
import { HandshakePanel } from './view/handshake-panel.js';

const around = browser();
const api = new Api(location.href);
const theme = new Theme(new Remembered(() => localStorage));
const comparison = new Comparison(api, around, now);
const compareView = new CompareView(comparison);
const panel = new HandshakePanel(around);
const frames = new FrameConsole(location.href, WebSocket, now, (bytes) =>
  crypto.getRandomValues(bytes),
);
const consoleView = new ConsoleView(frames);
const doctorView = new DoctorView(new Doctor(api, around, () => performance.now()));

addEventListener('pagehide', () => comparison.stop());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => compareView.recolour());
byId('theme').addEventListener('click', () => compareView.recolour());

try {
  const info = await api.info();
  compareView.allow(info);
  doctorView.allow(info);
} catch (error) {
  const off = error instanceof Refused && error.status === 404;
  byId('off').hidden = false;
  byId('off-text').textContent = off
    ? 'Its server’s side is switched off here (switchboard.lab=false), so that nothing can be measured. The handshake and the frames below work all the same.'
    : `The server’s side does not answer: ${error instanceof Error ? error.message : error}.`;
  compareView.forbid();
  doctorView.forbid();
}
// What is shown is told by the server about this very page; keep the parts from being collected.
export { consoleView, panel, theme };
