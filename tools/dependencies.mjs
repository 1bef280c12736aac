/**
 * Groups of dependencies: a command installs only the groups that it needs.
 *
 * pnpm always installs the dependencies of the workspace's root, so every group includes them.
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
  /** Tests, benchmarks and everything else that imports the packages in this clone. */
  tests: ["dnc-tests", "./examples/*"],
  /** Lints and formats. */
  lint: ["dnc-lint"],
  /** Generates the API pages. */
  docs: ["dnc-docs"],
  /** Checks and releases packages. */
  release: ["dnc-release"],
};

/** The names of all groups. */
export const GROUPS = Object.keys(FILTERS);

/** Groups that nearly every command except the trainer needs. */
export const DEVELOPMENT = ["training", "tests"];

/** Returns the pnpm arguments that install these groups and do not change the others. */
export function filtersOf(groups) {
  return groups.flatMap((group) => FILTERS[group]).map((filter) => `--filter=${filter}`);
}

/** Groups whose dependencies must be found from every folder, because files of several folders import them. */
const SHARED = { gpu: "tools/gpu", tests: "tools/testing" };

/**
 * Links the shared dependencies of these groups into the root's `node_modules`. pnpm's hoisting is not enough: a
 * filtered installation skips what is already installed.
 */
export function linkShared(groups) {
  for (const { link, target } of sharedBy(groups)) {
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true }); // it may be dangling
    // Relative links, because a clone may be moved; on Windows relative links of folders need a privilege.
    symlinkSync(process.platform === "win32" ? target : relative(dirname(link), target), link, "junction");
  }
}

/** Whether the shared dependencies of these groups are found from every folder. */
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

/** Lists the paths of the manifests of all workspace projects that are not packages. */
export function toolManifests() {
  const tools = readdirSync(join(root, "tools")).map((name) => join(root, "tools", name, "package.json"));
  return [join(root, "package.json"), ...tools.sort()].filter((file) => existsSync(file));
}

/**
 * Lists the groups that the trainer needs on this machine: if there may be a GPU, or the command is about one, also
 * WebGPU, which is large. On Linux WebGPU needs a Vulkan loader.
 *
 * @param {string[]} args - arguments of the trainer.
 */
export function groupsOfTrainer(args) {
  return mayUseGpu(args) ? ["training", "gpu"] : ["training"];
}

function mayUseGpu(args) {
  if (args.includes("doctor") || args.some((arg) => arg.includes("webgpu"))) return true;
  return process.platform !== "linux" || GPU_DEVICES.some((device) => existsSync(device));
}

/** Device files of GPUs on Linux: graphics drivers, NVIDIA, and WSL. */
const GPU_DEVICES = ["/dev/dri", "/dev/nvidia0", "/dev/dxg"];
