/** Which file belongs to which path of a URL. Everything else is not served. */
import { basename, dirname } from "node:path";
import type { Inspected } from "./inspected.js";

/** A file that may be served, if it is there. */
export interface ServedFile {
  /** The folder that it must lie in, with links resolved. */
  readonly folder: string;
  /** Its path below the folder, with `/`. */
  readonly name: string;
  readonly contentType: string;
  readonly cacheControl: string;
}

/** The part of a URL that opens something, after the page's own address. */
export interface Opening {
  /** Such as `?run=run/`; empty if nothing is opened. */
  readonly query: string;
  /** Returns the file of a path below the page's; undefined if there is none. */
  readonly find: (path: string) => ServedFile | undefined;
}

/** Files of a run, from its own folder. */
const RUN_FILE =
  /^(config\.json|metrics\.jsonl|samples\/[A-Za-z0-9][\w.-]*|checkpoints\/(latest|step-\d{8,}\/(state\.json|(model|optimizer)\.safetensors)))$/;
const CHECKPOINT_FILE = /^(state\.json|(model|optimizer)\.safetensors)$/;
/** Files of the page: no name begins with a dot, so that none leads upwards. */
const PAGE_FILE = /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9_][\w.-]*)*$/;

const PAGE_TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};
/** A browser runs nothing of these. */
const DATA_TYPES: Readonly<Record<string, string>> = {
  json: "application/json; charset=utf-8",
  jsonl: "text/plain; charset=utf-8",
  latest: "text/plain; charset=utf-8",
  txt: "text/plain; charset=utf-8",
};
const OTHER_TYPE = "application/octet-stream";

/**
 * Returns the file of the page that belongs to a path.
 *
 * @param folder - the folder of the built page, with links resolved.
 * @param path - below the page's address, as it is in the URL.
 */
export function pageFile(folder: string, path: string): ServedFile | undefined {
  const name = path === "" ? "index.html" : path;
  if (!PAGE_FILE.test(name)) return undefined;
  return { folder, name, contentType: PAGE_TYPES[extension(name)] ?? OTHER_TYPE, cacheControl: "no-cache" };
}

/**
 * Says how what is opened is reached.
 *
 * @param open - with links of its path resolved.
 */
export function openingOf(open: Inspected | undefined): Opening {
  if (open === undefined) return { query: "", find: () => undefined };
  if (open.kind === "network") return { query: `?network=${encodeURIComponent(open.name)}`, find: () => undefined };
  const { kind, path } = open;
  if (kind === "trace") return traceOpening(path);
  const pattern = kind === "run" ? RUN_FILE : CHECKPOINT_FILE;
  const find = (asked: string) => {
    const name = asked.startsWith(`${kind}/`) ? asked.slice(kind.length + 1) : "";
    return pattern.test(name) ? dataFile(path, name) : undefined;
  };
  return { query: `?${kind}=${kind}/`, find };
}

function traceOpening(path: string): Opening {
  const name = basename(path);
  const url = `trace/${encodeURIComponent(name)}`;
  const find = (asked: string) => (asked === url ? dataFile(dirname(path), name) : undefined);
  // Encoded a second time as the value of a query, where a slash may stay.
  return { query: `?trace=${encodeURIComponent(url).replaceAll("%2F", "/")}`, find };
}

/** Data may change while it is shown, and is nobody else's: it stays in no cache. */
function dataFile(folder: string, name: string): ServedFile {
  return { folder, name, contentType: DATA_TYPES[extension(name)] ?? OTHER_TYPE, cacheControl: "no-store" };
}

function extension(name: string): string {
  return name.slice(Math.max(name.lastIndexOf("."), name.lastIndexOf("/")) + 1);
}
