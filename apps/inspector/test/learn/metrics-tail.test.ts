import { describe, expect, it } from "vitest";
import { type Answer, MetricsTail } from "../../src/page/learn/metrics-tail.js";

/** A server with one file, with or without ranges, that counts what it has sent. */
function serverOf({ withRanges }: { readonly withRanges: boolean }) {
  const server = {
    file: undefined as string | undefined,
    isDown: false,
    sent: 0,
    fetch: async (_: string, from?: number): Promise<Answer> => {
      const none = new Uint8Array();
      if (server.isDown) return { status: 0, bytes: none };
      if (server.file === undefined) return { status: 404, bytes: none };
      const all = new TextEncoder().encode(server.file);
      const isPart = withRanges && from !== undefined;
      if (isPart && from >= all.length) return { status: 416, bytes: none };
      const bytes = isPart ? all.slice(from) : all;
      server.sent += bytes.length;
      return { status: isPart ? 206 : 200, bytes };
    },
  };
  return server;
}

const lines = (first: number, last: number, mark = "") =>
  Array.from(
    { length: last - first + 1 },
    (_, index) => `${JSON.stringify({ step: first + index, mark, loss: 1 })}\n`,
  ).join("");

describe.each([{ withRanges: true }, { withRanges: false }])("a file of a server, $withRanges", ({ withRanges }) => {
  it("is read as it grows", async () => {
    const server = serverOf({ withRanges });
    const tail = new MetricsTail("metrics.jsonl", server.fetch);
    expect(await tail.read()).toBe("missing");
    for (const length of [1, 2, 50, 51, 400]) {
      server.file = lines(1, length);
      expect(await tail.read()).toBe("grown");
      expect(tail.text).toBe(server.file);
      expect(await tail.read()).toBe("unchanged");
    }
  });

  it("is read again where it was cut", async () => {
    const server = serverOf({ withRanges });
    const tail = new MetricsTail("metrics.jsonl", server.fetch);
    server.file = lines(1, 100);
    await tail.read();
    // To less than the overlap, to nothing, and to less than is known without the overlap.
    for (const length of [98, 0, 40]) {
      server.file = lines(1, length);
      expect(await tail.read()).toBe(length === 40 ? "grown" : "replaced");
      expect(tail.text).toBe(server.file);
    }
  });

  it("is read again where it was cut and has grown past what was known", async () => {
    const server = serverOf({ withRanges });
    const tail = new MetricsTail("metrics.jsonl", server.fetch);
    for (const kept of [10, 98, 0]) {
      server.file = lines(1, 100);
      await tail.read();
      server.file = lines(1, kept) + lines(kept + 1, 150, "again");
      expect(await tail.read()).toBe("replaced");
      expect(tail.text).toBe(server.file);
    }
  });

  it("stays as it was while the server is away", async () => {
    const server = serverOf({ withRanges });
    const tail = new MetricsTail("metrics.jsonl", server.fetch);
    server.file = lines(1, 100);
    await tail.read();
    server.isDown = true;
    expect(await tail.read()).toBe("unreachable");
    expect(tail.text).toBe(server.file);
    server.isDown = false;
    server.file += lines(101, 102);
    expect(await tail.read()).toBe("grown");
    expect(tail.text).toBe(server.file);
  });
});

it("fetches no more than what is new and an overlap", async () => {
  const server = serverOf({ withRanges: true });
  const tail = new MetricsTail("metrics.jsonl", server.fetch);
  server.file = lines(1, 10_000);
  await tail.read();
  server.sent = 0;
  const added = lines(10_001, 10_002);
  server.file += added;
  await tail.read();
  expect(server.sent).toBeLessThan(added.length + 1000);
});
