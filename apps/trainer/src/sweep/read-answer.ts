/** What an answer means to a sweep: a result, a cluster that must be waited for, or an error. */
import { ClusterError } from "./cluster-error.js";
import { lastLine, quotedLine } from "./quoted-line.js";
import { TOKEN_VARIABLE } from "./ray-token.js";
import type { Answer } from "./send-request.js";

/** Statuses that pass: request timeout, too early, too many requests. */
const PASSING = [408, 425, 429];

/** A request, as errors name it. */
export interface Asked {
  /** Host and port of the cluster. */
  readonly host: string;
  /** `GET api/jobs/`. */
  readonly what: string;
  readonly hasToken: boolean;
}

/** The parsed body of a good answer, or why the cluster must be waited for. */
export type Reading =
  | { readonly json: unknown }
  | {
      readonly trouble: string;
      /** Whether the answer is complete but not one of Ray's, such as the page of a proxy. */
      readonly isForeign: boolean;
    };

/**
 * Reads an answer of a cluster.
 *
 * @throws ClusterError if the same request would be refused again: wrong address, token or request, or a redirection.
 */
export function readAnswer({ status, text, location }: Answer, { host, what, hasToken }: Asked): Reading {
  const said = lastLine(text);
  if (status === 401 || status === 403)
    throw new ClusterError(
      `${TOKEN_VARIABLE}: expected the token that ${host} asks for, got ${hasToken ? "another" : "none"} (status ${status}: ${said})`,
    );
  if (status >= 300 && status < 400) {
    const place = location === undefined ? "elsewhere" : `to ${quotedLine(location)}`;
    throw new ClusterError(`${host}: ${what}: expected an answer, got a redirection ${place}, which is not followed`);
  }
  if (status >= 400 && status < 500 && !PASSING.includes(status))
    throw new ClusterError(`${host}: ${what}: expected status 200, got ${status} (${said})`);
  if (status < 200 || status >= 300) return { trouble: said, isForeign: false };
  try {
    return { json: JSON.parse(text) };
  } catch {
    // What begins as JSON was cut off.
    return { trouble: `expected JSON, got ${quotedLine(text) || "nothing"}`, isForeign: !/^\s*[[{]/.test(text) };
  }
}
