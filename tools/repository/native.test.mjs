/** Tests the set-up of native bindings with wheels of a few bytes. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { pack, served } from "../native/archive.mjs";
import { HEADERS, LIBRARIES, layOut } from "../native/library.mjs";
import { nvidiaRequirements } from "../native/wheel.mjs";
import { home, root } from "../pnpm.mjs";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const REQUIRED = ["nvidia-cublas-cu12<13.0,>=12.5.3.2", "nvidia-cudnn-cu12<10.0,>=9.3.0.75"];
const METADATA = [
  "Name: tensorflow",
  "Requires-Dist: numpy>=1.26.0",
  ...REQUIRED.map((requirement) => `Requires-Dist: ${requirement}; extra == "and-cuda"`),
  'Requires-Dist: nvidia-other; extra == "something-else"',
].join("\n");

/** Creates a folder below `.tools` that is removed after the test. */
function folder() {
  mkdirSync(join(home, "libtensorflow"), { recursive: true });
  const made = mkdtempSync(join(home, "libtensorflow", "test-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Creates a wheel with these files. */
function wheel(files) {
  const place = mkdtempSync(join(tmpdir(), "dnc-wheel-"));
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
  const content = join(place, "content");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(content, name)), { recursive: true });
    writeFileSync(join(content, name), text);
  }
  const file = join(place, "tensorflow-0.0.0-py3-none-any.whl");
  execFileSync("python3", ["-m", "zipfile", "-c", file, ...readdirSync(content)], { cwd: content });
  return file;
}

const TENSORFLOW = {
  ...Object.fromEntries(LIBRARIES.map((name) => [`tensorflow/${name}`, name])),
  ...Object.fromEntries(HEADERS.map((name) => [`tensorflow/include/${name}`, "// header"])),
  "tensorflow/python/module.py": "nobody needs it",
  "tensorflow-0.0.0.dist-info/METADATA": METADATA,
};

/** Runs `layOut` with a version that no wheel has, so that it does not find the clone's own library. */
async function laidOut(archive, options) {
  const tensorflow = `test-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const place = join(home, "libtensorflow", `${archive}-${tensorflow}`);
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
  return layOut({ archive, wheel: "tensorflow" }, { tensorflow, ...options });
}

describe.skipIf(!hasPython)("a library from a wheel (needs Python; apt-get install python3)", () => {
  it("has the two libraries and the headers, and nothing of Python's", async () => {
    const place = await laidOut("cpu", { wheel: wheel(TENSORFLOW) });
    const files = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files).toHaveLength(LIBRARIES.length + HEADERS.length + 1);
    expect(readFileSync(join(place, "tensorflow", LIBRARIES[0]), "utf8")).toBe(LIBRARIES[0]);
    expect(nvidiaRequirements(place)).toEqual(REQUIRED);
  });

  it("is refused if it is not TensorFlow's, and nothing remains", async () => {
    const before = readdirSync(join(home, "libtensorflow"));
    const { [`tensorflow/${LIBRARIES[0]}`]: _, ...without } = TENSORFLOW;
    await expect(laidOut("cpu", { wheel: wheel(without) })).rejects.toThrow(
      /is not a wheel of TensorFlow 2\.21 or newer: it lacks libtensorflow_cc\.so\.2$/,
    );
    const text = join(folder(), "text.whl");
    writeFileSync(text, "no archive");
    await expect(laidOut("cpu", { wheel: text })).rejects.toThrow(/^cannot take .*text\.whl apart: /);
    const after = readdirSync(join(home, "libtensorflow")).filter((name) => !name.startsWith("test-"));
    expect(after).toEqual(before.filter((name) => !name.startsWith("test-")));
  });

  it("finds installed CUDA libraries where it looks for NVIDIA's", async () => {
    const cuda = folder();
    mkdirSync(join(cuda, "lib64"));
    for (const name of ["libcudart.so.12", "libcudnn.so", "notes.txt"]) writeFileSync(join(cuda, "lib64", name), "");
    const place = await laidOut("gpu", { wheel: wheel(TENSORFLOW), libraries: cuda });
    const linked = join(place, "nvidia", "cuda_runtime", "lib");
    expect(readdirSync(linked).sort()).toEqual(["libcudart.so.12", "libcudnn.so"]);
    expect(readlinkSync(join(linked, "libcudnn.so"))).toBe(join(cuda, "lib64", "libcudnn.so"));
    await expect(laidOut("gpu", { wheel: wheel(TENSORFLOW), libraries: folder() })).rejects.toThrow(
      /^--libraries: expected a folder with libcudart\.so, got /,
    );
  });

  it("is packed as the install script expects, and served from 127.0.0.1", async () => {
    const place = await laidOut("cpu", { wheel: wheel(TENSORFLOW) });
    const unpacked = folder();
    await served(await pack(place), async (uri) => {
      expect(uri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/libtensorflow-$/);
      const response = await fetch(`${uri}cpu-linux-x86_64-2.9.1.tar.gz`);
      writeFileSync(join(unpacked, "archive.tar.gz"), Buffer.from(await response.arrayBuffer()));
    });
    execFileSync("tar", ["-xzf", "archive.tar.gz"], { cwd: unpacked });
    for (const name of ["libtensorflow.so", "libtensorflow.so.2.9.1", "libtensorflow_framework.so"])
      expect(readFileSync(join(unpacked, "lib", name), "utf8")).toMatch(/^libtensorflow_/);
    for (const header of HEADERS) expect(existsSync(join(unpacked, "include", header)), header).toBe(true);
  });
});

describe("setup:node and setup:cuda", () => {
  const setUp = (...args) =>
    spawnSync(process.execPath, ["tools/setup-native.mjs", ...args], { cwd: root, encoding: "utf8" });

  it.each([
    [["--kind=gpu"], '--kind: expected one of node, cuda, got "gpu".'],
    [["--kind=node", "--wheel=/nowhere.whl"], '--wheel: expected an existing path, got "/nowhere.whl".'],
    [["--kind=node", "--libraries=."], "--libraries: expected only with setup:cuda."],
    [["--kind=node", "--faster"], "unknown flag --faster"],
  ])("refuse %j in one sentence", (args, sentence) => {
    const { status, stderr } = setUp(...args);
    expect(status).toBe(2);
    expect(stderr.startsWith(`setup: ${sentence}`)).toBe(true);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
