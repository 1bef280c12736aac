/** Checks a run and describes it: the facts about a network of `@dnc/pretrained`. */
import { isDeepStrictEqual } from "node:util";

/** Most bytes of a network's file. */
export const MAX_BYTES = 1_000_000;

/**
 * Lists what keeps a run out of the package.
 *
 * @param {object} run
 * @param {Record<string, any>} run.config - its config.json.
 * @param {Record<string, any>} run.state - state.json of its newest checkpoint.
 * @param {number} run.bytes - length of its model.safetensors.
 * @param {Record<string, any>} run.grade - what `dnc grade --json` printed.
 * @param {Record<string, any>} run.preset - its preset, as `dnc presets --json` prints it.
 * @returns {string[]} one sentence for each.
 */
export function reasonsAgainst({ config, state, bytes, grade, preset }) {
  const changed = Object.keys(preset.settings).filter((key) => !isDeepStrictEqual(config[key], preset.settings[key]));
  const { num_training_iterations: iterations } = preset.settings;
  return [
    ...changed.map((key) => `its ${key} is not that of the preset ${config.preset}`),
    ...(state.step === iterations ? [] : [`it ended at iteration ${state.step} of ${iterations}`]),
    ...(grade.passed ? [] : [`it does not pass the grade of the preset ${config.preset}`]),
    ...(grade.step === state.step ? [] : [`the grade is of iteration ${grade.step}`]),
    ...(bytes <= MAX_BYTES ? [] : [`its weights have ${bytes} bytes: more than ${MAX_BYTES}`]),
  ];
}

/**
 * Describes a run.
 *
 * @param {object} run - as `reasonsAgainst` takes it, and:
 * @param {number} run.parameters - number of its weights.
 * @param {string} run.commit
 * @param {string} run.date
 * @returns {Record<string, any>} the contents of record.json.
 */
export function recordOf({ config, state, bytes, grade, preset, parameters, commit, date }) {
  const { preset: name, task, seed, backend } = config;
  const command = `dnc train --preset=${name} --seed=${seed} --backend=${backend} --threads=1`;
  const { engine, instruction_set, seconds } = state;
  return {
    ...{ description: preset.description, preset: name, task, command, commit, date, seed, iterations: state.step },
    ...{ minutes: Number((seconds / 60).toFixed(1)), engine, instruction_set, parameters, bytes },
    grade: grade.criteria.map(({ passed: _, ...figures }) => figures),
  };
}
