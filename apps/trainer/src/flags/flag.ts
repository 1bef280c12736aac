/** The largest float32. */
export const MAX_FLOAT32 = 3.4028234e38;

/** Description of a flag, from which the command line, its help and config files are parsed, printed and checked. */
export interface Flag {
  readonly name: string;
  /** Heading of the help. */
  readonly group: string;
  readonly kind: "integer" | "number" | "choice" | "text" | "switch" | "switch-or-number" | "number-or-word";
  /** Undefined if the flag is optional and has no default. */
  readonly default: string | number | false | undefined;
  readonly help: string;
  /** Name of the value in the help: the paper's symbol if it has one; default: depends on the kind. */
  readonly placeholder?: string;
  /** The only task that has this setting; default: all have it. */
  readonly onlyFor?: string;
  /** A setting and its only value with which this one has a meaning; default: it has one with every value. */
  readonly onlyWith?: readonly ["network" | "optimizer", string];
  /** Default with the optimizer adam; default: `default`. */
  readonly adamDefault?: number;
  /** Bounds of a number; default: 0 and the largest float32. */
  readonly min?: number;
  readonly max?: number;
  /** Whether `max` itself is not allowed; default: false. */
  readonly exclusiveMax?: boolean;
  /** Whether `min` itself is not allowed; default: false. */
  readonly exclusiveMin?: boolean;
  /** Values of a choice, or words instead of a number. */
  readonly choices?: readonly string[];
  /** Whether a choice may also be the path of a module; default: false. */
  readonly orFile?: boolean;
  /** Description of a text's value, for errors. */
  readonly valueDescription?: string;
  /** Whether a switch also takes `true` or `false`, to turn off what a preset turns on; default: false. */
  readonly takesBoolean?: boolean;
  /** Whether a text is the name of a file or folder; default: false. */
  readonly isPath?: boolean;
}

type ValueOf<F extends Flag> = F extends { orFile: true }
  ? string
  : F extends { kind: "number-or-word"; choices: readonly (infer W)[] }
    ? number | W
    : F extends { choices: readonly (infer C)[] }
      ? C
      : F extends { kind: "switch" }
        ? boolean
        : F extends { kind: "switch-or-number" }
          ? boolean | number
          : F extends { kind: "text" }
            ? string
            : number;

/** Values of all flags of a table; undefined only for a flag without a default. */
export type ValuesOf<Table extends readonly Flag[]> = {
  readonly [F in Table[number] as F["name"]]: ValueOf<F> | (F["default"] extends undefined ? undefined : never);
};

/** Describes a flag for an integer; default range: at least 1. */
export function integer<const Name extends string, const Default extends number | undefined>(
  name: Name,
  value: Default,
  help: string,
  details: Pick<Flag, "min" | "max" | "placeholder" | "onlyFor"> = {},
) {
  return { group: "", min: 1, ...details, kind: "integer", name, default: value, help } as const;
}

/** Describes a flag for a number of at least 0, or with `exclusiveMin` above 0. */
export function number<const Name extends string, const Default extends number | undefined>(
  name: Name,
  value: Default,
  help: string,
  details: Pick<Flag, "max" | "exclusiveMin" | "exclusiveMax" | "adamDefault"> = {},
) {
  return { group: "", min: 0, ...details, kind: "number", name, default: value, help } as const;
}

/** Describes a flag for one of several words, the first of which is the default. */
export function choice<const Name extends string, const Choices extends readonly string[]>(
  name: Name,
  choices: Choices,
  help: string,
) {
  return { group: "", kind: "choice", name, default: choices[0], choices, help } as const;
}

/** Describes a flag for one of several words, the first of which is the default, or for the path of a module. */
export function choiceOrFile<const Name extends string, const Choices extends readonly string[]>(
  name: Name,
  choices: Choices,
  help: string,
) {
  return { ...choice(name, choices, help), orFile: true } as const;
}

/** Describes an optional flag for the name of a file or folder. */
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

/** Describes a switch, which is false unless it is given. */
export function toggle<const Name extends string>(name: Name, help: string) {
  return { group: "", kind: "switch", name, default: false, help } as const;
}

/** Describes a switch that may also be `true` or `false`: a preset or a config file may have turned it on. */
export function reversible<const Name extends string>(name: Name, help: string) {
  return { ...toggle(name, help), takesBoolean: true } as const;
}

/** Describes a switch that may also have a number from 0 to below 1 as its value. */
export function toggleOrFraction<const Name extends string>(name: Name, placeholder: string, help: string) {
  const range = { min: 0, max: 1, exclusiveMax: true } as const;
  return { group: "", kind: "switch-or-number", name, default: false, placeholder, ...range, help } as const;
}

/** Describes a flag for a number of any sign, or for one of several words; its default is 0. */
export function numberOrWord<const Name extends string, const Words extends readonly string[]>(
  name: Name,
  words: Words,
  help: string,
) {
  return { group: "", kind: "number-or-word", name, default: 0, choices: words, min: -MAX_FLOAT32, help } as const;
}

/** Restricts flags to one value of another setting. */
export function onlyWith<F extends Flag>(
  setting: "network" | "optimizer",
  value: string,
  flags: readonly F[],
): readonly F[] {
  return flags.map((flag) => ({ ...flag, onlyWith: [setting, value] }));
}

/** Puts flags under one heading of the help. */
export function group<F extends Flag>(heading: string, flags: readonly F[]): readonly F[] {
  return flags.map((flag) => ({ ...flag, group: heading }));
}
