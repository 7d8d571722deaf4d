// @ts-check
import { readFileSync } from 'node:fs';

/** @typedef {import('./socket.js').Target} Target */

const ca = readFileSync(String(process.env.PROXIES_CA), 'utf8');

/** What `run` has started: each proxy once in the clear and once with TLS. */
export const proxies = String(process.env.PROXIES)
  .split(' ')
  .map((entry) => {
    const [name, plain, tls] = entry.split(':');
    return { name, plain: target(name, plain, false), tls: target(name, tls, true) };
  });

/** A Tomcat with a connector for TLS and no proxy before it. */
export const tomcat = () => {
  const [plain, tls] = String(process.env.TOMCAT).split(':');
  return {
    plain: { ...target('Tomcat', plain, false), context: '/switchboard' },
    tls: { ...target('Tomcat', tls, true), context: '/switchboard' },
  };
};

/** A proxy that hands on no upgrade. */
export const refusing = () => target('refusing nginx', String(process.env.REFUSING), false);

/** The server itself. */
export const direct = target(
  'no proxy',
  new URL(String(process.env.SWITCHBOARD_URL)).port,
  false,
);

/**
 * @param {string} name
 * @param {string} port
 * @param {boolean} tls
 * @returns {Target}
 */
function target(name, port, tls) {
  return { name, port: Number(port), tls, ca };
}
