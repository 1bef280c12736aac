import { mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InspectorError, inspectedAt, serveInspector } from "../../src/server/index.js";
import { ask, CHECKPOINT, createRun, exchange, METRICS, serve, temporaryFolder } from "./support.js";

const PAGE = readFileSync(new URL("../../dist/page/index.html", import.meta.url), "utf8");

describe("the page", () => {
  it("is served below the token, with all its files", async () => {
    const { port, base, query } = await serve();
    expect(query).toBe("");
    expect(base).toMatch(/^\/[\w-]{43}\/$/);
    expect(await ask({ port, path: base })).toMatchObject({ status: 200, body: PAGE });
    const files = [...PAGE.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      const { status, headers } = await ask({ port, path: `${base}${file}` });
      expect({ file, status }).toEqual({ file, status: 200 });
      expect(headers["content-type"]).toMatch(/^(text\/(javascript|css)|image\/svg\+xml)/);
    }
  });

  it("has its content security policy also as a header, and headers that isolate it", async () => {
    const [, policy] = /content="(default-src[^"]+)"/.exec(PAGE) ?? [];
    const { port, base } = await serve();
    for (const path of [base, `${base}missing`, "/"]) {
      const { headers } = await ask({ port, path });
      expect(headers).toMatchObject({
        "content-security-policy": `${policy}; frame-ancestors 'none'`,
        "cross-origin-embedder-policy": "require-corp",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      });
      expect(headers["cache-control"]).toMatch(/^no-(cache|store)$/);
    }
    expect((await exchange(port, "no HTTP\r\n\r\n")).headers).toHaveProperty("x-frame-options");
  });

  it("opens a network by its name", async () => {
    expect((await serve({ open: { kind: "network", name: "copy" } })).query).toBe("?network=copy");
  });
});

describe("a run", () => {
  it("is served with its files, and nothing else of its folder", async () => {
    const run = createRun();
    const { port, base, query } = await serve({ open: { kind: "run", path: run } });
    expect(query).toBe("?run=run/");
    const files = ["config.json", "metrics.jsonl", "samples/step-00000002.txt", "checkpoints/latest"];
    for (const name of [...files, ...["state.json", "model.safetensors"].map((file) => `${CHECKPOINT}/${file}`)])
      expect(await ask({ port, path: `${base}run/${name}` }), name).toMatchObject({
        status: 200,
        body: readFileSync(join(run, name), "utf8"),
      });
    for (const name of ["", "notes.txt", "samples", "samples/", "checkpoints", CHECKPOINT, `${CHECKPOINT}/notes.txt`])
      expect((await ask({ port, path: `${base}run/${name}` })).status, name).toBe(404);
  });

  it("shows what training writes meanwhile", async () => {
    const run = createRun();
    const { port, base } = await serve({ open: { kind: "run", path: run } });
    writeFileSync(join(run, "samples/step-00000004.txt"), "another\n");
    mkdirSync(join(run, "checkpoints/step-00000004"));
    writeFileSync(join(run, "checkpoints/step-00000004/state.json"), "{}");
    writeFileSync(join(run, "metrics.new"), "new");
    renameSync(join(run, "metrics.new"), join(run, "metrics.jsonl"));
    expect((await ask({ port, path: `${base}run/samples/step-00000004.txt` })).body).toBe("another\n");
    expect((await ask({ port, path: `${base}run/checkpoints/step-00000004/state.json` })).body).toBe("{}");
    expect((await ask({ port, path: `${base}run/metrics.jsonl` })).body).toBe("new");
  });

  it("is data, which no browser runs or stores", async () => {
    const run = createRun();
    writeFileSync(join(run, "samples/page.html"), "<script>alert(1)</script>");
    const { port, base } = await serve({ open: { kind: "run", path: run } });
    const { headers } = await ask({ port, path: `${base}run/samples/page.html` });
    expect(headers).toMatchObject({ "content-type": "application/octet-stream", "cache-control": "no-store" });
  });

  it("answers with the range that is asked for", async () => {
    const { port, base } = await serve({ open: { kind: "run", path: createRun() } });
    const range = (value: string, more: readonly string[] = []) =>
      ask({ port, path: `${base}run/metrics.jsonl`, headers: [`Range: ${value}`, ...more] });
    const { length } = METRICS;
    expect(await range("bytes=20-")).toMatchObject({ status: 206, body: METRICS.slice(20) });
    expect((await range("bytes=20-")).headers["content-range"]).toBe(`bytes 20-${length - 1}/${length}`);
    expect(await range("bytes=2-4")).toMatchObject({ status: 206, body: METRICS.slice(2, 5) });
    expect(await range("bytes=-3")).toMatchObject({ status: 206, body: METRICS.slice(-3) });
    expect(await range("bytes=1-999999")).toMatchObject({ status: 206, body: METRICS.slice(1) });
    for (const value of [`bytes=${length}-`, "bytes=999999999-", "bytes=-0"]) {
      const { status, headers, body } = await range(value);
      expect({ status, body, part: headers["content-range"] }, value).toEqual({
        ...{ status: 416, body: "" },
        part: `bytes */${length}`,
      });
    }
    for (const value of ["bytes=4-2", "bytes=-", "bytes=0-1,3-4", "lines=1-2", "bytes=a-"])
      expect(await range(value), value).toMatchObject({ status: 200, body: METRICS });
    expect(await range("bytes=20-", ['If-Range: "of another file"'])).toMatchObject({ status: 200, body: METRICS });
    const { etag } = (await range("bytes=0-")).headers;
    expect(await range("bytes=20-", [`If-Range: ${etag}`])).toMatchObject({ status: 206 });
    expect(await range("bytes=20-", [`If-None-Match: ${etag}`])).toMatchObject({ status: 304, body: "" });
  });

  it("breaks off a file that becomes shorter while it is sent, so that nobody takes a part for all", async () => {
    const run = createRun();
    const model = join(run, CHECKPOINT, "model.safetensors");
    truncateSync(model, 2 ** 26);
    const { port, base } = await serve({ open: { kind: "run", path: run } });
    const start = performance.now();
    const received = await new Promise<number>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      let count = 0;
      socket.write(`GET ${base}run/${CHECKPOINT}/model.safetensors HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
      socket.once("data", () => {
        socket.pause();
        truncateSync(model, 10);
        setTimeout(() => socket.resume(), 100);
      });
      socket.on("data", (chunk) => {
        count += chunk.length;
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve(count));
    });
    expect(received).toBeLessThan(2 ** 26);
    expect(performance.now() - start).toBeLessThan(5000); // not when the connection is idle for too long
  });

  it("answers HEAD with the headers alone, also for an empty file", async () => {
    const run = createRun();
    writeFileSync(join(run, "metrics.jsonl"), "");
    const { port, base } = await serve({ open: { kind: "run", path: run } });
    for (const method of ["HEAD", "GET"]) {
      const { status, headers, body } = await ask({ port, path: `${base}run/metrics.jsonl`, method });
      expect({ status, length: headers["content-length"], body }).toEqual({ status: 200, length: "0", body: "" });
    }
    const { headers, body } = await ask({ port, path: `${base}run/checkpoints/latest`, method: "HEAD" });
    expect({ length: headers["content-length"], body }).toEqual({ length: "14", body: "" });
  });
});

describe("other things that are opened", () => {
  it("have an address that people can read", async () => {
    const trace = join(temporaryFolder(), "trace.json");
    writeFileSync(trace, "trace");
    expect((await serve({ open: { kind: "trace", path: trace } })).query).toBe("?trace=trace/trace.json");
  });

  it("are a checkpoint's folder", async () => {
    const { port, base, query } = await serve({ open: await inspectedAt(join(createRun(), CHECKPOINT)) });
    expect(query).toBe("?checkpoint=checkpoint/");
    expect((await ask({ port, path: `${base}checkpoint/state.json` })).body).toBe('{"of":"state.json"}');
    expect((await ask({ port, path: `${base}checkpoint/latest` })).status).toBe(404);
    expect((await ask({ port, path: `${base}run/config.json` })).status).toBe(404);
  });

  it.each(["trace.json", "my trace #1?.json", "50%.json", "mémoire.json", "a'b.json"])(
    "are the trace %s",
    async (name) => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, name), "trace");
      writeFileSync(join(folder, "other.json"), "other");
      const { port, base, url } = await serve({ open: await inspectedAt(join(folder, name)) });
      // As the page does: the parameter is an address relative to its own.
      const address = new URL(new URL(url).searchParams.get("trace") as string, url);
      expect(decodeURIComponent(address.pathname.split("/").at(-1) as string)).toBe(name);
      expect(await ask({ port, path: address.pathname })).toMatchObject({ status: 200, body: "trace" });
      expect((await ask({ port, path: `${base}trace/other.json` })).status).toBe(404);
    },
  );

  it("are refused with one sentence if they are not there, or are something else", async () => {
    const folder = temporaryFolder();
    await expect(inspectedAt(join(folder, "none"))).rejects.toThrow(
      `path: expected the folder of a run or of a checkpoint, or the file of a trace, got ${folder}/none, which does not exist`,
    );
    await expect(inspectedAt(folder, { label: "inspector" })).rejects.toThrow(
      `got ${folder}, which has neither config.json nor state.json`,
    );
    await expect(serveInspector({ open: { kind: "checkpoint", path: createRun() } })).rejects.toThrow(
      /^open: expected a checkpoint, got .*, which is a run$/,
    );
    await expect(serveInspector({ port: 70_000 })).rejects.toThrow(
      new InspectorError("port: expected an integer from 0 to 65535, got 70000"),
    );
    const { port } = await serve();
    await expect(serveInspector({ port })).rejects.toThrow(
      new InspectorError(`port: expected a free port, got ${port}, which is in use or not allowed`),
    );
  });
});
