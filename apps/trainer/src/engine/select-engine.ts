import { type KernelEngine, registerEngine } from "@dnc/core/engine";
import { UsageError } from "@dnc/settings";
import type { BackendName } from "@dnc/settings/flags";
import { tf } from "../tensorflow.js";
import type { EngineName, EngineRecord } from "./engine-name.js";
import { type LoadedEngine, loadEngine } from "./load-engine.js";

/** The engines, the fastest first; the last one runs everywhere. */
const ENGINES: readonly EngineName[] = ["native", "wasm", "ops"];

/** The engine that computes on the CPU backend from now on. */
export interface SelectedEngine extends EngineRecord {
  readonly name: EngineName;
  /** Undefined: TensorFlow.js ops compute. */
  readonly engine: KernelEngine | undefined;
  /** Why faster engines were not selected, a sentence for each that was tried. */
  readonly unavailable: Readonly<Partial<Record<EngineName, string>>>;
}

/** What is requested of the CPU backend. */
export interface EngineOptions {
  /** An engine, or `auto`: the engine of `previous`, otherwise the fastest that works. */
  readonly requested: EngineName | "auto";
  /** Threads of the engine; default: the engine's. */
  readonly threads?: number | undefined;
  /** The engine of the run that resumes: its instruction set is used again. Default: the run is new. */
  readonly previous?: EngineRecord | undefined;
}

/**
 * Selects the engine of the CPU backend, and registers it as the only one with custom kernels.
 *
 * @param options - the engine that is requested, its threads, and the engine of the run that resumes.
 * @param load - loads the package of an engine.
 * @throws UsageError with the reason, if the requested engine does not work here.
 */
export async function selectEngine(
  { requested, threads, previous }: EngineOptions,
  load: typeof loadEngine = loadEngine,
): Promise<SelectedEngine> {
  const unavailable: Partial<Record<EngineName, string>> = {};
  for (const name of candidates(requested, previous)) {
    if (name === "ops") break;
    const loaded = await load(name);
    loaded.configureEngine({ threads });
    const reason = loaded.whyUnavailable();
    if (reason === undefined) return useEngine(name, loaded, { threads, previous, unavailable });
    if (requested === name)
      throw new UsageError(`--engine ${name}: ${reason.replace(/^(native engine|WebAssembly): /, "")}`);
    unavailable[name] = reason;
  }
  for (const kernel of ["DncUnroll", "DncUnrollGradient"])
    if (tf.getKernel(kernel, "cpu")) tf.unregisterKernel(kernel, "cpu");
  return { name: "ops", instructionSet: null, engine: undefined, unavailable };
}

/** Lists the engines to try, the preferred one first. */
function candidates(requested: EngineName | "auto", previous: EngineRecord | undefined): readonly EngineName[] {
  if (requested !== "auto") return [requested];
  const preferred = ENGINES.find((name) => name === previous?.name);
  return preferred === undefined ? ENGINES : [preferred, ...ENGINES.filter((name) => name !== preferred)];
}

/** Registers an engine with the instruction set of the run that resumes, if this machine has it. */
function useEngine(
  name: EngineName,
  { engine, ...loaded }: LoadedEngine,
  { threads, previous, unavailable }: Omit<EngineOptions, "requested"> & Pick<SelectedEngine, "unavailable">,
): SelectedEngine {
  const recorded = previous?.name === name ? previous.instructionSet : null;
  const instructionSet =
    recorded === null ? undefined : loaded.availableInstructionSets().find((each) => each === recorded);
  if (instructionSet !== undefined) loaded.configureEngine({ threads, instructionSet });
  registerEngine(engine);
  return {
    ...{ name, engine, unavailable },
    // Asked for when it is recorded: to find out takes time.
    get instructionSet() {
      return instructionSet ?? loaded.availableInstructionSets()[0] ?? null;
    },
  };
}

/**
 * Finds the backend for an engine: engines are selected on the CPU backend only.
 *
 * @returns `cpu` if an engine is requested and any backend would do, otherwise the requested backend.
 * @throws UsageError if an engine is requested on another backend.
 */
export function backendForEngine(backend: BackendName | "auto", engine: EngineName | "auto"): BackendName | "auto" {
  if (engine === "auto") return backend;
  if (backend === "auto" || backend === "cpu") return "cpu";
  throw new UsageError(`--engine: expected auto on backend ${backend}, got ${engine}`);
}
