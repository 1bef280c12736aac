/** `dnc sweep --on` in processes, against clusters that refuse it or are away; needs the build. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../support.js";
import { start } from "./start-process.js";

const TOKEN = "s3cret-t0ken";

/** A cluster that asks for a token and has no jobs, as Ray does it. */
async function guardedCluster(): Promise<string> {
  const server = createServer(({ headers: { authorization } }, response) => {
    if (authorization === undefined) response.writeHead(401).end("Unauthorized: Missing authentication token");
    else if (authorization !== `Bearer ${TOKEN}`)
      response.writeHead(403).end("Forbidden: Invalid authentication token");
    else response.end("[]");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close().closeAllConnections();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function sweepIn(folder: string, host: string): { readonly results: string; readonly args: readonly string[] } {
  const file = join(folder, "sweep.json");
  writeFileSync(file, JSON.stringify({ preset: "copy", seeds: [1] }));
  const results = join(folder, "results");
  return { results, args: ["sweep", file, `--results=${results}`, `--on=http://${host}`, "--program=npx dnc"] };
}

/** All that a folder's files have. Those that a running process removes meanwhile, such as new locks, may be left out. */
function contentsOf(folder: string): string {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  return paths.map(contentOf).join("\n");
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (["EISDIR", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
    throw error;
  }
}

describe("dnc sweep on a cluster that asks for a token", () => {
  it.each([
    ["without one", {}, "got none (status 401: Unauthorized: Missing authentication token)"],
    ["with another", { RAY_AUTH_TOKEN: "0ther" }, "got another (status 403: Forbidden: Invalid authentication token)"],
  ])("says so %s, in one sentence", async (_, environment, words) => {
    const host = await guardedCluster();
    const { args } = sweepIn(temporaryFolder(), host);
    const { status, out, err } = await start(args, { RAY_AUTH_TOKEN: "", ...environment }).ended;
    expect([status, out]).toEqual([1, ""]);
    expect(err).toBe(`dnc: RAY_AUTH_TOKEN: expected the token that ${host} asks for, ${words}\n`);
  });

  it("refuses one that cannot be sent, before anything is written", async () => {
    const folder = temporaryFolder();
    const { args } = sweepIn(folder, "127.0.0.1:1");
    const { status, err } = await start(args, { RAY_AUTH_TOKEN: "s3cret\u00e9" }).ended;
    expect([status, err]).toEqual([
      2,
      expect.stringMatching(/^dnc: RAY_AUTH_TOKEN: expected printable ASCII [^\n]*\n$/),
    ]);
    expect(err).not.toContain("s3cret");
    expect(readdirSync(folder)).toEqual(["sweep.json"]);
  });

  it("has it in no file and no line", async () => {
    const folder = temporaryFolder();
    const { args } = sweepIn(folder, await guardedCluster());
    const { child, ended } = start(args, { RAY_AUTH_TOKEN: TOKEN });
    while (!contentsOf(folder).includes('"event":"started"')) await sleep(20);
    child.kill("SIGTERM");
    const { out, err } = await ended;
    expect(contentsOf(folder) + out + err).not.toContain(TOKEN);
  });
});

describe("dnc sweep on a cluster that is away", () => {
  it("ends at once when it is asked to, and says how to go on", async () => {
    const { args, results } = sweepIn(temporaryFolder(), "127.0.0.1:1");
    const { child, ended } = start([...args, "--insecure"]);
    await new Promise<void>((resolve) => {
      child.stderr?.on("data", (data) => String(data).includes("waiting for it") && resolve());
    });
    child.kill("SIGTERM");
    const { status, err } = await ended;
    expect(status).toBe(130);
    const [waits, goesOn, ...rest] = err.trimEnd().split("\n");
    expect(waits).toMatch(/^127\.0\.0\.1:1 does not answer \(.*\); waiting for it$/);
    expect(goesOn).toMatch(/^127\.0\.0\.1:1 does not answer \(.*\), so its jobs go on\. To go on: /);
    expect(goesOn).toMatch(new RegExp(`--results=${results} --on=http://127.0.0.1:1 '--program=npx dnc' --insecure$`));
    expect(rest).toEqual([]);
  });
});
