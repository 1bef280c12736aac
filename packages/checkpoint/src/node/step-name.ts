/** `step-00000100`: sorts as the steps do. */
export function stepName(step: number): string {
  return `step-${String(step).padStart(8, "0")}`;
}
