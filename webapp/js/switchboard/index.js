// @ts-check
export { SwitchboardError } from './codec.js';
export { Switchboard } from './switchboard.js';
export { websocket } from './transport/websocket.js';
