import { visibleLine } from "@dnc/report";
import { UsageError } from "@dnc/settings";

const EXPECTED = "--on: expected the address of a Ray cluster, such as http://127.0.0.1:8265";

/**
 * Checks the address of a Ray cluster. Its API has no password of its own: whoever reaches it can run programs there. So only a loopback
 * address may be plain http, unless `insecure` is given.
 *
 * @param text - the value of `--on`.
 * @param insecure - whether plain http to another machine is allowed.
 * @returns the address, whose path ends with a slash.
 * @throws UsageError if it is no such address. The text is not repeated if it has a password.
 */
export function rayAddress(text: string, insecure: boolean): URL {
  if (!URL.canParse(text)) throw new UsageError(`${EXPECTED}, got ${visibleLine(text.replace(/\/\/.*@/, "//...@"))}`);
  const url = new URL(text);
  if (url.username !== "" || url.password !== "")
    throw new UsageError("--on: expected an address without user name and password, got one with them");
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new UsageError(`${EXPECTED}, got ${visibleLine(text)}`);
  if (url.search !== "" || url.hash !== "")
    throw new UsageError("--on: expected an address without ? and #, got one with them");
  if (url.protocol === "http:" && !isLoopback(url.hostname) && !insecure)
    throw new UsageError(
      `--on: expected https, or http to this machine (a tunnel makes it so), got ${url.host} over http; --insecure allows it`,
    );
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
