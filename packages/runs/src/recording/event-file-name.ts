/** The largest number that four digits hold. */
const MAX_NUMBER = 9999;

/**
 * Chooses a name for a new event file that sorts after all existing ones, even if the clock was set back: TensorBoard
 * reads the files of a folder in the order of their names.
 *
 * @param names - names of the files in the folder.
 * @param seconds - time in seconds since 1970.
 * @returns `events.out.tfevents.<seconds>.<number>.dnc`, with ten and four digits.
 */
export function nextFileName(names: readonly string[], seconds: number): string {
  const last =
    names
      .filter((name) => EVENT_FILE.test(name))
      .sort()
      .at(-1) ?? "";
  const name = fileName(Math.floor(seconds), 0);
  if (name > last) return name;
  const [, lastSeconds, lastNumber] = EVENT_FILE.exec(last) as RegExpExecArray;
  // After a file of another program, or the largest number: the next second.
  return lastNumber === undefined || Number(lastNumber) === MAX_NUMBER
    ? fileName(Number(lastSeconds) + 1, 0)
    : fileName(Number(lastSeconds), Number(lastNumber) + 1);
}

/** Matches an event file; the second group is set only for files of this package. */
const EVENT_FILE = /^events\.out\.tfevents\.(\d{10})(?:\.(\d{4})\.dnc$)?/;

function fileName(seconds: number, number: number): string {
  return `events.out.tfevents.${String(seconds).padStart(10, "0")}.${String(number).padStart(4, "0")}.dnc`;
}
