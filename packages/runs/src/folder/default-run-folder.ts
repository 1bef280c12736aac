import { join } from "node:path";

/**
 * Names the folder of a new run: `runs/repeat-copy-20250131-235959-seed7`. Characters in the task's name that do not belong
 * into a file's name become hyphens.
 */
export function defaultRunFolder(task: string, seed: number, now = new Date()): string {
  const digits = (value: number) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}${digits(now.getMonth() + 1)}${digits(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(digits).join("");
  return join("runs", `${task.replaceAll(/[^\p{L}\p{N}_-]+/gu, "-").slice(0, 100)}-${day}-${time}-seed${seed}`);
}
