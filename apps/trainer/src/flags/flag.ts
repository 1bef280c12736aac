/** A flag of a command: the command line, its help, config files and their checks all read its description. */
interface Described {
  readonly name: string;
  readonly group: string;
  /** What stands in angle brackets after the flag in the help: the paper's symbol where there is one. */
  readonly placeholder?: string;
  readonly help: string;
  /** The one task that has this setting. */
  readonly onlyFor?: string;
}

interface NumberFlag extends Described {
  readonly kind: "integer" | "number";
  readonly default: number | undefined;
  readonly min: number;
  readonly max?: number;
  /** `min` itself is not allowed. */
  readonly exclusiveMin?: boolean;
}

interface ChoiceFlag extends Described {
  readonly kind: "choice";
  readonly default: string;
  readonly choices: readonly string[];
}

interface TextFlag extends Described {
  readonly kind: "text";
  readonly default: string | undefined;
  readonly valueDescription: string;
  /** It names a file or folder. */
  readonly isPath?: boolean;
}

interface SwitchFlag extends Described {
  readonly kind: "switch";
  readonly default: false;
}

export type Flag = NumberFlag | ChoiceFlag | TextFlag | SwitchFlag;

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

type NumberDetails = Partial<Omit<NumberFlag, "kind" | "name" | "default" | "help">>;
type TextDetails = Partial<Omit<TextFlag, "kind" | "name" | "default" | "help">>;

/** An integer of at least 1, unless the details say otherwise; without a default it may be missing. */
export function integer<const Name extends string, const Default extends number | undefined>(
  name: Name,
  value: Default,
  help: string,
  details: NumberDetails = {},
) {
  return { group: "", min: 1, ...details, kind: "integer", name, default: value, help } as const;
}

/** A number of at least 0, unless the details say otherwise. */
export function number<const Name extends string>(
  name: Name,
  value: number,
  help: string,
  details: NumberDetails = {},
) {
  return { group: "", min: 0, ...details, kind: "number", name, default: value, help } as const;
}

/** A number above 0. */
export function positive<const Name extends string>(name: Name, value: number, help: string) {
  return number(name, value, help, { exclusiveMin: true });
}

/** One of several words. */
export function choice<const Name extends string, const Choices extends readonly string[]>(
  name: Name,
  choices: Choices,
  help: string,
) {
  return { group: "", kind: "choice", name, default: choices[0], choices, help } as const;
}

/** A text that may be missing. */
export function text<const Name extends string>(
  name: Name,
  valueDescription: string,
  help: string,
  details: TextDetails,
) {
  return { group: "", ...details, kind: "text", name, default: undefined, valueDescription, help } as const;
}

/** False, unless the flag is given. */
export function toggle<const Name extends string>(name: Name, help: string) {
  return { group: "", kind: "switch", name, default: false, help } as const;
}

/** Flags under one heading of the help. */
export function group<F extends Flag>(heading: string, flags: readonly F[]): readonly F[] {
  return flags.map((flag) => ({ ...flag, group: heading }));
}
