import type { FetchFile } from "../learn/metrics-tail.js";
import { OpenError, type Source } from "./source.js";

/** Files of a checkpoint that are fetched. */
const CHECKPOINT_FILES = ["state.json", "model.safetensors"];

/**
 * Fetches what a parameter of the page's URL names, all beside the page: `?trace=FILE`, `?checkpoint=FOLDER`, `?run=FOLDER`.
 *
 * @throws OpenError (as a rejection) if it is elsewhere, or cannot be fetched.
 */
export async function sourceFromUrl(kind: "trace" | "checkpoint" | "run", path: string): Promise<Source> {
  const url = besidePage(kind, path);
  if (kind === "trace") {
    const name = decoded(url.pathname.split("/").at(-1) ?? path);
    return { kind, name, bytes: await fetchBytes(url) };
  }
  const folder = new URL(`${url.pathname.replace(/\/$/, "")}/`, url);
  const checkpoint = kind === "run" ? await latestCheckpoint(folder) : folder;
  const read = CHECKPOINT_FILES.map(async (name) => [name, await fetchBytes(new URL(name, checkpoint))] as const);
  return { kind: "network", name: path, files: Object.fromEntries(await Promise.all(read)) };
}

/** The folder of a run's newest checkpoint. */
async function latestCheckpoint(run: URL): Promise<URL> {
  const latest = new URL("checkpoints/latest", run);
  const name = new TextDecoder().decode(await fetchBytes(latest)).trim();
  if (!/^step-\d{8,}$/.test(name))
    throw new OpenError(`${latest.pathname}: expected the name of a checkpoint, got other text.`);
  return new URL(`checkpoints/${name}/`, run);
}

/**
 * Returns a function that fetches files of the folder that a parameter of the page's URL names.
 *
 * @throws OpenError if it is elsewhere.
 */
export function filesBesidePage(kind: string, path: string): FetchFile {
  const url = besidePage(kind, path);
  const folder = new URL(`${url.pathname.replace(/\/$/, "")}/`, url);
  return async (name, from) => {
    const headers: Record<string, string> = from === undefined ? {} : { Range: `bytes=${from}-` };
    try {
      const response = await fetch(new URL(name, folder), { cache: "no-store", headers });
      return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
    } catch {
      return { status: 0, bytes: new Uint8Array() };
    }
  };
}

function besidePage(kind: string, path: string): URL {
  const url = URL.canParse(path, location.href) ? new URL(path, location.href) : undefined;
  const folder = new URL(".", location.href);
  if (path !== "" && url?.origin === folder.origin && url.pathname.startsWith(folder.pathname)) return url;
  throw new OpenError(`?${kind}=: expected a path beside this page, got ${path.slice(0, 80) || "nothing"}.`);
}

async function fetchBytes(url: URL): Promise<Uint8Array> {
  const response = await fetch(url, { cache: "no-cache" }).catch(() => undefined);
  if (response?.ok) return new Uint8Array(await response.arrayBuffer());
  const problem = response === undefined ? "cannot be reached" : `is not there (status ${response.status})`;
  throw new OpenError(`${decoded(url.pathname)} ${problem}.`);
}

/** A path as people read it; as it is, if it is not encoded as it should be. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
