import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";

const PAGE = fileURLToPath(new URL("../../dist/page", import.meta.url));
/** The most that the page may have, compressed and with all its networks: 1.5 MB. */
const MOST = 1_500_000;

it("the page has less than 1.5 MB after gzip, with everything", () => {
  const paths = readdirSync(PAGE, { recursive: true }).map((name) => join(PAGE, String(name)));
  const files = paths.filter((path) => statSync(path).isFile());
  const networks = files.filter((path) => path.endsWith(".safetensors"));
  expect(networks.length).toBeGreaterThan(1);
  const size = files.reduce((sum, path) => sum + gzipSync(readFileSync(path), { level: 9 }).length, 0);
  console.log(`the page: ${size} bytes after gzip in ${files.length} files, of ${MOST}`);
  expect(size).toBeLessThan(MOST);
});

it("the page refers to no other host", () => {
  const texts = readdirSync(PAGE, { recursive: true })
    .map(String)
    .filter((name) => /\.(html|css)$/.test(name));
  expect(texts.length).toBeGreaterThan(1);
  for (const name of texts)
    expect(readFileSync(join(PAGE, name), "utf8"), name).not.toMatch(
      /(src|href)="https?:|url\(["']?(https?:|\/\/)|@import/,
    );
});
