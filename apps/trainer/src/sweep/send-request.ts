import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** Milliseconds without a byte after which a request has failed. */
const TIMEOUT_MS = 60_000;

/** Answer to a request. */
export interface Answer {
  /** Status of HTTP; 0 if there was no complete answer. */
  readonly status: number;
  /** The body; without an answer the reason. */
  readonly text: string;
  /** Where a redirection leads; undefined for other answers. */
  readonly location?: string | undefined;
}

/** A request. */
export interface Request {
  readonly method: string;
  /** Sent as JSON; default: nothing is sent. */
  readonly body?: object | undefined;
  /** A token that the server asks for; default: none. */
  readonly token?: string | undefined;
  /** Ends the request; its answer is then that there was none. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends a request; follows no redirection, so that the token reaches no other machine. Not with `fetch`, whose header `sec-fetch-mode`
 * makes Ray refuse it as one of a browser.
 *
 * @returns the answer, also if there is none: nothing is thrown. It does not have the token, even if the server repeats it.
 */
export async function sendRequest(url: URL, request: Request): Promise<Answer> {
  const { status, text, location } = await exchange(url, request);
  const redact = (word: string) => (request.token ? word.replaceAll(request.token, "...") : word);
  return { status, text: redact(text), location: location && redact(location) };
}

function exchange(url: URL, { method, body, token, signal }: Request): Promise<Answer> {
  const content = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...(content !== undefined && { "content-type": "application/json", "content-length": Buffer.byteLength(content) }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve) => {
    const fail = ({ message, code }: NodeJS.ErrnoException) => resolve({ status: 0, text: message || String(code) });
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const request = send(url, { method, headers, timeout: TIMEOUT_MS, ...(signal && { signal }) }, (response) => {
      const { statusCode: status = 0, headers: received } = response;
      textOf(response).then((text) => resolve({ status, text, location: received.location }), fail);
    });
    request.on("timeout", () => request.destroy(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)));
    request.on("error", fail);
    request.end(content);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding("utf8");
  let text = "";
  for await (const chunk of response) text += chunk;
  return text;
}
