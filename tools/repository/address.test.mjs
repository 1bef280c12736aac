import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { root } from "../pnpm.mjs";
import { missingAddress } from "../release/address.mjs";
import { copyClone } from "../release/copy.mjs";
import { releasedPackages } from "../release/packages.mjs";
import { outside } from "../release/project.mjs";

const ALL = {
  repository: { type: "git", url: "git+https://a.invalid/b.git" },
  homepage: "https://a.invalid",
  bugs: "https://a.invalid",
};
const named = (name, manifest) => ({ name, version: "1.0.0", folder: `packages/${name}`, manifest });

it("packages have an address, or the missing fields are listed by package", () => {
  expect(missingAddress([named("a", ALL), named("b", { ...ALL, bugs: { url: "https://a.invalid" } })])).toBeUndefined();
  const [none, some] = [named("c", {}), named("d", { ...ALL, homepage: " ", bugs: { email: "a@b.invalid" } })];
  expect(missingAddress([named("a", ALL), none, some, named("e", {})])).toBe(
    "package.json: expected the address of the repository, but these fields are missing: repository, homepage, bugs in c, e; homepage, bugs in d",
  );
});

it("a release without an address is refused before anything else happens", async () => {
  await withoutHomepage(async (clone, env, sentence) => {
    const options = { cwd: clone, env, encoding: "utf8" };
    const { status, stdout, stderr } = spawnSync(process.execPath, ["tools/release.mjs"], options);
    expect([status, stdout, stderr]).toEqual([1, "", `release: ${sentence}\n`]);
  });
});

it("--dry_run says first that a release would not begin without an address", async () => {
  await withoutHomepage(async (clone, env, sentence) => {
    const child = spawn(process.execPath, ["tools/release.mjs", "--dry_run"], { cwd: clone, env });
    const closed = once(child, "close");
    const [line] = await once(createInterface(child.stdout), "line");
    child.kill(); // What comes next needs everything installed: the tests of releases have it.
    await closed;
    expect(line).toBe(`It would not begin: ${sentence}`);
  });
});

it("no address is invented", () => {
  for (const file of ["LICENSE", "CITATION.cff"]) {
    const text = readFileSync(join(root, file), "utf8");
    expect(text, file).not.toMatch(/^(repository|repository-code|url):/m);
    expect(text, file).not.toMatch(/https?:\/\/(?!doi\.org|www\.apache\.org)/);
  }
});

function state(cwd) {
  return (
    execFileSync("git", ["status", "--porcelain"], { cwd, encoding: "utf8" }) +
    execFileSync("git", ["log", "--format=%H"], { cwd })
  );
}

/** Calls `check` with a clone whose packages have no homepage, an environment without a registry, and the message; then the clone is unchanged. */
async function withoutHomepage(check) {
  const place = mkdtempSync(join(tmpdir(), "dnc-address-"));
  try {
    const clone = join(place, "clone");
    copyClone(clone);
    for (const { folder } of releasedPackages()) {
      const file = join(clone, folder, "package.json");
      const { homepage: _, ...manifest } = JSON.parse(readFileSync(file, "utf8"));
      writeFileSync(file, JSON.stringify({ ...manifest, repository: ALL.repository, bugs: ALL.bugs }, undefined, 2));
    }
    const before = state(clone);
    const env = { ...outside(), npm_config_registry: "http://127.0.0.1:9/", npm_config_fetch_retries: "0" };
    const names = releasedPackages().map(({ name }) => name);
    const sentence = `package.json: expected the address of the repository, but these fields are missing: homepage in ${names.join(", ")}`;
    await check(clone, env, sentence);
    expect(state(clone)).toBe(before);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
