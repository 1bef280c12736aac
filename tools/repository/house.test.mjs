import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../pnpm.mjs";
import { apps, engines, libraries, member, published, sources } from "./workspace.mjs";

/** The packages that each package may import; dependencies run in one direction. */
const arrows = {
  addressing: [],
  access: ["@dnc/addressing"],
  controller: ["@dnc/addressing"],
  core: ["@dnc/access", "@dnc/addressing", "@dnc/controller"],
  tasks: [],
  training: ["@dnc/core", "@dnc/tasks"],
  checkpoint: ["@dnc/core"],
  report: [],
  runs: ["@dnc/checkpoint", "@dnc/core", "@dnc/report", "@dnc/tasks", "@dnc/training"],
  settings: ["@dnc/checkpoint", "@dnc/core", "@dnc/report", "@dnc/tasks", "@dnc/training"],
  pretrained: [],
};

/** Of our packages, engines depend on core; those that run the C kernel also on the kernel. */
const ofEngine = (name) => (/^engine-(wasm|native)$/.test(name) ? ["@dnc/core", "@dnc/kernel"] : ["@dnc/core"]);

/** Lists the modules that a source file imports, without relative ones. */
function imports(text) {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"./][^"]*)"/g)].map(([, module]) => module);
}

describe.each(libraries)("the sources of %s", (name) => {
  const files = Object.entries(sources(name));

  it("import only declared dependencies, in the allowed direction", () => {
    const { dependencies = {}, peerDependencies = {} } = member(name).manifest;
    const declared = Object.keys({ ...dependencies, ...peerDependencies });
    expect(declared.filter((module) => module.startsWith("@dnc/")).sort()).toEqual(arrows[name]);
    const onlyNode = (file) => name === "runs" || /[/\\]src[/\\]node[/\\]/.test(file);
    for (const [file, text] of files)
      for (const module of imports(text))
        expect(
          declared.some((known) => module === known || module.startsWith(`${known}/`)) ||
            (module.startsWith("node:") && onlyNode(file)),
          `${file}: ${module}`,
        ).toBe(true);
  });

  it("do not choose a backend or wait for data", () => {
    const reads = /\b(dataSync|arraySync|setBackend|registerBackend)\b/;
    const waits = /await \w+(\.\w+)*\.(data|array)(<[^>]*>)?\(/;
    const canBlock =
      /(trace|checkpoint[/\\]src[/\\]variables|runs[/\\]src[/\\]recording[/\\]draw-sample|training[/\\]src[/\\](predict|train-step|roll-out|trace-sequence|engine-runner|carried-state))\.ts$/;
    for (const [file, text] of files) {
      expect(reads.test(text), file).toBe(false);
      if (!canBlock.test(file)) expect(waits.test(text), file).toBe(false);
      expect(text.includes("export *"), file).toBe(false);
    }
  });
});

describe.each(Object.keys(engines))("the sources of %s", (name) => {
  const files = Object.entries(sources(name)).filter(([file]) => !file.includes("generated"));

  it("import only declared dependencies, and of our packages only the engine contract and the kernel", () => {
    const { dependencies = {}, peerDependencies = {} } = member(name).manifest;
    const declared = Object.keys({ ...dependencies, ...peerDependencies });
    expect(declared.filter((module) => module.startsWith("@dnc/"))).toEqual(ofEngine(name));
    const known = [...declared.filter((module) => module !== "@dnc/core"), "@dnc/core/engine"];
    for (const [file, text] of files)
      for (const module of imports(text))
        if (!(name === "engine-native" && module.startsWith("node:")))
          expect(known, `${file}: ${module}`).toContain(module);
  });
});

it("of checkpoint, only the code that loads networks imports core", () => {
  for (const [file, text] of Object.entries(sources("checkpoint"))) {
    const isNetwork = /src[/\\](network[/\\][^/\\]+|node[/\\]network)\.ts$/.test(file);
    expect(isNetwork || !/"@dnc\/core"|network(\/[^"]+)?\.js"/.test(text), file).toBe(true);
  }
});

describe("the repository", () => {
  const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n");

  it("publishes its libraries, its engines and its programs, each of which is checked here, and nothing else", () => {
    expect(published).toEqual([...libraries, ...Object.keys(engines), ...apps]);
    expect(Object.keys(arrows)).toEqual(libraries);
  });

  it("names no path of the machine it was written on", () => {
    const texts = tracked.filter((file) => !/(^pnpm-lock\.yaml|\.png|\.safetensors)$/.test(file));
    const machine = new RegExp(`(^|[^\\w.])/(${["work", "root", "home/[a-z]+"].join("|")})/`);
    for (const file of texts) expect(machine.test(readFileSync(join(root, file), "utf8")), file).toBe(false);
  });

  it("has a README whose npm commands are scripts and whose flags the trainer knows", () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const commands = [...readme.matchAll(/\bnpm (?:run )?([\w:]+)/g)].map(([, script]) => script);
    for (const script of commands.filter((word) => word !== "install" && word !== "i"))
      expect(scripts).toHaveProperty([script]);
    const help = ["train", "eval", "trace", "report"]
      .map((command) =>
        execFileSync(process.execPath, ["apps/trainer/bin/dnc.js", command, "--help"], { cwd: root, encoding: "utf8" }),
      )
      .join("\n");
    const about = readme.split("## ").filter((section) => /^(Two commands|The flags)/.test(section));
    const flags = new Set(about.flatMap((section) => section.match(/--[a-z]+(?:_[a-z]+)*\b/g)));
    expect(flags.size).toBeGreaterThan(10);
    for (const flag of flags) expect(help).toContain(flag);
  });
});
