/** What a sweep does with answers that are none of a healthy cluster. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { RayJobs, type RayOptions } from "../../src/sweep/ray-jobs.js";
import { rayToken } from "../../src/sweep/ray-token.js";

type Handler = (response: ServerResponse, request: IncomingMessage) => void;

/** Starts a server that gives each answer once, and the last one for ever. */
async function serve(...handlers: readonly Handler[]) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const handler = handlers[Math.min(requests.length, handlers.length - 1)] as Handler;
    requests.push(request);
    handler(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close().closeAllConnections();
  });
  const address = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return { address, requests };
}

function connect(address: URL, changes: Partial<RayOptions> = {}) {
  const notices: string[] = [];
  const jobs = new RayJobs({
    ...{ address, prefix: "dnc-0-", resources: { cpus: 1, gpus: 0 }, program: "dnc" },
    ...{ onNotice: (sentence: string) => notices.push(sentence), wait: async () => {} },
    ...changes,
  });
  return { jobs, notices };
}

const says =
  (status: number, text: string, headers: Readonly<Record<string, string>> = {}): Handler =>
  (response) =>
    response.writeHead(status, headers).end(text);

const HTML = "<!doctype html>\n<html><body>Log in</body></html>";
const GOOD = says(200, "[]");
/** Promises more than it sends, and hangs up. */
const cutOff: Handler = (response) => {
  response.writeHead(200, { "content-length": "100" }).write('[{"submission_id":', () => response.destroy());
};

describe("an answer that passes", () => {
  it.each([
    ["status 500", says(500, "Traceback\nRuntimeError: no agent"), "RuntimeError: no agent"],
    ["status 502 with a page", says(502, HTML), "</html>"],
    ["status 429", says(429, "slower"), "slower"],
    ["a connection that is cut off", cutOff, "aborted"],
    ["JSON that is cut off", says(200, '[{"submission_id": "a'), 'expected JSON, got [{"submission_id": "a'],
    ["nothing", (response: ServerResponse) => response.destroy(), "socket hang up"],
  ] as const)("is waited for: %s", async (_, handler, words) => {
    const { address, requests } = await serve(GOOD, handler, handler, GOOD);
    const { jobs, notices } = connect(address);
    await jobs.list();
    expect(await jobs.list()).toEqual(new Map());
    expect(requests).toHaveLength(4);
    expect(notices).toEqual([
      expect.stringMatching(/ does not answer \(.*\); waiting for it$/),
      `${address.host} answers again`,
    ]);
    expect(notices[0]).toContain(words);
  });

  it("is waited for if it is a page of something between, once the cluster has answered", async () => {
    const { address } = await serve(GOOD, says(200, HTML), GOOD);
    const { jobs, notices } = connect(address);
    await jobs.list();
    await jobs.list();
    expect(notices[0]).toBe(`${address.host} does not answer (expected JSON, got <!doctype html>); waiting for it`);
  });
});

describe("an answer that ends the sweep", () => {
  const token = "s3cret-t0ken";

  it.each([
    ["a page", says(200, HTML), "HOST: GET api/jobs/: expected JSON, got <!doctype html>"],
    ["an empty one", says(200, ""), "HOST: GET api/jobs/: expected JSON, got nothing"],
    ["no list", says(200, '{"jobs":[]}'), "HOST: GET api/jobs/: expected a list of jobs, got something else"],
    ["status 404", says(404, "nothing here"), "HOST: GET api/jobs/: expected status 200, got 404 (nothing here)"],
    [
      "status 401",
      says(401, "Unauthorized: Missing authentication token"),
      "RAY_AUTH_TOKEN: expected the token that HOST asks for, got none (status 401: Unauthorized: Missing authentication token)",
    ],
  ] as const)("is %s", async (_, handler, message) => {
    const { address } = await serve(handler);
    await expect(connect(address).jobs.list()).rejects.toThrow(
      expect.objectContaining({ name: "ClusterError", message: message.replace("HOST", address.host) }),
    );
  });

  it("is the refusal of a token, which is not repeated even if the server does", async () => {
    const { address } = await serve((response, { headers }) =>
      response.writeHead(403).end(`Forbidden: ${headers.authorization} is invalid`),
    );
    const error = await connect(address, { token })
      .jobs.list()
      .catch((reason: Error) => reason);
    expect((error as Error).message).toBe(
      `RAY_AUTH_TOKEN: expected the token that ${address.host} asks for, got another (status 403: Forbidden: Bearer ... is invalid)`,
    );
  });

  it.each([301, 302, 303, 307, 308])("is a redirection, which is not followed: %i", async (status) => {
    const other = await serve(GOOD);
    const { address } = await serve((response, { headers }) =>
      response.writeHead(status, { location: `${other.address.href}?token=${headers.authorization}` }).end(),
    );
    const { jobs } = connect(address, { token });
    for (const request of [jobs.list(), jobs.start({ id: "dnc-0-a", words: [] }), jobs.stop("dnc-0-a")]) {
      const { message } = (await request.catch((reason: Error) => reason)) as Error;
      expect(message).toContain(`expected an answer, got a redirection to ${other.address.href}?token=Bearer ...`);
      expect(message).not.toContain(token);
    }
    expect(other.requests).toEqual([]);
  });

  it("is shown without characters that a terminal obeys", async () => {
    const { address } = await serve(says(404, "\u001b[2Jred\u202e"));
    await expect(connect(address).jobs.list()).rejects.toThrow("got 404 (\\x1b[2Jred\\u202e)");
  });
});

describe("a list of jobs", () => {
  it("may have jobs of others by the thousand, without a name, and in states that are not known", async () => {
    const others = Array.from({ length: 20_000 }, (_, index) => ({
      submission_id: `other-${index}`,
      status: "RUNNING",
    }));
    const odd = [null, 7, { submission_id: null }, { submission_id: 3 }, {}];
    const own = ["PENDING", "NEW", "constructor", "SUCCEEDED", "FAILED", "STOPPED"].map((status, index) => {
      return { submission_id: `dnc-0-${index}`, status, message: index };
    });
    const { address } = await serve(says(200, JSON.stringify([...others, ...odd, ...own])));
    const { jobs } = connect(address);
    const states = [...(await jobs.list()).values()].map(({ status }) => status);
    expect(states).toEqual(["active", "active", "active", "succeeded", "failed", "stopped"]);
    expect(jobs.interval).toBe(30_000);
    const pending = [...(await jobs.list())].filter(([, { isPending }]) => isPending);
    expect(pending.map(([id]) => id)).toEqual(["dnc-0-0"]);
  });
});

describe("the end of a sweep", () => {
  it("does not wait for an answer that does not come", async () => {
    const abort = new AbortController();
    const { address } = await serve(() => abort.abort());
    const { jobs } = connect(address, { signal: abort.signal });
    await expect(jobs.list()).rejects.toThrow(`${address.host} does not answer (`);
  });

  it("still stops jobs", async () => {
    const { address, requests } = await serve(says(200, '{"stopped":true}'));
    const { jobs } = connect(address, { signal: AbortSignal.abort() });
    await jobs.stop("dnc-0-a");
    expect(requests.map(({ method, url }) => [method, url])).toEqual([["POST", "/api/jobs/dnc-0-a/stop"]]);
  });
});

describe("the token", () => {
  it("is read from the environment, without spaces around it", () => {
    expect(rayToken({ RAY_AUTH_TOKEN: " abc\n" })).toBe("abc");
    expect(rayToken({ RAY_AUTH_TOKEN: " " })).toBeUndefined();
    expect(rayToken({})).toBeUndefined();
  });

  it.each(["a b", "a\r\nx-header: b", "schlüssel"])("cannot be %j, and is not repeated", (text) => {
    const refused = () => rayToken({ RAY_AUTH_TOKEN: text });
    expect(refused).toThrow("RAY_AUTH_TOKEN: expected printable ASCII characters without spaces, got others");
  });
});
