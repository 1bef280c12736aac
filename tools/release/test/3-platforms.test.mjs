/** The platform packages of the native engine: as published, and as package managers install them. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { fetchNode, nodeVersions, resolveNode } from "../../compat/node.mjs";
import { platformFields } from "../../native-engine/targets.mjs";
import { run } from "../../process.mjs";
import { platformPackages, targetOf } from "../packages.mjs";
import { emptyProject, install, installedPackages, MANAGERS, outside } from "../project.mjs";
import { realBinary, target } from "./binaries.mjs";
import { onRegistry } from "./support.mjs";

const { place, clone, maintainer } = inject("world");
const settings = { userconfig: maintainer, caches: join(place, "caches") };
const TRAINER = "@dnc/trainer";
const PROGRAM = `node_modules/${TRAINER}/bin/dnc.js`;

/** The versions of Node.js to train with: the oldest supported one, and the newest. */
const NODES = ["20", "newest"];

describe("the registry", () => {
  it.each(platformPackages())(
    "has $name for its platform only, and it runs nothing when it is installed",
    async (each) => {
      const { versions } = await onRegistry(each.name);
      const { os, cpu, libc, scripts, hasInstallScript } = versions["1.0.0"];
      expect(JSON.stringify({ os, cpu, libc })).toBe(JSON.stringify(platformFields(targetOf(each.name))));
      expect([scripts, hasInstallScript]).toEqual([undefined, undefined]);
    },
  );

  it("has an engine that depends on exactly their versions", async () => {
    const { versions } = await onRegistry("@dnc/engine-native");
    const expected = platformPackages().map(({ name }) => [name, "1.0.0"]);
    expect(versions["1.0.0"].optionalDependencies).toEqual(Object.fromEntries(expected));
  });
});

describe.skipIf(realBinary === undefined)(
  "the native engine from the registry (needs the native engine, built with zig; npm run build:native -- --all)",
  () => {
    const programs = {};
    let inClone;
    beforeAll(async () => {
      const versions = await nodeVersions();
      const fetched = async (wanted) => (await fetchNode(resolveNode(wanted, ">=20.19", versions))).program;
      const isThis = (wanted) => process.version.startsWith(`v${wanted}.`); // which saves a download
      for (const wanted of NODES) programs[wanted] = isThis(wanted) ? process.execPath : await fetched(wanted);
      inClone = await trained(process.execPath, join(clone, "apps/trainer/bin/dnc.js"), "clone");
      expect(inClone.engine).toBe("native");
    });

    describe.each(Object.keys(MANAGERS))("installed by %s", (manager) => {
      let project;
      beforeAll(async () => {
        project = await projectOf(manager);
      });

      it("is the binary for this machine and no other, as it was built for this release", () => {
        const installed = installedPackages(manager, project);
        const [name, ...others] = Object.keys(installed).filter((each) => targetOf(each) !== undefined);
        expect([name, others]).toEqual([`@dnc/engine-native-${target}`, []]);
        const [folder] = MANAGERS[manager].installed(project).filter((each) => each.endsWith(name));
        expect(readFileSync(join(project, folder, "engine.node")).equals(readFileSync(realBinary))).toBe(true);
      });

      it.each(NODES)("trains in Node.js %s, to the same bits as in a clone", async (node) => {
        expect(await trained(programs[node], join(project, PROGRAM), `${manager}-${node}`)).toEqual(inClone);
      });
    });
  },
);

describe("without optional dependencies", () => {
  const project = join(place, "without-optional");
  beforeAll(async () => {
    emptyProject(project);
    await install("npm", ["--omit=optional", TRAINER], project, settings);
  });

  it("there is no binary, and training runs in WebAssembly", async () => {
    expect(Object.keys(installedPackages("npm", project)).filter((each) => targetOf(each) !== undefined)).toEqual([]);
    const { engine } = await trained(process.execPath, join(project, PROGRAM), "without-optional");
    expect(engine).toBe("wasm");
  });

  it("dnc doctor says why, and --engine=native is refused with the reason", async () => {
    const reason =
      target === undefined
        ? /native engine:? +expected one of linux-x64, .*, got/
        : new RegExp(`native(?: engine)?:? +expected the package @dnc/engine-native-${target}, which is not installed`);
    const doctor = await dnc(process.execPath, join(project, PROGRAM), ["doctor", "--backend=cpu"]);
    expect(doctor.output).toMatch(reason);
    const refused = await dnc(process.execPath, join(project, PROGRAM), ["train", "--engine=native"]);
    expect(refused.status).toBe(2);
    expect(refused.output).toMatch(reason);
  });
});

/** Returns a project with the trainer, which an earlier file may have installed. */
async function projectOf(manager) {
  const project = join(place, `${manager}-trainer`);
  if (existsSync(project)) return project;
  await install(manager, [TRAINER], emptyProject(project), settings);
  return project;
}

/** Trains for some iterations. @returns the engine, the instruction set and hashes of the numbers that it ends with. */
async function trained(node, program, name) {
  const folder = join(place, `run-${name}`);
  const { status, output } = await dnc(node, program, [
    ...["train", "--backend=cpu", "--num_training_iterations=20", "--report_interval=10", "--seed=1"],
    `--checkpoint_dir=${folder}`,
  ]);
  expect(status, output).toBe(0);
  const read = (file) => readFileSync(join(folder, "checkpoints/step-00000020", file));
  const { engine, instruction_set: instructionSet } = JSON.parse(read("state.json"));
  const [model, optimizer] = ["model", "optimizer"].map((file) =>
    createHash("sha256")
      .update(read(`${file}.safetensors`))
      .digest("hex"),
  );
  return { engine, instructionSet, model, optimizer };
}

function dnc(node, program, args) {
  return run([node, program, ...args], { cwd: place, env: outside(maintainer) });
}
