/** Servers for tests, what they serve, and requests byte by byte. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type InspectorOptions, serveInspector } from "../../src/server/index.js";

export const CHECKPOINT = "checkpoints/step-00000002";

/** What the files of the test's run hold. */
export const METRICS = '{"step":1,"loss":2}\n{"step":2,"loss":1}\n';

/** Creates a folder, with links resolved, that is removed after the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "dnc-inspector-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Creates what looks like the folder of a run. */
export function createRun(): string {
  const run = join(temporaryFolder(), "run");
  mkdirSync(join(run, CHECKPOINT), { recursive: true });
  mkdirSync(join(run, "samples"));
  writeFileSync(join(run, "config.json"), "{}");
  writeFileSync(join(run, "metrics.jsonl"), METRICS);
  writeFileSync(join(run, "notes.txt"), "private");
  writeFileSync(join(run, "samples/step-00000002.txt"), "a sample\n");
  writeFileSync(join(run, "checkpoints/latest"), "step-00000002\n");
  for (const name of ["state.json", "model.safetensors", "optimizer.safetensors"])
    writeFileSync(join(run, CHECKPOINT, name), `{"of":"${name}"}`);
  return run;
}

/** The folder where the servers of the running test remember their places. */
let cache: string | undefined;

/** Lets servers remember their places in a folder of the test. */
export function useCache(): string {
  const before = process.env.XDG_CACHE_HOME;
  const folder = temporaryFolder();
  cache = folder;
  process.env.XDG_CACHE_HOME = folder;
  onTestFinished(() => {
    cache = undefined;
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  });
  return folder;
}

/** Starts a server that ends with the test. */
export async function serve(options: InspectorOptions = {}) {
  if (cache === undefined) useCache();
  const server = await serveInspector(options);
  onTestFinished(() => server.close());
  const url = new URL(server.url);
  return { ...server, port: Number(url.port), base: url.pathname, query: url.search };
}

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is sent; the header Host is the server's unless there is another. */
export interface RawRequest {
  readonly port: number;
  /** Sent as it is. */
  readonly path: string;
  readonly method?: string;
  readonly headers?: readonly string[];
}

/** Sends a request as it is, which no client of Node does: they mend paths. */
export function ask({ port, path, method = "GET", headers = [] }: RawRequest): Promise<RawAnswer> {
  const hosts = headers.some((line) => /^host:/i.test(line)) ? [] : [`Host: 127.0.0.1:${port}`];
  return exchange(port, [`${method} ${path} HTTP/1.1`, ...hosts, ...headers, "Connection: close", "", ""].join("\r\n"));
}

/** Sends bytes and waits for the end of the connection. */
export function exchange(port: number, text: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.from(text, "latin1")));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => resolve(parse(Buffer.concat(chunks).toString("utf8"))));
  });
}

function parse(text: string): RawAnswer {
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(first.split(" ")[1]), headers: Object.fromEntries(headers), body: text.slice(end + 4) };
}
