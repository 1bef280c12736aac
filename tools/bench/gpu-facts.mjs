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
const NVIDIA_DRIVERS = /\/lib(GLX|EGL)_nvidia\.so\.0$/;
/** Libraries that Vulkan or CUDA may need. */
const LIBRARIES = /\/lib(vulkan|cuda|cudart|X11|Xext|GLdispatch|\w*nvidia[\w-]*)\.so\.\d+$/;
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
const PROGRAM_SECONDS = 100;

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
  const cache = await ask(["sh", "-c", "PATH=$PATH:/sbin:/usr/sbin ldconfig -p"]);
  const libraries = sharedLibraries(cache);
  const drivers = libraries.filter((file) => NVIDIA_DRIVERS.test(file)).map((driver) => missingLibraries(driver));
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
    ["Libraries", [...libraries, ...(await inTurn(drivers, ask))].join("\n") || "none"],
    ["Adapters of WebGPU", await ask([process.execPath, join(root, "tools/bench/gpu-adapters.mjs")])],
    ["Python", await ask([python, "-c", `import sys; print(sys.version)\n${VERSIONS}`])],
    ["Environment", environment().join("\n")],
  ];
  return sections.map(([title, text]) => `== ${title}\n${text}\n`).join("\n");
}

/** Lists the paths of libraries in the linker's cache and in the folders of LD_LIBRARY_PATH. */
function sharedLibraries(cache) {
  const cached = [...cache.matchAll(/ => (\S+)$/gm)].map(([, file]) => file);
  const folders = (process.env.LD_LIBRARY_PATH ?? "").split(":").filter(Boolean);
  const others = folders.flatMap((folder) => listed(folder).map((name) => join(folder, name)));
  return [...new Set([...cached, ...others])].filter((file) => LIBRARIES.test(file));
}

/** Returns the command that lists what a library needs and does not find. */
function missingLibraries(file) {
  return ["sh", "-c", 'ldd "$0" 2>&1 | grep "not found" || echo "$0: nothing is missing"', file];
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
