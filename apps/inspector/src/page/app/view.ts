/** A part of the page that has a tab. */
export interface View {
  readonly element: HTMLElement;
  /** Called when its tab is selected. */
  select?(): void;
  /** Called when its tab is left. */
  hide?(): void;
}
