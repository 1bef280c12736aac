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
  readonly above?: boolean;
}

interface ChoiceFlag extends Described {
  readonly kind: "choice";
  readonly default: string;
  readonly choices: readonly string[];
}

interface TextFlag extends Described {
  readonly kind: "text";
  readonly default: string | undefined;
  readonly what: string;
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
