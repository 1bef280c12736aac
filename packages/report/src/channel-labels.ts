/** Names of the channels of a sequence, for the labels of its rows. */
export type ChannelLabels = {
  /** One per input; default: no labels. */
  readonly inputs?: readonly string[] | undefined;
  /** One per target and output; default: no labels. */
  readonly targets?: readonly string[] | undefined;
};
