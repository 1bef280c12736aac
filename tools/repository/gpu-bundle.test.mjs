/** Tests the folder that `npm run bundle:gpu` makes: its contents, its size, and that it runs where nothing else is. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../pnpm.mjs";
import { withVulkan } from "../testing/vulkan.mjs";

const isLinux = `${process.platform} ${process.arch}` === "linux x64";
const folder = mkdtempSync(join(tmpdir(), "dnc-gpu-bundle-"));
const place = (name) => join(folder, name);
const bundle = place("bundle");
const CASE = "core-dnc__small-h8-n6-w4-r2-clip20-zerostate.json";
/** Programs that the scripts of a bundle call, which are all that is on the path. */
const PROGRAMS = ["sh", "uname", "dirname", "mkdir", "cp", "mv", "rm", "ls", "chmod", "gzip", "ldconfig"];

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!isLinux)("a bundle for a machine with a GPU (needs Linux on x64)", () => {
  beforeAll(() => {
    mkdirSync(place("peers"));
    for (const name of ["bench_jax.py", "notes.txt"]) writeFileSync(join(folder, "peers", name), "");
    mkdirSync(place("cases"));
    copyFileSync(join(root, "tools/parity/cases", CASE), join(folder, "cases", CASE));
    for (const empty of ["home", "bin"]) mkdirSync(place(empty));
    for (const program of PROGRAMS) {
      const path = ["/bin", "/sbin"].map((each) => join(each, program)).find(existsSync);
      writeFileSync(join(folder, "bin", program), `#!/bin/sh\nexec ${path} "$@"\n`, { mode: 0o755 });
    }
    const flags = [`--out=${bundle}`, `--peers=${place("peers")}`];
    execFileSync(process.execPath, [join(root, "tools/bundle-gpu.mjs"), ...flags], { stdio: "pipe" });
  });

  it("has the programs and what they load, no sources, no tests, and is below 60 MiB", () => {
    const files = readdirSync(bundle, { recursive: true }).filter((file) => statSync(join(bundle, file)).isFile());
    expect(files.filter((file) => /\.(ts|map|test\.m?js)$|tfjs-node|typescript|vitest/.test(file))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        ...["run.sh", "dnc.sh", "README.txt", "LICENSE", "bin/node.gz", "licenses/node.txt", "peers/bench_jax.py"],
        ...["apps/trainer/dist/main.js", "node_modules/@dnc/engine-webgpu/dist/index.js", `tools/parity/cases/${CASE}`],
        ...["node_modules/webgpu/dist/linux-x64/dawn.node.gz", "node_modules/webgpu/LICENSE.md"],
      ]),
    );
    expect(files).not.toContain("peers/notes.txt");
    const licensed = readdirSync(join(bundle, "lib")).length + 1; // and Node.js
    expect(readdirSync(join(bundle, "licenses"))).toHaveLength(licensed);
    const bytes = files.reduce((sum, file) => sum + statSync(join(bundle, file)).size, 0);
    expect(bytes / 2 ** 20).toBeLessThan(60);
  });

  it("takes the flags that its page and the guide show", () => {
    const pages = ["tools/gpu-bundle/files/README.txt", "docs/guide/gpu.md"].map((page) => join(root, page));
    const shown = pages.flatMap((page) => [
      ...readFileSync(page, "utf8").matchAll(/^ +\.\/run\.sh(.*?)(?: {2,}.*)?$/gm),
    ]);
    expect(shown.length).toBeGreaterThan(6);
    const script = join(root, "tools/bench/gpu.mjs");
    for (const [, flags] of shown) {
      const args = flags.split(" ").filter(Boolean).concat("--help"); // flags before --help are checked
      expect(spawnSync(process.execPath, [script, ...args]).status, flags).toBe(0);
    }
  });

  it("runs doctor and compares a case with no other Node.js, an empty home, and no network where it can be cut off", () => {
    const { stdout } = inside(["dnc.sh", "doctor", "--backend=cpu"]);
    expect(stdout).toMatch(/^cpu +works .* the loss is that of the reference step$/m);
    expect(stdout).toMatch(new RegExp(`Node\\.js +${process.versions.node}$`, "m"));
    const compared = inside(["start.sh", join(bundle, "tools/parity.mjs"), place("cases"), "--engine=wasm"]);
    expect(compared.stdout).toMatch(/^1 passed, 0 failed$/m);
    expect(readdirSync(place("home"))).toEqual([]);
  });

  const hasAdapter = withVulkan({}).VK_ICD_FILENAMES !== undefined;
  it.skipIf(!hasAdapter)("measures on WebGPU (needs a WebGPU adapter; apt-get install chromium libvulkan1)", () => {
    const out = place("results");
    const flags = ["--parts=parity,tune", `--reference=${place("cases")}`, "--workloads=S", `--out=${out}`];
    const { status } = inside(["run.sh", ...flags], withVulkan({}));
    expect(readFileSync(join(out, "parity-webgpu.txt"), "utf8")).toMatch(/^1 passed, 0 failed$/m);
    expect(status).toBe(1); // without Python no peer runs, and each says so in one line
    const failures = readFileSync(join(out, "failures.jsonl"), "utf8").trim().split("\n");
    expect(failures.map((line) => JSON.parse(line).what)).toEqual([
      "JAX is left out: did not start: ENOENT",
      "PyTorch is left out: did not start: ENOENT",
    ]);
  });
});

/** Runs a script of the bundle as on a bare machine; without the network where this user may cut it off. */
function inside([script, ...args], env = {}) {
  const command = [...withoutNetwork(), "/bin/sh", join(bundle, script), ...args];
  return spawnSync(command[0], command.slice(1), {
    cwd: place("home"),
    env: { ...env, PATH: place("bin"), HOME: place("home") },
    encoding: "utf8",
  });
}

/** Returns the words before a command that cut off the network; none if this user must not. */
function withoutNetwork() {
  const ways = [["--net"], ["--map-root-user", "--net"]].map((options) => ["/usr/bin/unshare", ...options]);
  return ways.find(([program, ...options]) => spawnSync(program, [...options, "/bin/true"]).status === 0) ?? [];
}
