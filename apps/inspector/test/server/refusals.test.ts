/** Requests that the server must not answer, and files that it must not serve. */
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openWithin } from "../../src/server/open-within.js";
import { ask, CHECKPOINT, createRun, exchange, serve, temporaryFolder } from "./support.js";

/** A server of a run, beside whose folder lies a secret. */
async function serveRun() {
  const run = createRun();
  const secret = join(run, "../secret.txt");
  writeFileSync(secret, "secret");
  return { run, secret, ...(await serve({ open: { kind: "run", path: run } })) };
}

describe("requests", () => {
  it.each([
    ["another host", ["Host: dnc.example"]],
    ["another port", ["Host: 127.0.0.1:1"]],
    ["no port", ["Host: 127.0.0.1"]],
    ["a user", ["Host: me@127.0.0.1:PORT"]],
    ["two hosts", ["Host: 127.0.0.1:PORT", "Host: dnc.example"]],
    ["another origin", ["Origin: http://dnc.example"]],
    ["an opaque origin", ["Origin: null"]],
    ["an origin of another scheme", ["Origin: https://127.0.0.1:PORT"]],
    ["another port of this machine", ["Origin: http://127.0.0.1:1"]],
    ["another site", ["Sec-Fetch-Site: cross-site"]],
    ["the same site with another port", ["Sec-Fetch-Site: same-site"]],
    ["a frame of another site", ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"]],
  ])("of %s are refused", async (_, headers) => {
    const { port, base } = await serveRun();
    const lines = headers.map((line) => line.replace("PORT", String(port)));
    for (const path of [base, `${base}run/config.json`]) {
      const { status, body } = await ask({ port, path, headers: lines });
      expect(status).toBe(403);
      expect(body).toMatch(/^The inspector does not answer this request: [^\n]+\.\n$/);
    }
  });

  it("without a host are refused", async () => {
    const { port, base } = await serveRun();
    expect((await exchange(port, `GET ${base} HTTP/1.1\r\nConnection: close\r\n\r\n`)).status).toBe(403);
    expect((await exchange(port, `GET ${base} HTTP/1.0\r\n\r\n`)).status).toBe(403);
  });

  it.each([
    [["Host: localhost:PORT"]],
    [["Origin: http://127.0.0.1:PORT", "Sec-Fetch-Site: same-origin"]],
    [["Host: localhost:PORT", "Origin: http://localhost:PORT"]],
    [["Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"]],
    [["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"]],
  ])("with %j are answered", async (headers) => {
    const { port, base } = await serveRun();
    const lines = headers.map((line) => line.replace("PORT", String(port)));
    expect((await ask({ port, path: base, headers: lines })).status).toBe(200);
  });

  it("without the token are refused, whether the file exists or not", async () => {
    const { port, base } = await serveRun();
    const token = base.slice(1, -1);
    const wrong = `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`;
    const paths = ["/", "/run/config.json", `/${wrong}/`, `/${wrong}/none`, `/${token}`, `/${token}x/`, `//${token}/`];
    const bodies = new Set<string>();
    for (const path of [...paths, `/x/../${token}/`, `/${token.toLowerCase()}/`, `/?/${token}/`, "*"]) {
      const { status, body } = await ask({ port, path });
      expect({ path, status }).toEqual({ path, status: 403 });
      bodies.add(body);
    }
    expect(bodies.size).toBe(1);
  });

  it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])(
    "that would %s are refused",
    async (method) => {
      const { port, base } = await serveRun();
      expect(await ask({ port, path: `${base}run/config.json`, method })).toMatchObject({
        status: 405,
        headers: { allow: "GET, HEAD" },
        body: "The inspector only reads: expected GET or HEAD.\n",
      });
    },
  );

  it("reach it at no other address of this machine", async () => {
    const { port } = await serveRun();
    const others = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
    for (const host of ["::1", ...others.filter((address) => !address.startsWith("127."))]) {
      const isReached = await new Promise((resolve) => {
        const socket = connect({ port, host }, () => resolve(true));
        socket.on("error", () => resolve(false)).unref();
      });
      expect({ host, isReached }).toEqual({ host, isReached: false });
    }
  });
});

describe("paths", () => {
  it.each([
    "run/../secret.txt",
    "run/../../secret.txt",
    "run/samples/../../secret.txt",
    "run/samples/../../../secret.txt",
    "run/%2e%2e/secret.txt",
    "run/samples/%2e%2e%2f%2e%2e%2fsecret.txt",
    "run/samples/%252e%252e%252fsecret.txt",
    "run/samples/..%5c..%5csecret.txt",
    "run/samples/..\\..\\secret.txt",
    "run\\..\\secret.txt",
    "run/samples/step-00000002.txt%00.html",
    "run/samples/.hidden",
    "run//config.json",
    "run/./config.json",
    "run/config.json/",
    "run/config.json;x",
    "run/%63onfig.json",
    "run//etc/passwd",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "../../../../../etc/passwd",
    "assets/../../index.js",
    "assets/../../../package.json",
    "..%2fpackage.json",
    "assets",
    "assets/",
    ".tsbuildinfo",
    "run/checkpoints/step-1/state.json",
    "run/checkpoints/step-00000002/../../../secret.txt",
    "trace/secret.txt",
    "checkpoint/state.json",
    "run/notes.txt",
    "run/samples/C:secret.txt",
    "run/samples/file:::$DATA",
  ])("that lead to no file of the run or the page, %s, are refused", async (path) => {
    const { port, base } = await serveRun();
    const { status, body } = await ask({ port, path: `${base}${path}` });
    expect([403, 404]).toContain(status);
    expect(body).toMatch(/^T[^\n]+\.\n$/);
  });

  it("with a byte of NUL or a whole address are refused", async () => {
    const { port, base } = await serveRun();
    expect((await ask({ port, path: `${base}run/config.json\0` })).status).toBe(400);
    expect((await ask({ port, path: `http://127.0.0.1:${port}${base}` })).status).toBe(403);
  });

  it.each([
    "config.json",
    "metrics.jsonl",
    "samples/step-00000002.txt",
    `${CHECKPOINT}/model.safetensors`,
    "checkpoints/latest",
  ])("through a link out of the run, %s, are refused", async (name) => {
    const { run, secret, port, base } = await serveRun();
    for (const target of [secret, "/etc/passwd"]) {
      rmSync(join(run, name));
      symlinkSync(target, join(run, name));
      const { status, body } = await ask({ port, path: `${base}run/${name}` });
      expect(status).toBe(403);
      expect(body).toBe("The inspector serves no file outside of what it has opened, also not through a link.\n");
    }
  });

  it("through a folder that is a link out of the run are refused", async () => {
    const { run, port, base } = await serveRun();
    const elsewhere = temporaryFolder();
    for (const name of ["samples", "checkpoints", CHECKPOINT]) {
      const other = join(elsewhere, name.replace("/", "-"));
      renameSync(join(run, name), other);
      symlinkSync(other, join(run, name));
      const file = { samples: "step-00000002.txt", checkpoints: "latest", [CHECKPOINT]: "state.json" }[name];
      expect((await ask({ port, path: `${base}run/${name}/${file}` })).status, name).toBe(403);
      rmSync(join(run, name));
      renameSync(other, join(run, name));
    }
  });

  it("through a link within the run are followed", async () => {
    const { run, port, base } = await serveRun();
    symlinkSync("step-00000002", join(run, "checkpoints/step-00000008"));
    const path = `${base}run/checkpoints/step-00000008/state.json`;
    expect(await ask({ port, path })).toMatchObject({ status: 200, body: '{"of":"state.json"}' });
  });

  it("of a pipe, a device or a folder are refused at once", async () => {
    const { run, port, base } = await serveRun();
    const path = join(run, "metrics.jsonl");
    const refused = async () => (await ask({ port, path: `${base}run/metrics.jsonl` })).status;
    rmSync(path);
    execFileSync("mkfifo", [path]);
    expect(await refused()).toBe(403);
    rmSync(path);
    mkdirSync(path);
    expect(await refused()).toBe(403);
    rmSync(path, { recursive: true });
    symlinkSync("/dev/zero", path);
    expect(await refused()).toBe(403);
  });

  it("never lead out while a folder and a link take turns", async () => {
    const { run } = await serveRun();
    const outside = temporaryFolder();
    writeFileSync(join(outside, "step-00000002.txt"), "secret");
    const samples = join(run, "samples");
    symlinkSync(outside, join(run, "link"));
    let isOver = false;
    const swaps = (async () => {
      for (let turn = 0; !isOver; turn++) {
        renameSync(samples, join(run, "folder"));
        renameSync(join(run, "link"), samples);
        await new Promise((resolve) => setTimeout(resolve, turn % 2));
        renameSync(samples, join(run, "link"));
        renameSync(join(run, "folder"), samples);
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    })();
    const seen = new Set<string>();
    for (let request = 0; request < 2000; request++) {
      const file = await openWithin(run, "samples/step-00000002.txt");
      seen.add(typeof file === "string" ? file : await file.readFile("utf8"));
      if (typeof file !== "string") await file.close();
    }
    isOver = true;
    await swaps;
    expect(seen).not.toContain("secret");
    expect(seen).toContain("a sample\n");
    expect(seen).toContain("outside");
  });
});
