/**
 * The groups in which dependencies are installed: a command installs those that it needs, and no more.
 *
 * pnpm always installs those of the workspace's root, so these are what every group has anyway.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "./pnpm.mjs";

/** The projects of the workspace in each group, as pnpm's filters. */
const FILTERS = {
  /** Builds the packages and trains. */
  training: ["./packages/*", "./apps/*", "dnc-build"],
  /** WebGPU in Node. */
  gpu: ["dnc-gpu"],
  /** Tests, benchmarks and whatever else imports the packages in this clone. */
  tests: ["dnc-tests", "./examples/*"],
  /** Lints and formats. */
  lint: ["dnc-lint"],
  /** Makes the pages of the API. */
  docs: ["dnc-docs"],
  /** Checks and releases packages. */
  release: ["dnc-release"],
};

/** The names of all groups. */
export const GROUPS = Object.keys(FILTERS);

/** What nearly every command but the trainer needs. */
export const DEVELOPMENT = ["training", "tests"];

/** pnpm's arguments that install these groups, and leave the others as they are. */
export function filtersOf(groups) {
  return groups.flatMap((group) => FILTERS[group]).map((filter) => `--filter=${filter}`);
}

/** The groups whose dependencies are found from every folder: files of several import them. */
const SHARED = { gpu: "tools/gpu", tests: "tools/testing" };

/**
 * Links what these groups share into the root's `node_modules`. pnpm's own way there, to hoist, passes over what a filtered
 * installation finds already there.
 */
export function linkShared(groups) {
  for (const { link, target } of sharedBy(groups)) {
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true }); // it may lead nowhere
    // A clone may be moved; Windows has no links of folders that are relative and need no privilege.
    symlinkSync(process.platform === "win32" ? target : relative(dirname(link), target), link, "junction");
  }
}

/** Whether what these groups share is found from every folder. */
export function isShared(groups) {
  return sharedBy(groups).every(({ link }) => existsSync(link));
}

function sharedBy(groups) {
  return groups.flatMap((group) => {
    if (SHARED[group] === undefined) return [];
    const folder = join(root, SHARED[group]);
    const { devDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return Object.keys(devDependencies).map((name) => ({
      link: join(root, "node_modules", name),
      target: join(folder, "node_modules", name),
    }));
  });
}

/** The manifests of all projects of the workspace that are no packages, by their paths. */
export function toolManifests() {
  const tools = readdirSync(join(root, "tools")).map((name) => join(root, "tools", name, "package.json"));
  return [join(root, "package.json"), ...tools.sort()].filter((file) => existsSync(file));
}

/**
 * What the trainer needs on this machine: where it may find a GPU, or is asked about one, WebGPU too, which is large. Without
 * a Vulkan loader it does not get that far on Linux.
 *
 * @param {string[]} args - of the trainer.
 */
export function groupsOfTrainer(args) {
  return mayUseGpu(args) ? ["training", "gpu"] : ["training"];
}

function mayUseGpu(args) {
  if (args.includes("doctor") || args.some((arg) => arg.includes("webgpu"))) return true;
  return process.platform !== "linux" || GPU_DEVICES.some((device) => existsSync(device));
}

/** Where Linux has GPUs: those with a driver for graphics, NVIDIA's own, and Windows' below it. */
const GPU_DEVICES = ["/dev/dri", "/dev/nvidia0", "/dev/dxg"];
