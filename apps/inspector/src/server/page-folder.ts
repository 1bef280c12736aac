import { readFile, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { InspectorError } from "./inspector-error.js";

/**
 * Finds the built page of this package.
 *
 * @returns its folder with links resolved, and its content security policy, which the page has in a `<meta>`.
 * @throws InspectorError (as a rejection) if it is not built.
 */
export async function findPage(): Promise<{ readonly folder: string; readonly policy: string }> {
  const manifest = createRequire(import.meta.url).resolve("@dnc/inspector/package.json");
  const path = join(dirname(manifest), "dist", "page");
  const text = await readFile(join(path, "index.html"), "utf8").catch(() => undefined);
  if (text === undefined) throw new InspectorError("the page of the inspector is not built");
  const [, policy] = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(text) ?? [];
  if (policy === undefined) throw new InspectorError("the page of the inspector has no content security policy");
  return { folder: await realpath(path), policy };
}

/**
 * Returns the headers of every answer: nothing but the page itself may use what is served, and the page nothing else. Isolated from
 * other pages, it may share memory with its workers.
 *
 * @param policy - content security policy of the page.
 */
export function securityHeaders(policy: string): Readonly<Record<string, string>> {
  return {
    "Content-Security-Policy": `${policy}; frame-ancestors 'none'`,
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
  };
}
