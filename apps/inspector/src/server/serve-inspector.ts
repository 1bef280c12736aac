import { createServer, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { answering } from "./answer.js";
import type { Place } from "./check-request.js";
import { checkInspected, type Inspected } from "./inspected.js";
import { InspectorError } from "./inspector-error.js";
import { ADDRESS, listen } from "./listen.js";
import { findPage, securityHeaders } from "./page-folder.js";
import { isPort, readPlaces, writePlaces } from "./places.js";
import { openingOf } from "./routes.js";

/** Options of `serveInspector`. */
export type InspectorOptions = {
  /** What the page opens; default: nothing, it shows a trained network of its own. */
  readonly open?: Inspected | undefined;
  /** Port, from 0 to 65535; default: 0, the one that a server of the same run had before, if it is free, or any. */
  readonly port?: number | undefined;
};

/** A server of the inspector. */
export type InspectorServer = {
  /** Address of the page. It has a token, without which the server answers nothing. */
  readonly url: string;
  /** Ends the server at once, with all connections. */
  readonly close: () => Promise<void>;
};

/** Limits in milliseconds and in number: connections that do nothing must not add up. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 5_000,
} as const;
const IDLE_MS = 60_000;
const MAX_CONNECTIONS = 256;

/**
 * Serves the page of the inspector with what it opens, to this machine alone and read-only.
 *
 *     const server = await serveInspector({ open: { kind: "run", path: "runs/mine" } });
 *     console.log(server.url);
 *
 * Listens on 127.0.0.1, and answers only below the token of its address: with the page's files and, of a run, its `config.json`,
 * `metrics.jsonl`, samples and checkpoints; links that lead out of the run are not followed. A run may still be training. A
 * later server of the same run has the same address if the port is free; the user's cache remembers it.
 *
 * @param options - What is opened, and the port.
 * @returns The address, and a function that ends the server.
 * @throws InspectorError (as a rejection) if what is to be opened is not there, the port is not free, or the page is not built.
 */
export async function serveInspector({ open, port }: InspectorOptions = {}): Promise<InspectorServer> {
  if (port !== undefined && !isPort(port))
    throw new InspectorError(`port: expected an integer from 0 to 65535, got ${port}`);
  const opened = open && (await checkInspected(open));
  const { folder, policy } = await findPage();
  const opening = openingOf(opened);
  const headers = securityHeaders(policy);
  let place: Place | undefined;
  const server = createServer({ ...LIMITS, requireHostHeader: false });
  server.on("request", answering({ page: folder, opening, headers, place: () => place as Place }));
  server.on("clientError", (_error, socket) => refuse(socket, headers));
  server.timeout = IDLE_MS;
  server.maxConnections = MAX_CONNECTIONS;
  const { place: taken, others } = await listen(server, port, await readPlaces(opened));
  place = taken;
  await writePlaces(opened, [{ ...taken, process: process.pid }, ...others]);
  const url = `http://${ADDRESS}:${taken.port}/${taken.token}/${opening.query}`;
  return { url, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Answers what is no request of HTTP. */
function refuse(socket: Duplex, headers: Readonly<Record<string, string>>): void {
  if (!socket.writable) return void socket.destroy();
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(["HTTP/1.1 400 Bad Request", "Connection: close", "Content-Length: 0", ...lines, "", ""].join("\r\n"));
}
