import { createServer } from "node:http";
import { RequestError, Sessions } from "./sessions.js";

const DEFAULTS = {
  /** Maximum number of open sessions. */
  maxSessions: 100,
  /** Time after which an unused session is closed. */
  idleSeconds: 600,
  /** Maximum size of a request body. */
  maxBytes: 64 * 1024,
};

/**
 * Creates an HTTP server that runs a network step by step:
 *
 *     POST   /sessions            201 { "session": ID, "inputSize": 6, "outputSize": 5 }
 *     POST   /sessions/ID/steps   { "input": [0, 1, 0, 0, 0, 0] } gives 200 { "output": [0.1, 0.9, 0.2, 0.1, 0.0] }
 *     DELETE /sessions/ID         204
 *
 * Errors are `{ "error": MESSAGE }`. Closing the server closes its sessions, but does not dispose the network.
 *
 * @param network - A network, for example from `loadNetwork`.
 * @param options - `maxSessions`, `idleSeconds` and `maxBytes`; default: see DEFAULTS.
 */
export function createNetworkServer(network, options = {}) {
  const { maxSessions, idleSeconds, maxBytes } = { ...DEFAULTS, ...options };
  const { inputSize, outputSize } = network.config;
  const sessions = new Sessions(network, { maxSessions, idleSeconds });

  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 }, async (request, response) => {
    try {
      const { status, body } = await handle(request);
      send(response, status, body);
    } catch (error) {
      if (error instanceof RequestError) return send(response, error.status, { error: error.message });
      console.error(error);
      send(response, 500, { error: "the server failed" });
    }
  });
  server.on("close", () => sessions.closeAll());
  return server;

  async function handle(request) {
    const [, root, id, steps, ...rest] = request.url.split("?")[0].split("/");
    const isKnown = root === "sessions" && (steps === undefined || steps === "steps") && rest.length === 0;
    if (!isKnown) throw new RequestError(404, "path: expected /sessions, /sessions/ID or /sessions/ID/steps");
    if (request.method === "POST" && id === undefined)
      return { status: 201, body: { session: sessions.open(), inputSize, outputSize } };
    if (request.method === "POST" && steps !== undefined) {
      const { input } = await readJson(request, maxBytes);
      return { status: 200, body: { output: sessions.step(id, input) } };
    }
    if (request.method === "DELETE" && id !== undefined && steps === undefined) {
      sessions.close(id);
      return { status: 204 };
    }
    throw new RequestError(405, "method: expected POST /sessions, POST /sessions/ID/steps or DELETE /sessions/ID");
  }
}

function send(response, status, body) {
  // The rest of a rejected body is not read.
  const connection = status === 413 ? { Connection: "close" } : {};
  response.writeHead(status, { ...connection, ...(body && { "Content-Type": "application/json" }) });
  response.end(body && JSON.stringify(body));
}

/** Reads the object in the body of a request, up to `maxBytes`. */
async function readJson(request, maxBytes) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new RequestError(413, `body: expected at most ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  try {
    return Object(JSON.parse(Buffer.concat(chunks).toString("utf8")));
  } catch {
    throw new RequestError(400, "body: expected JSON");
  }
}
