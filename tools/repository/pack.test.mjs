/** Tests `npm run pack`: types the commands that it prints in projects outside the clone. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { binaryOf } from "../native-engine/compile.mjs";
import { thisTarget } from "../native-engine/targets.mjs";
import { contained, home, root } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { runFile, writeExamples } from "../release/examples.mjs";
import { releasedPackages, targetOf } from "../release/packages.mjs";
import { emptyProject, outside } from "../release/project.mjs";

const target = thisTarget();
const isBuilt = target !== undefined && existsSync(binaryOf(target));
const isPacked = (platform) => platform === undefined || (isBuilt && platform === target);
const packages = releasedPackages().filter(({ name }) => isPacked(targetOf(name)));
const tarballs = packages.map(({ name, version }) => `${name.slice(1).replace("/", "-")}-${version}.tgz`);
const expected = [...tarballs, "pnpm-workspace.yaml"].sort();

let place;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "dnc-packed-"));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Runs it like `npm run` from a folder. */
function pack(args, from = place) {
  const env = { ...process.env, INIT_CWD: from };
  return run([process.execPath, join(root, "tools/pack.mjs"), ...args], { cwd: root, env });
}

describe("npm run pack refuses", () => {
  const USAGE = "Usage: npm run pack -- DIR, with DIR the folder that gets the tarballs.\n";

  it.each([
    [[], "DIR: expected one folder, got 0."],
    [["a", "b"], "DIR: expected one folder, got 2."],
    [["--out=a"], "unknown flag --out=a."],
  ])("%j", async (args, sentence) => {
    expect(await pack(args)).toEqual({ status: 2, output: `pack: ${sentence} ${USAGE}` });
    expect(readdirSync(place)).toEqual([]);
  });

  it.each([
    ["notes.txt", "mine"],
    ["dnc-core-notes.tgz", ""],
    ["other-1.0.0.tgz", ""],
    ["pnpm-workspace.yaml", "packages: []\n"],
  ])("a folder with a foreign file, %s, and does not change it", async (file, text) => {
    const folder = join(place, "somebody's");
    mkdirSync(folder);
    writeFileSync(join(folder, file), text);
    writeFileSync(join(folder, "dnc-core-0.9.0.tgz"), "");
    const { status, output } = await pack([folder]);
    const sentence = `expected a new folder, an empty one or one that was packed into before, got ${folder} with ${file}.`;
    expect([status, output]).toEqual([2, `pack: DIR: ${sentence} ${USAGE}`]);
    expect(readdirSync(folder).sort()).toEqual([file, "dnc-core-0.9.0.tgz"].sort());
    rmSync(folder, { recursive: true });
  });

  it("a file", async () => {
    const file = join(place, "file");
    writeFileSync(file, "");
    expect((await pack(["file"])).output).toBe(`pack: DIR: expected a folder, got the file ${file}. ${USAGE}`);
    rmSync(file);
  });
});

describe("the output of npm run pack", () => {
  const NAME = "it's packed"; // a name that needs quoting in a shell
  let lines, first;

  beforeAll(async () => {
    mkdirSync(join(place, NAME));
    for (const file of ["dnc-core-0.9.0.tgz", tarballs[0]]) writeFileSync(join(place, NAME, file), "older");
    const { status, output } = await pack([NAME]);
    expect(status, output).toBe(0);
    first = output.split("\n").find((line) => /^With(out)? the native engine/.test(line));
    lines = output.split("\n").filter((line) => line.startsWith("    "));
  });

  it("replaces the previous output, and contains nothing else", () => {
    expect(readdirSync(join(place, NAME)).sort()).toEqual(expected);
    for (const file of tarballs)
      expect(readFileSync(join(place, NAME, file)).subarray(0, 2)).toEqual(Buffer.of(31, 139));
  });

  it("begins with whether the native engine is in it", () => {
    const without = target === undefined ? "which is not made for this machine" : "which `npm run build:native` builds";
    expect(first).toBe(
      isBuilt
        ? `With the native engine for ${target} only: on another platform, leave its tarball out.`
        : `Without the native engine, ${without}: programs train in WebAssembly.`,
    );
  });

  it("is installed by npm with the printed commands, and runs an example and the command line there", async () => {
    const project = emptyProject(join(place, "npm"));
    await typed([lines[0]], project);
    for (const { name, version } of packages) {
      const manifest = JSON.parse(readFileSync(join(project, "node_modules", name, "package.json"), "utf8"));
      expect(manifest.version, name).toBe(version);
    }
    const [{ name }] = writeExamples(join(root, "packages/addressing"), project);
    const { status, output } = await runFile(project, `${name}.mjs`);
    expect(status, output).toBe(0);
    expect(output).toContain("Tensor");
    const help = await run([join(project, "node_modules/.bin/dnc"), "--help"], { cwd: project, env: outside() });
    expect(help.output).toMatch(/^Usage: dnc/m);
  });

  it.skipIf(!isBuilt)(
    "trains there with the native engine (needs the native engine; npm run build:native)",
    async () => {
      const project = join(place, "npm"); // of the test before
      const flags = ["--engine=native", "--backend=cpu", "--num_training_iterations=2", "--checkpoint_dir=run"];
      const program = join(project, "node_modules/.bin/dnc");
      const { status, output } = await run([program, "train", ...flags], { cwd: project, env: outside() });
      expect(status, output).toBe(0);
    },
  );

  it("is installed by pnpm with the printed commands", async () => {
    const project = emptyProject(join(place, "pnpm"));
    await typed(lines.slice(1), project);
    const lock = readFileSync(join(project, "pnpm-lock.yaml"), "utf8");
    for (const { name } of packages) expect(lock).toMatch(new RegExp(`^  '${name}@file:`, "m"));
  });
});

/** Types lines into a shell, in a project whose registry does not have `@dnc`. Downloads are cached. */
async function typed(commands, project) {
  writeFileSync(join(project, ".npmrc"), "@dnc:registry=http://127.0.0.1:9/\nfetch-retries=0\n");
  const env = {
    ...contained(outside(process.env.npm_config_userconfig)),
    npm_config_prefer_offline: "true",
    npm_config_ignore_scripts: "true",
    npm_config_omit: "optional",
    npm_config_lockfile_only: "true", // pnpm only resolves, which is enough here
    npm_config_store_dir: join(home, "pnpm-store"),
    npm_config_cache_dir: join(home, "pnpm-cache"),
  };
  const script = commands.map((line) => line.trim()).join("\n");
  const { status, output } = await run(["sh", "-e", "-c", script], { cwd: project, env });
  expect(status, output).toBe(0);
}
