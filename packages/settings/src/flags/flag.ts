/** The largest float32. */
export const MAX_FLOAT32 = 3.4028234e38;

/** Description of a flag, from which the command line, its help and config files are parsed, printed and checked. */
export interface Flag {
  /** Name, with underscores. */
  readonly name: string;
  /** Heading of the help. */
  readonly group: string;
  /** Which values it takes: numbers, one of `choices`, any text, or true and false. */
  readonly kind: "integer" | "number" | "choice" | "text" | "switch" | "switch-or-number" | "number-or-word";
  /** Undefined if the flag is optional and has no default. */
  readonly default: string | number | false | undefined;
  /** What it does, in words for the help, without choices and default. */
  readonly help: string;
  /** Name of the value in the help: the paper's symbol if it has one; default: depends on the kind. */
  readonly placeholder?: string | undefined;
  /** The only task that has this setting; default: all have it. */
  readonly onlyFor?: string | undefined;
  /** A setting and its only value with which this one has a meaning; default: it has one with every value. */
  readonly onlyWith?: readonly ["network" | "optimizer", string] | undefined;
  /** Default with the optimizer adam; default: `default`. */
  readonly adamDefault?: number | undefined;
  /** Least value of a number; default: 0. */
  readonly min?: number | undefined;
  /** Largest value of a number; default: the largest float32. */
  readonly max?: number | undefined;
  /** Whether `max` itself is not allowed; default: false. */
  readonly exclusiveMax?: boolean | undefined;
  /** Whether `min` itself is not allowed; default: false. */
  readonly exclusiveMin?: boolean | undefined;
  /** Values of a choice, or words instead of a number. */
  readonly choices?: readonly string[] | undefined;
  /** Whether a choice may also be the path of a module; default: false. */
  readonly orFile?: boolean | undefined;
  /** Description of a text's value, for errors. */
  readonly valueDescription?: string | undefined;
  /** Whether a switch also takes `true` or `false`, to turn off what a preset turns on; default: false. */
  readonly takesBoolean?: boolean | undefined;
  /** Whether a text is the name of a file or folder; default: false. */
  readonly isPath?: boolean | undefined;
}

/** Type of a flag's value. */
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

/** A flag whose kind, name and default the compiler knows. */
export type KnownFlag<Kind extends Flag["kind"], Name extends string, Default extends Flag["default"]> = Omit<
  Flag,
  "kind" | "name" | "default" | "choices"
> &
  Readonly<Record<"kind", Kind>> &
  Readonly<Record<"name", Name>> &
  Readonly<Record<"default", Default>>;

/** A flag for one of several words, all of which the compiler knows. */
export type ChoiceFlag<Name extends string, Choices extends readonly string[]> = KnownFlag<"choice", Name, Choices[0]> &
  Readonly<Record<"choices", Choices>>;

/**
 * Describes a flag for an integer.
 *
 * @param name - name, with underscores.
 * @param value - default; undefined if it has none.
 * @param help - what it does, for the help.
 * @param details - bounds, placeholder and the only task that has it; default: at least 1, for every task.
 */
export function integer<const Name extends string, const Default extends number | undefined>(
  name: Name,
  value: Default,
  help: string,
  details: Pick<Flag, "min" | "max" | "placeholder" | "onlyFor"> = {},
): KnownFlag<"integer", Name, Default> {
  return { group: "", min: 1, ...details, kind: "integer", name, default: value, help };
}

/** Describes a flag for a number of at least 0, or with `exclusiveMin` above 0. */
export function number<const Name extends string, const Default extends number | undefined>(
  name: Name,
  value: Default,
  help: string,
  details: Pick<Flag, "max" | "exclusiveMin" | "exclusiveMax" | "adamDefault"> = {},
): KnownFlag<"number", Name, Default> {
  return { group: "", min: 0, ...details, kind: "number", name, default: value, help };
}

/**
 * Describes a flag for one of several words, the first of which is the default.
 *
 * @param name - name, with underscores.
 * @param choices - the words.
 * @param help - what it does, for the help, which lists the words after it.
 */
export function choice<const Name extends string, const Choices extends readonly string[]>(
  name: Name,
  choices: Choices,
  help: string,
): ChoiceFlag<Name, Choices> {
  return { group: "", kind: "choice", name, default: choices[0], choices, help };
}

/** Describes a flag for one of several words, the first of which is the default, or for the path of a module. */
export function choiceOrFile<const Name extends string, const Choices extends readonly string[]>(
  name: Name,
  choices: Choices,
  help: string,
): ChoiceFlag<Name, Choices> & Readonly<Record<"orFile", true>> {
  return { ...choice(name, choices, help), orFile: true };
}

/**
 * Describes an optional flag for the name of a file or folder.
 *
 * @param name - name, with underscores.
 * @param valueDescription - what a value is, for errors.
 * @param placeholder - name of the value in the help.
 * @param help - what it does, for the help.
 */
export function path<const Name extends string>(
  name: Name,
  valueDescription: string,
  placeholder: string,
  help: string,
): KnownFlag<"text", Name, undefined> {
  return { group: "", kind: "text", name, default: undefined, valueDescription, isPath: true, placeholder, help };
}

/**
 * Describes a switch, which is false unless it is given.
 *
 * @param name - name, with underscores.
 * @param help - what it does, for the help.
 */
export function toggle<const Name extends string>(name: Name, help: string): KnownFlag<"switch", Name, false> {
  return { group: "", kind: "switch", name, default: false, help };
}

/** Describes a switch that may also be `true` or `false`: a preset or a config file may have turned it on. */
export function reversible<const Name extends string>(name: Name, help: string): KnownFlag<"switch", Name, false> {
  return { ...toggle(name, help), takesBoolean: true };
}

/** Describes a switch that may also have a number from 0 to below 1 as its value. */
export function toggleOrFraction<const Name extends string>(
  name: Name,
  placeholder: string,
  help: string,
): KnownFlag<"switch-or-number", Name, false> {
  const range = { min: 0, max: 1, exclusiveMax: true };
  return { group: "", kind: "switch-or-number", name, default: false, placeholder, ...range, help };
}

/** Describes a flag for a number of any sign, or for one of several words; its default is 0. */
export function numberOrWord<const Name extends string, const Words extends readonly string[]>(
  name: Name,
  words: Words,
  help: string,
): KnownFlag<"number-or-word", Name, 0> & Readonly<Record<"choices", Words>> {
  return { group: "", kind: "number-or-word", name, default: 0, choices: words, min: -MAX_FLOAT32, help };
}

/** Restricts flags to one value of another setting. */
export function onlyWith<F extends Flag>(
  setting: "network" | "optimizer",
  value: string,
  flags: readonly F[],
): readonly F[] {
  return flags.map((flag) => ({ ...flag, onlyWith: [setting, value] }));
}

/**
 * Puts flags under one heading of the help.
 *
 * @param heading - the heading.
 * @param flags - the flags.
 * @returns copies of them.
 */
export function group<F extends Flag>(heading: string, flags: readonly F[]): readonly F[] {
  return flags.map((flag) => ({ ...flag, group: heading }));
}
