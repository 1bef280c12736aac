/** The largest number that four digits hold. */
const MAX_NUMBER = 9999;

/**
 * A name for a new event file, in the order of names behind all that are there, whatever the clock says: TensorBoard
 * reads the files of a folder in that order.
 *
 * @param names - of the folder's files.
 * @param seconds - since 1970.
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
  // After a file of someone else's, or the last number: the next second.
  return lastNumber === undefined || Number(lastNumber) === MAX_NUMBER
    ? fileName(Number(lastSeconds) + 1, 0)
    : fileName(Number(lastSeconds), Number(lastNumber) + 1);
}

/** The number only if the file is one of ours. */
const EVENT_FILE = /^events\.out\.tfevents\.(\d{10})(?:\.(\d{4})\.dnc$)?/;

function fileName(seconds: number, number: number): string {
  return `events.out.tfevents.${String(seconds).padStart(10, "0")}.${String(number).padStart(4, "0")}.dnc`;
}
