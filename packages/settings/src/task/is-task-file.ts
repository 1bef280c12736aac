/**
 * Whether a value of `--task` names a file: it has a slash or the ending of a module.
 *
 * @param task - the value, of any kind.
 */
export function isTaskFile(task: unknown): task is string {
  return typeof task === "string" && /[/\\]|\.[cm]?[jt]s$/.test(task) && !task.includes("\0");
}
