import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, totalmem } from "node:os";
import { dirname, join } from "node:path";
import * as native from "@dnc/engine-native";
import * as wasm from "@dnc/engine-wasm";
import type { BackendName } from "@dnc/settings/flags";
import { sharedLibraries } from "../backends/shared-libraries.js";
import { tf } from "../tensorflow.js";
import { size } from "../terminal/format.js";

/** Fact about a backend: label and text. */
export type Fact = readonly [label: string, text: string];

/** Collects facts about a backend on this machine, whether or not it works. Call it after starting the backend. */
export function factsOf(backend: BackendName): Fact[] {
  switch (backend) {
    case "cpu":
      return cpuFacts();
    case "webgpu":
      return webgpuFacts();
    case "node":
      return [packageFact("@tensorflow/tfjs-node"), ...libraryFacts()];
    case "cuda":
      return [packageFact("@tensorflow/tfjs-node-gpu"), ...libraryFacts(), ...nvidiaFacts()];
  }
}

/** More threads do not make these networks faster: the engines use no more by default. */
const MOST_THREADS = 8;

function cpuFacts(): Fact[] {
  const sets = wasm.availableInstructionSets();
  const threads = availableParallelism();
  return [
    ["CPU", `${cpus()[0]?.model.trim() ?? "unknown"}, ${threads} thread${threads === 1 ? "" : "s"}`],
    ["memory", size(totalmem())],
    ["native engine", nativeText()],
    [
      "WebAssembly",
      sets.length === 0 ? (wasm.whyUnavailable()?.replace(/^WebAssembly: /, "") ?? "not available") : sets.join(", "),
    ],
    ["threads", typeof SharedArrayBuffer === "undefined" ? "no shared memory: one" : "shared memory"],
    ["Node.js", process.versions.node],
  ];
}

/** Instruction sets and threads of the native engine; or why there is none, and how to get it. */
function nativeText(): string {
  const reason = native.whyUnavailable();
  if (reason === undefined) {
    const threads = Math.min(availableParallelism(), MOST_THREADS);
    const sets = native.availableInstructionSets().join(", ");
    return threads === 1 ? `${sets}; 1 thread` : `${sets}; up to ${threads} threads`;
  }
  const text = reason.replace(/^native engine: /, "");
  if (!/which is not installed$/.test(text)) return text;
  return `${text}: install @dnc/engine-native again, with its optional dependencies`;
}

/** Limits that the engine's kernels depend on, by their names in the WebGPU specification. */
const LIMITS = [
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxStorageBuffersPerShaderStage",
  "maxStorageBufferBindingSize",
] as const;

interface WebGpuDevice {
  readonly adapterInfo?: Readonly<Record<"vendor" | "architecture" | "device" | "description", string>>;
  readonly limits: Readonly<Record<(typeof LIMITS)[number], number>>;
}

function webgpuFacts(): Fact[] {
  const facts: Fact[] = [packageFact("webgpu"), packageFact("@tensorflow/tfjs-backend-webgpu")];
  if (process.platform === "linux") {
    facts.push(["Vulkan loader", sharedLibraries("libvulkan.so").join(", ") || "none (libvulkan.so.1)"]);
    facts.push(["GPU devices", graphicsNodes().join(", ") || "none in /dev"]);
    const icd = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES;
    if (icd) facts.push(["Vulkan driver", `${icd}${existsSync(icd) ? "" : ", which is not there"}`]);
  }
  if (tf.getBackend() !== "webgpu") return facts;
  const { adapterInfo, limits } = (tf.backend() as unknown as { device: WebGpuDevice }).device;
  const names = [adapterInfo?.vendor, adapterInfo?.architecture, adapterInfo?.device, adapterInfo?.description];
  facts.push(["adapter", names.filter((name) => name).join(", ") || "unknown"]);
  for (const limit of LIMITS) facts.push([limit, String(limits[limit])]);
  return facts;
}

/** Lists device files of graphics cards on Linux, including WSL. */
function graphicsNodes(): string[] {
  const names = [...namesIn("/dev"), ...namesIn("/dev/dri").map((name) => `dri/${name}`)];
  return names.filter((name) => /^(nvidia\d+|dxg|dri\/renderD.*)$/.test(name)).map((name) => `/dev/${name}`);
}

/** Lists the names in a folder; returns none if it does not exist. */
function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function libraryFacts(): Fact[] {
  if (tf.getBackend() !== "tensorflow") return [];
  const { binding, isUsingGpuDevice } = tf.backend() as unknown as {
    binding?: { TF_Version?: string };
    isUsingGpuDevice?: boolean;
  };
  return [
    ["libtensorflow", binding?.TF_Version ?? "unknown"],
    ["computes on", isUsingGpuDevice ? "a GPU" : "the CPU"],
  ];
}

function nvidiaFacts(): Fact[] {
  const gpus = "/proc/driver/nvidia/gpus";
  const models = namesIn(gpus).map((gpu) => firstMatch(join(gpus, gpu, "information"), /^Model:\s*(.+)$/m) ?? gpu);
  const driver = firstMatch("/proc/driver/nvidia/version", /Kernel Module\D*([\d.]+)/);
  const libraries = ["libcuda.so", "libcudart.so", "libcublas.so", "libcudnn.so"];
  const folders = bundledLibraries();
  return [
    ["NVIDIA driver", driver ?? "none"],
    ["NVIDIA GPU", models.join(", ") || "none"],
    ...libraries.map((name): Fact => [name, sharedLibraries(name, folders).join(", ") || "not found"]),
  ];
}

/** Lists the folders in which `npm run setup:cuda` puts NVIDIA's libraries, alongside the binding. */
function bundledLibraries(): string[] {
  try {
    const manifest = createRequire(import.meta.url).resolve("@tensorflow/tfjs-node-gpu/package.json");
    const nvidia = join(dirname(manifest), "deps", "nvidia");
    return namesIn(nvidia).map((name) => join(nvidia, name, "lib"));
  } catch {
    return [];
  }
}

function packageFact(name: string): Fact {
  try {
    return [name, createRequire(import.meta.url)(`${name}/package.json`).version];
  } catch {
    return [name, "not installed"];
  }
}

function firstMatch(file: string, pattern: RegExp): string | undefined {
  return existsSync(file) ? pattern.exec(readFileSync(file, "utf8"))?.[1] : undefined;
}
