import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ask, createRun, serve, temporaryFolder, useCache } from "./support.js";

/** The file in which the places of the only run of a cache are remembered. */
function onlyFile(cache: string): string {
  const folder = join(cache, "dnc/inspector");
  const [name] = readdirSync(folder);
  return join(folder, name as string);
}

describe("a restarted server", () => {
  it("has the address of the one before, also if the run is named in another way", async () => {
    const cache = useCache();
    const path = createRun();
    const first = await serve({ open: { kind: "run", path } });
    await first.close();
    const link = join(temporaryFolder(), "link");
    symlinkSync(path, link);
    const second = await serve({ open: { kind: "run", path: link } });
    expect(second.url).toBe(first.url);
    expect(statSync(onlyFile(cache)).mode & 0o777).toBe(0o600);
    expect(statSync(join(cache, "dnc/inspector")).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(cache, "dnc/inspector"))).toHaveLength(1);
  });

  it("has another address for another run", async () => {
    useCache();
    const first = await serve({ open: { kind: "run", path: createRun() } });
    await first.close();
    const second = await serve({ open: { kind: "run", path: createRun() } });
    expect(second.base).not.toBe(first.base);
  });

  it("has its own address again where two show one run", async () => {
    useCache();
    const open = { kind: "run", path: createRun() } as const;
    const first = await serve({ open });
    const second = await serve({ open });
    expect(second.port).not.toBe(first.port);
    expect(second.base).not.toBe(first.base);
    await first.close();
    expect((await serve({ open })).url).toBe(first.url);
    await second.close();
    expect((await serve({ open })).url).toBe(second.url);
  });

  it("forgets a token that may be known to whoever has its port now", async () => {
    const cache = useCache();
    const open = { kind: "run", path: createRun() } as const;
    const first = await serve({ open });
    await first.close();
    const file = onlyFile(cache);
    const places = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify(places.map((place: object) => ({ ...place, process: 2 ** 31 - 1 }))));
    const stranger = createServer().listen(first.port, "127.0.0.1");
    await new Promise((resolve) => stranger.once("listening", resolve));
    const second = await serve({ open });
    stranger.close();
    await second.close();
    expect(second.base).not.toBe(first.base);
    expect(readFileSync(file, "utf8")).not.toContain(first.base.slice(1, -1));
  });

  it.each([
    ["is readable for others", (file: string) => chmodSync(file, 0o644)],
    ["is no JSON", (file: string) => writeFileSync(file, "{")],
    ["has a short token", (file: string) => writeFileSync(file, '[{"port":40000,"token":"a","process":1}]')],
    [
      "has a port that is none",
      (file: string) => writeFileSync(file, readFileSync(file, "utf8").replace(/"port":\d+/, '"port":0')),
    ],
    [
      "is a link",
      (file: string) => {
        const other = join(temporaryFolder(), "other.json");
        writeFileSync(other, readFileSync(file), { mode: 0o600 });
        rmSync(file);
        symlinkSync(other, file);
      },
    ],
  ])("has a new token if the file %s", async (_, change) => {
    const cache = useCache();
    const open = { kind: "run", path: createRun() } as const;
    const first = await serve({ open });
    await first.close();
    change(onlyFile(cache));
    expect((await serve({ open })).base).not.toBe(first.base);
  });

  it("starts without a place to remember anything", async () => {
    const cache = useCache();
    mkdirSync(join(cache, "dnc"));
    writeFileSync(join(cache, "dnc/inspector"), "a file");
    const { port, base } = await serve({ open: { kind: "run", path: createRun() } });
    expect((await ask({ port, path: base })).status).toBe(200);
  });

  it("takes a given port", async () => {
    useCache();
    const { port, close } = await serve();
    await close();
    const open = { kind: "run", path: createRun() } as const;
    const given = await serve({ open, port });
    expect(given.port).toBe(port);
    await given.close();
    expect((await serve({ open, port })).url).toBe(given.url);
  });
});

describe("the end of a server", () => {
  it("comes at once, with connections that are open, silent or in the middle of a request", async () => {
    const { port, base, close } = await serve();
    const sockets: Socket[] = [];
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    for (const text of [
      "",
      `GET ${base} HTTP/1.1\r\nHost`,
      `GET ${base} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
    ]) {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => {});
      await new Promise<void>((resolve) => socket.once("connect", resolve));
      if (text) socket.write(text);
      sockets.push(socket);
    }
    const start = performance.now();
    await close();
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
