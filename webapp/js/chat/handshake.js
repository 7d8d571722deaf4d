// @ts-check

/** The fixed text every WebSocket server appends to the key (RFC 6455 section 1.3). */
export const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * @typedef {{line: string, headers: Record<string, string>}} Request
 * @typedef {{status: number, headers: Record<string, string>}} Response
 * @typedef {{request: Request, response: Response}} Handshake
 * @typedef {{joined: string, hex: string, accept: string}} Steps
 *   key and GUID side by side; their SHA-1 in hex; the same 20 bytes in base64
 */

/**
 * Computes `Sec-WebSocket-Accept` as a server does.
 *
 * @param {string} key the value of `Sec-WebSocket-Key`
 * @param {SubtleCrypto | undefined} subtle absent where the page is not on a secure origin
 * @returns {Promise<Steps | null>} null where the browser does not let us compute
 */
export async function accept(key, subtle) {
  if (!subtle) return null;
  const joined = key + GUID;
  const digest = await subtle.digest('SHA-1', new TextEncoder().encode(joined));
  const bytes = new Uint8Array(digest);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { joined, hex, accept: btoa(String.fromCharCode(...bytes)) };
}

/**
 * The value of a header; names are compared without case.
 *
 * @param {Record<string, string>} headers
 * @param {string} name
 * @returns {string | undefined}
 */
export function header(headers, name) {
  const wanted = name.toLowerCase();
  return Object.entries(headers).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** @param {Request} request @returns {string} the lines as they went over the wire */
export function requestText(request) {
  return [request.line, ...headerLines(request.headers)].join('\n');
}

/** @param {Response} response @returns {string} */
export function responseText(response) {
  const phrase = response.status === 101 ? ' Switching Protocols' : '';
  return [`HTTP/1.1 ${response.status}${phrase}`, ...headerLines(response.headers)].join('\n');
}

/** @param {Record<string, string>} headers */
function headerLines(headers) {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}

/**
 * Reads a `handshake` message.
 *
 * @param {any} message
 * @returns {Handshake | null} null when it lacks what it is for
 */
export function readHandshake(message) {
  const { request, response } = message;
  if (typeof request?.line !== 'string' || typeof response?.status !== 'number') return null;
  return {
    request: { line: request.line, headers: strings(request.headers) },
    response: { status: response.status, headers: strings(response.headers) },
  };
}

/** @param {any} headers @returns {Record<string, string>} */
function strings(headers) {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
}
