/** A flag of a command: the command line, its help, config files and their checks all read its description. */
export interface Flag {
  readonly name: string;
  /** Heading of the help. */
  readonly group: string;
  readonly kind: "integer" | "number" | "choice" | "text" | "switch";
  /** Undefined: it may be missing. */
  readonly default: string | number | false | undefined;
  readonly help: string;
  /** What stands in angle brackets after the flag in the help: the paper's symbol where there is one. */
  readonly placeholder?: string;
  /** The one task that has this setting. */
  readonly onlyFor?: string;
  /** Bounds of a number; default: 0 and the largest float32. */
  readonly min?: number;
  readonly max?: number;
  /** `min` itself is not allowed. */
  readonly exclusiveMin?: boolean;
  /** The words of a choice. */
  readonly choices?: readonly string[];
  /** What a text has to be, for errors. */
  readonly valueDescription?: string;
  /** The text names a file or folder. */
  readonly isPath?: boolean;
}

type ValueOf<F extends Flag> = F extends { choices: readonly (infer C)[] }
  ? C
  : F extends { kind: "switch" }
    ? boolean
    : F extends { kind: "text" }
      ? string
      : number;

/** A value for every flag of a table; one without a default may have none. */
export type ValuesOf<Table extends readonly Flag[]> = {
  readonly [F in Table[number] as F["name"]]: ValueOf<F> | (F["default"] extends undefined ? undefined : never);
};

/** An integer of at least 1, unless the details say otherwise; without a default it may be missing. */
export function integer<const Name extends string, const Default extends number | undefined>(
  name: Name,
  value: Default,
  help: string,
  details: Pick<Flag, "min" | "max" | "placeholder" | "onlyFor"> = {},
) {
  return { group: "", min: 1, ...details, kind: "integer", name, default: value, help } as const;
}

/** A number of at least 0, or above 0. */
export function number<const Name extends string>(
  name: Name,
  value: number,
  help: string,
  { exclusiveMin = false } = {},
) {
  return { group: "", min: 0, exclusiveMin, kind: "number", name, default: value, help } as const;
}

/** One of several words; default: the first. */
export function choice<const Name extends string, const Choices extends readonly string[]>(
  name: Name,
  choices: Choices,
  help: string,
) {
  return { group: "", kind: "choice", name, default: choices[0], choices, help } as const;
}

/** The name of a file or folder, which may be missing. */
export function path<const Name extends string>(
  name: Name,
  valueDescription: string,
  placeholder: string,
  help: string,
) {
  return {
    group: "",
    kind: "text",
    name,
    default: undefined,
    valueDescription,
    isPath: true,
    placeholder,
    help,
  } as const;
}

/** False, unless the flag is given. */
export function toggle<const Name extends string>(name: Name, help: string) {
  return { group: "", kind: "switch", name, default: false, help } as const;
}

/** Flags under one heading of the help. */
export function group<F extends Flag>(heading: string, flags: readonly F[]): readonly F[] {
  return flags.map((flag) => ({ ...flag, group: heading }));
}
