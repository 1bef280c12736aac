/** Lays out libtensorflow and, for a GPU, the CUDA libraries, so that they find each other. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { home } from "../pnpm.mjs";
import { NativeError } from "./error.mjs";
import { download, nvidiaRequirements, unpack } from "./wheel.mjs";

/** Headers that the binding needs, below `tensorflow/include/`. */
export const HEADERS = [
  ...["c_api", "c_api_macros", "tf_attrtype", "tf_buffer", "tf_datatype", "tf_status", "tf_tensor", "tf_tstring"].map(
    (name) => `tensorflow/c/${name}.h`,
  ),
  "tensorflow/c/eager/c_api.h",
  "tensorflow/core/platform/ctstring.h",
  "tensorflow/core/platform/ctstring_internal.h",
  "tsl/platform/ctstring.h",
  "tsl/platform/ctstring_internal.h",
  "xla/tsl/c/tsl_status.h",
];
export const LIBRARIES = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];

const CONTENT = String.raw`tensorflow/lib\w+\.so\.2|tensorflow/include/(${HEADERS.join("|")})|[^/]+\.dist-info/METADATA`;
const NVIDIA_CONTENT = String.raw`nvidia/\w+/(lib|bin|nvvm)/.*`;

/**
 * Unpacks the library in the layout of its wheels: `tensorflow/lib*.so.2`, `tensorflow/include/`, and for a GPU
 * `nvidia/<name>/lib/`, where the library looks for them. The folder appears atomically.
 *
 * @param {import("./kinds.mjs").Kind} kind
 * @param {{ tensorflow: string, wheel?: string, libraries?: string }} options - options of the command.
 * @returns {Promise<string>} its folder.
 * @throws NativeError if something is not available.
 */
export async function layOut(kind, { tensorflow, wheel, libraries }) {
  const place = join(home, "libtensorflow", `${kind.archive}-${tensorflow}`);
  const isExplicit = wheel !== undefined || libraries !== undefined;
  if (existsSync(place) && !isExplicit) return place;
  mkdirSync(join(home, "libtensorflow"), { recursive: true });
  const draft = mkdtempSync(join(home, "libtensorflow", "draft-"));
  try {
    const [file] = wheel ? [wheel] : await download([`${kind.wheel}==${tensorflow}`], draft);
    await unpack(file, draft, CONTENT);
    if (!wheel) rmSync(file);
    checkContent(draft, file);
    if (kind.archive === "gpu") await addNvidia(draft, libraries);
    rmSync(place, { recursive: true, force: true });
    renameSync(draft, place);
    return place;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function checkContent(folder, wheel) {
  const expected = [...LIBRARIES, ...HEADERS.map((header) => `include/${header}`)];
  const missing = expected.filter((name) => !existsSync(join(folder, "tensorflow", name)));
  if (missing.length > 0)
    throw new NativeError(`${wheel} is not a wheel of TensorFlow 2.21 or newer: it lacks ${missing.join(", ")}`);
}

async function addNvidia(folder, libraries) {
  if (libraries !== undefined) return linkLibraries(folder, libraries);
  const wheels = await download(nvidiaRequirements(folder), folder);
  for (const wheel of wheels) {
    await unpack(wheel, folder, NVIDIA_CONTENT);
    rmSync(wheel);
  }
}

/** Links the libraries of a folder and its subfolders to the place where TensorFlow looks first. */
function linkLibraries(folder, libraries) {
  const entries = readdirSync(libraries, { recursive: true, withFileTypes: true });
  const found = entries.filter(({ name }) => /^lib.*\.so(\.\d+)*$/.test(name));
  if (!found.some(({ name }) => name.startsWith("libcudart.so")))
    throw new NativeError(`--libraries: expected a folder with libcudart.so, got ${libraries}`);
  const place = join(folder, "nvidia", "cuda_runtime", "lib");
  mkdirSync(place, { recursive: true });
  for (const { parentPath, name } of found)
    if (!existsSync(join(place, name))) symlinkSync(join(parentPath, name), join(place, name));
}
