import type { GivenFile } from "./given-file.js";
import { OpenError, type Source } from "./source.js";

const NETWORK_FILES = ["state.json", "model.safetensors", "config.json"];

/**
 * Finds what to open among files: a trace, a checkpoint, or the newest checkpoint of a run's folder, also in a zip file.
 *
 * @throws OpenError (as a rejection) that says what was expected.
 */
export async function sourceFromFiles(files: readonly GivenFile[]): Promise<Source> {
  if (files.length === 0) throw new OpenError("Expected a trace, a checkpoint or a run's folder, got no file.");
  const models = files.filter(({ path }) => nameOf(path) === "model.safetensors");
  if (models.length > 0) return networkOf(await newest(files, models), files);
  const [only] = files;
  if (files.length === 1 && only?.path.toLowerCase().endsWith(".zip")) {
    const { filesOfZip } = await import("./from-zip.js");
    return sourceFromFiles(filesOfZip(nameOf(only.path), await only.bytes()));
  }
  if (
    files.length === 1 &&
    only &&
    only.path.toLowerCase().endsWith(".json") &&
    !NETWORK_FILES.includes(nameOf(only.path))
  )
    return { kind: "trace", name: nameOf(only.path), bytes: await only.bytes() };
  const names = files.slice(0, 3).map(({ path }) => nameOf(path));
  const rest = files.length > 3 ? ` and ${files.length - 3} more` : "";
  throw new OpenError(
    `Expected a trace (.json), a checkpoint (model.safetensors with state.json) or a run's folder, got ${names.join(", ")}${rest}.`,
  );
}

/** The model that `checkpoints/latest` names, or else the last by name. */
async function newest(files: readonly GivenFile[], models: readonly GivenFile[]): Promise<GivenFile> {
  const sorted = [...models].sort((a, b) => a.path.localeCompare(b.path));
  const latest = files.find(({ path }) => path === "latest" || path.endsWith("/latest"));
  const name = latest && new TextDecoder().decode(await latest.bytes()).trim();
  return sorted.find(({ path }) => path.split("/").at(-2) === name) ?? (sorted.at(-1) as GivenFile);
}

async function networkOf(model: GivenFile, files: readonly GivenFile[]): Promise<Source> {
  const folder = model.path.slice(0, -"model.safetensors".length);
  const beside = (name: string) => files.find(({ path }) => path === folder + name);
  const config = beside("config.json") ?? files.find(({ path }) => nameOf(path) === "config.json");
  const state = beside("state.json");
  if (!state && !config)
    throw new OpenError(
      "Expected state.json or config.json with model.safetensors, got the model alone: pick both files.",
    );
  const given = { "model.safetensors": model, "state.json": state, "config.json": config };
  const entries = Object.entries(given).flatMap(([name, file]) => (file ? [[name, file] as const] : []));
  const read = await Promise.all(entries.map(async ([name, file]) => [name, await file.bytes()] as const));
  const parts = model.path.split("/").filter((part) => part !== "");
  const name = parts.length > 1 ? parts.slice(0, -1).join("/") : "the network of your files";
  return { kind: "network", name, files: Object.fromEntries(read) };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
