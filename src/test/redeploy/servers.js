// @ts-check
// The servers, each with its way to be redeployed. Times are in ms.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const { SWITCHBOARD_WAR = '', TOMCAT_HOME = '', GLASSFISH_HOME = '' } = process.env;
const KEY = 'redeploy-test';
const PORT = 19380;
const GLASSFISH_PORTS = 19400;
const START = 300_000;

/**
 * @typedef {{what: string, url: string, key: string, start: () => Promise<void>,
 *   redeploy: () => Promise<void>, stop: () => Promise<void>, log: () => string}} Server
 */

const folder = () => mkdtempSync(join(tmpdir(), 'switchboard-redeploy-'));

/** @param {string} home */
const settings = (home) => ({
  SWITCHBOARD_HOME: home,
  SWITCHBOARD_API_KEY: KEY,
  // What comes while somebody is away must still be there.
  SWITCHBOARD_LOG_CONNECTIONS: 'false',
  SWITCHBOARD_NAMESPACE_ROOM_HISTORY_SIZE: '100000',
});

/** @param {string} url @returns {Promise<string>} the node that is ready there; empty if none is */
async function node(url) {
  try {
    const signal = AbortSignal.timeout(5_000);
    const ready = await fetch(new URL('health/ready', url), { signal });
    await ready.text();
    if (ready.status !== 200) return '';
    const headers = { Authorization: `Bearer ${KEY}` };
    const answer = await fetch(new URL('api/drain', url), { headers, signal });
    return answer.status === 200 ? (await answer.json()).node : '';
  } catch {
    return '';
  }
}

/** Another node than that one is ready. @param {string} url @param {string} [old] */
async function ready(url, old = '') {
  for (const end = Date.now() + START; Date.now() < end; ) {
    const name = await node(url);
    if (name && name !== old) return;
    await new Promise((resume) => setTimeout(resume, 200));
  }
  throw new Error(`nothing is ready at ${url}`);
}

/** A process and what it says. */
class Child {
  text = '';

  /** @param {string} command @param {string[]} args @param {Record<string, string>} env */
  constructor(command, args, env) {
    this.process = spawn(command, args, { env: { ...process.env, ...env } });
    this.ended = once(this.process, 'exit');
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk) => (this.text += chunk));
    }
  }

  async end() {
    this.process.kill('SIGTERM');
    await this.ended;
  }
}

/** @returns {Server} */
function jar() {
  const home = folder();
  const url = `http://127.0.0.1:${PORT}/`;
  /** @type {Child[]} */ const all = [];
  const begin = async (old = '') => {
    const args = ['-jar', SWITCHBOARD_WAR, '--port', `${PORT}`, '--host', '127.0.0.1'];
    all.push(new Child('java', args, settings(home)));
    await ready(url, old);
  };
  return {
    what: 'java -jar, SIGTERM and start, with H2',
    url,
    key: KEY,
    start: begin,
    async redeploy() {
      await all[0].end();
      await begin();
    },
    async stop() {
      await all[all.length - 1].end();
      rmSync(home, { recursive: true });
    },
    log: () => all.map(({ text }) => text).join(''),
  };
}

/** @param {string} first @param {string} second the names of the WAR @param {string} what @returns {Server} */
function tomcat(first, second, what) {
  const base = folder();
  const url = `http://127.0.0.1:${PORT}/switchboard/`;
  /** @type {Child} */ let catalina;
  const put = (/** @type {string} */ name) => {
    copyFileSync(SWITCHBOARD_WAR, join(base, 'new.war'));
    renameSync(join(base, 'new.war'), join(base, 'webapps', name)); // never half of one
  };
  return {
    what,
    url,
    key: KEY,
    async start() {
      for (const name of ['conf', 'logs', 'temp', 'webapps', 'work']) mkdirSync(join(base, name));
      copyFileSync(join(TOMCAT_HOME, 'conf/web.xml'), join(base, 'conf/web.xml'));
      writeFileSync(
        join(base, 'conf/server.xml'),
        `<Server port="-1"><Service name="Catalina">
  <Connector port="${PORT}" address="127.0.0.1" maxConnections="-1"/>
  <Engine name="Catalina" defaultHost="localhost" backgroundProcessorDelay="2">
    <Host name="localhost" appBase="webapps" autoDeploy="true" undeployOldVersions="true"/>
  </Engine></Service></Server>`,
      );
      put(first);
      catalina = new Child('sh', [join(TOMCAT_HOME, 'bin/catalina.sh'), 'run'], {
        ...settings(join(base, 'home')),
        CATALINA_BASE: base,
        CATALINA_OPTS: '-Xmx1g',
      });
      await ready(url);
    },
    async redeploy() {
      const old = await node(url);
      put(second);
      await ready(url, old);
    },
    async stop() {
      await catalina.end();
      rmSync(base, { recursive: true });
    },
    log: () => catalina.text,
  };
}

/** @returns {Server} */
function glassfish() {
  const base = folder();
  const url = `http://127.0.0.1:${GLASSFISH_PORTS + 80}/switchboard/`;
  let said = '';
  const asadmin = async (/** @type {string[]} */ ...args) => {
    const child = new Child(
      'sh', // what Maven unpacked may not be run
      [resolve(GLASSFISH_HOME, 'bin/asadmin'), '--port', `${GLASSFISH_PORTS + 48}`, ...args],
      { ...settings(join(base, 'home')), AS_START_TIMEOUT: `${START}` },
    );
    const [status] = await child.ended;
    said += child.text;
    if (status !== 0) throw new Error(`asadmin ${args.join(' ')}: ${status}`);
  };
  const domain = ['--domaindir', join(base, 'domains')];
  const name = ['--name', 'switchboard'];
  return {
    what: 'GlassFish, asadmin redeploy, with H2',
    url,
    key: KEY,
    async start() {
      const ports = ['--portbase', `${GLASSFISH_PORTS}`];
      await asadmin('create-domain', ...domain, ...ports, '--nopassword', 'redeploy');
      await asadmin('start-domain', ...domain, 'redeploy');
      await asadmin('deploy', '--contextroot', 'switchboard', ...name, SWITCHBOARD_WAR);
      await ready(url);
    },
    async redeploy() {
      await asadmin('redeploy', ...name, SWITCHBOARD_WAR);
      await ready(url);
    },
    async stop() {
      await asadmin('stop-domain', ...domain, 'redeploy').catch(() => {});
      rmSync(base, { recursive: true });
    },
    log: () => said + readFileSync(join(base, 'domains/redeploy/logs/server.log'), 'utf8'),
  };
}

/** @type {Record<string, () => Server>} */
export const servers = {
  tomcat: () =>
    tomcat('switchboard.war', 'switchboard.war', 'Tomcat, another WAR in webapps, with H2'),
  'tomcat-parallel': () =>
    tomcat('switchboard##1.war', 'switchboard##2.war', 'Tomcat, parallel deployment, with H2'),
  glassfish,
  jar,
};
