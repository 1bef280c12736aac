import { visibleJson } from "@dnc/report";
import { lessonTexts, type Preset } from "@dnc/settings";
import type { PresetsOptions } from "../flags/command-options.js";
import { boundText, figure } from "../grade/words.js";
import { presetNames, readPreset } from "../preset/preset.js";
import { labelled } from "../terminal/format.js";
import { writeStdout } from "../terminal/output.js";

/**
 * Runs `dnc presets`: lists the presets, or shows one.
 *
 * @returns the exit status.
 * @throws UsageError if there is no preset of the name that is to be shown.
 */
export async function runPresets({ show, json }: PresetsOptions): Promise<number> {
  if (show !== undefined) {
    const preset = readPreset(show);
    await writeStdout(json ? `${visibleJson(preset)}\n` : pageOf(show, preset));
    return 0;
  }
  const presets = presetNames().map((name) => [name, readPreset(name)] as const);
  if (json) await writeStdout(`${visibleJson(Object.fromEntries(presets))}\n`);
  else await writeStdout(listOf(presets));
  return 0;
}

function listOf(presets: readonly (readonly [string, Preset])[]): string {
  const lines = labelled(
    presets.map(([name, { description, minutes }]) => [name, `${description} (${time(minutes)})`]),
  );
  return `${lines.join("\n")}\n`;
}

function pageOf(name: string, { description, source, minutes, settings, grade }: Preset): string {
  const { task_flags = {}, lessons, promotion, ...flags } = settings;
  const words = Object.entries({ ...flags, ...(task_flags as object) }).map(
    ([flag, value]) => [flag, String(value)] as const,
  );
  const criteria = grade.map((criterion) => {
    const published = criterion.published === undefined ? "" : `; published: ${criterion.published}`;
    return [criterion.on, `${boundText(criterion)} on ${criterion.sequences} new sequences${published}`] as const;
  });
  const facts = [
    ["preset", name],
    ["trains", description],
    ["source", source],
    ["time", time(minutes)],
  ] as const;
  const parts = [
    labelled(facts),
    ...section("Settings:", words),
    ...section("Lessons:", lessonTexts({ lessons, promotion })),
    ...section("Grade:", criteria),
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** Formats a part of the page; nothing without lines. */
function section(heading: string, lines: readonly (readonly [string, string])[]): readonly (readonly string[])[] {
  return lines.length === 0 ? [] : [[heading], labelled(lines)];
}

function time(minutes: number | null): string {
  return minutes === null ? "not run here" : `${figure(minutes)} minutes`;
}
