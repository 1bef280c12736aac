import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Where a server listens, and the word that its addresses begin with. */
export interface Place {
  readonly port: number;
  readonly token: string;
}

/** Why a request is refused: a status of HTTP and a sentence. */
export interface Denial {
  readonly status: 403 | 405;
  readonly sentence: string;
}

/**
 * Checks that a request comes from the page of this server, or from somebody who opened its address.
 *
 * A page of another site can send requests to 127.0.0.1, and with DNS rebinding under a name of its own; the browser tells by
 * `Host`, `Origin` and `Sec-Fetch-Site`. A link that leads here may be followed: who made it cannot read what comes.
 *
 * @returns undefined if it may be answered.
 */
export function checkRequest(
  { method, headersDistinct }: IncomingMessage,
  path: string,
  { port, token }: Place,
): Denial | undefined {
  const hosts = ["127.0.0.1", "localhost"].flatMap((name) =>
    port === 80 ? [name, `${name}:80`] : [`${name}:${port}`],
  );
  if (!isOneOf(headersDistinct.host, hosts)) return denied(`expected the host ${hosts[0]}`);
  const origins = hosts.map((host) => `http://${host}`);
  if (headersDistinct.origin && !isOneOf(headersDistinct.origin, origins)) return denied("it comes from another page");
  if (!isOwnSite(headersDistinct)) return denied("it comes from another page");
  if (!beginsWithToken(path, token)) return denied("expected the whole address that the command has printed");
  if (method === "GET" || method === "HEAD") return undefined;
  return { status: 405, sentence: "The inspector only reads: expected GET or HEAD." };
}

function denied(reason: string): Denial {
  return { status: 403, sentence: `The inspector does not answer this request: ${reason}.` };
}

function isOneOf(values: readonly string[] | undefined, expected: readonly string[]): boolean {
  return values?.length === 1 && expected.includes(values[0] as string);
}

function isOwnSite(headers: IncomingMessage["headersDistinct"]): boolean {
  const [site, mode, destination] = ["site", "mode", "dest"].map((name) => headers[`sec-fetch-${name}`]);
  if (site === undefined || isOneOf(site, ["same-origin", "none"])) return true;
  return isOneOf(mode, ["navigate"]) && isOneOf(destination, ["document"]);
}

/** Compares hashes, which takes the same time wherever the two differ. */
function beginsWithToken(path: string, token: string): boolean {
  const [, word = ""] = /^\/([^/]*)\//.exec(path) ?? [];
  const [given, expected] = [word, token].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(given as Buffer, expected as Buffer);
}
