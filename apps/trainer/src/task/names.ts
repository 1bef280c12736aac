/** Names of the built-in tasks, the default first. */
export const BUILT_IN_TASKS = ["repeat-copy", "copy"] as const;
