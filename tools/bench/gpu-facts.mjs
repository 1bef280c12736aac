/** Facts about a machine with a GPU that matter when a measurement is read, as text. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";
import { runLimited } from "./limited.mjs";

/** Folders of Vulkan's drivers: those that the loader searches, and that of NVIDIA's files in some containers. */
const DRIVER_FOLDERS = [
  ...["/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/usr/share/vulkan/icd.d"],
  "/usr/local/nvidia/share/vulkan/icd.d",
];
const DRIVER_VARIABLES = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"];
/** Environment variables that are shown: they decide which driver and which libraries are used. */
const VARIABLES = /^(VK_|CUDA|NVIDIA|XLA|JAX|TORCH|LD_LIBRARY_PATH$)/;
/** NVIDIA's Vulkan driver, under either name. */
const NVIDIA_DRIVERS = ["libGLX_nvidia.so.0", "libEGL_nvidia.so.0"];
const VERSIONS = `
import importlib
for name in ("numpy", "jax", "torch", "triton"):
    try: print(name, importlib.import_module(name).__version__)
    except Exception as error: print(name, "-", type(error).__name__, error)
try:
    import jax; print("JAX's devices:", jax.devices())
except Exception as error: print("JAX's devices: none,", type(error).__name__)
try:
    import torch; print("PyTorch's GPU:", torch.cuda.get_device_name() if torch.cuda.is_available() else "none", "CUDA", torch.version.cuda)
except Exception as error: print("PyTorch's GPU: none,", type(error).__name__)
`;
/** Longest time for one program, in seconds. */
const PROGRAM_SECONDS = 60;

/**
 * Asks the machine. A program that is missing or fails gives one line.
 *
 * @param {object} options
 * @param {string} options.python - the Python of the peers.
 * @param {number} options.seconds - longest time for all.
 * @returns {Promise<string>} sections with a title each.
 */
export async function gpuFacts({ python, seconds }) {
  const end = performance.now() + 1000 * seconds;
  const ask = async (command) => {
    const rest = Math.max(1, Math.min(PROGRAM_SECONDS, (end - performance.now()) / 1000));
    const { output, reason } = await runLimited(command, { seconds: rest });
    return [output.trimEnd(), ...(reason === undefined ? [] : [`${command[0]}: ${reason}`])].filter(Boolean).join("\n");
  };
  const libraries = await ask([
    "sh",
    "-c",
    "PATH=$PATH:/sbin ldconfig -p | grep -E 'vulkan|nvidia|libcuda|libX11|libGLdispatch'",
  ]);
  const drivers = NVIDIA_DRIVERS.map(
    (name) => new RegExp(`=> (\\S*${name.replaceAll(".", "\\.")})$`, "m").exec(libraries)?.[1],
  );
  const missing = drivers
    .filter(Boolean)
    .map((driver) => ["sh", "-c", `ldd ${driver} | grep -E 'not found' || echo '${driver}: all libraries found'`]);
  const sections = [
    [
      "System",
      await ask([
        "sh",
        "-c",
        "date -u; uname -a; grep PRETTY_NAME /etc/os-release; nproc; free -h; ldd --version | head -n 1",
      ]),
    ],
    ["nvidia-smi", await ask(["nvidia-smi"])],
    ["Clocks and limits", await ask(["nvidia-smi", "-q", "-d", "CLOCK,POWER,PERFORMANCE,COMPUTE"])],
    [
      "Device files",
      listed("/dev")
        .filter((name) => /^(nvidia|dri|dxg)/.test(name))
        .join(" ") || "none",
    ],
    ["Vulkan drivers", vulkanDrivers().join("\n") || "none"],
    ["Libraries", [libraries, ...(await inTurn(missing, ask))].join("\n")],
    ["Adapters of WebGPU", await ask([process.execPath, join(root, "tools/bench/gpu-adapters.mjs")])],
    ["Python", await ask([python, "-c", `import sys; print(sys.version)\n${VERSIONS}`])],
    ["Environment", environment().join("\n")],
  ];
  return sections.map(([title, text]) => `== ${title}\n${text}\n`).join("\n");
}

async function inTurn(commands, ask) {
  const answers = [];
  for (const command of commands) answers.push(await ask(command));
  return answers;
}

function vulkanDrivers() {
  const named = DRIVER_VARIABLES.flatMap((name) => (process.env[name] ?? "").split(":")).filter(Boolean);
  const found = DRIVER_FOLDERS.flatMap((folder) => listed(folder).map((file) => join(folder, file)));
  return [...new Set([...named, ...found])].map((file) => {
    const text = existsSync(file) ? readFileSync(file, "utf8") : "no such file";
    return `${file}: ${text.replace(/\s+/g, " ").trim()}`;
  });
}

function environment() {
  const names = Object.keys(process.env).filter((name) => VARIABLES.test(name));
  return names.sort().map((name) => `${name}=${process.env[name]}`);
}

function listed(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}
