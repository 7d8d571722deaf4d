// @ts-check
export { Switchboard } from './switchboard.js';
export { SwitchboardError } from './errors.js';
export { websocket } from './transport/websocket.js';
