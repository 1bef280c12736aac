import { readFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { filtersOf, GROUPS, groupsOfTrainer, toolManifests } from "../dependencies.mjs";
import { root } from "../pnpm.mjs";

const manifests = toolManifests().map((file) => ({ file, manifest: JSON.parse(readFileSync(file, "utf8")) }));

describe("the groups of dependencies", () => {
  it("have each project of the workspace once", () => {
    const names = manifests.map(({ manifest }) => manifest.name);
    const filters = filtersOf(GROUPS).map((filter) => filter.replace("--filter=", ""));
    const folders = ["./packages/*", "./apps/*", "./examples/*"];
    expect(["dnc-workspace", ...filters].toSorted()).toEqual([...folders, ...names].toSorted());
  });

  it("are private, and have each version once: in the catalog if several need it", () => {
    const seen = new Map();
    for (const { file, manifest } of manifests) {
      expect(manifest.private, file).toBe(true);
      for (const [name, version] of Object.entries(manifest.devDependencies)) {
        if (version.startsWith("catalog:") || version.startsWith("workspace:")) continue;
        expect(seen.get(name), `${name} in ${relative(root, dirname(file))}`).toBeUndefined();
        seen.set(name, version);
      }
    }
  });

  it("of the trainer include WebGPU if there may be a GPU, or the command is about one", () => {
    for (const args of [["doctor"], ["train", "--backend=webgpu"], ["eval", "RUN", "--backend", "webgpu"]])
      expect(groupsOfTrainer(args)).toEqual(["training", "gpu"]);
    expect(groupsOfTrainer(["train"])[0]).toBe("training");
  });
});
