export {
  type AssociativeRecallConfig,
  associativeRecall,
  type RecallForm,
  type RecallQuestion,
} from "./algorithmic/associative-recall.js";
export { type CopyConfig, type CopyQuestion, copy } from "./algorithmic/copy.js";
export { bigRepeatCopy, type CopySeriesConfig, dynamicAllocation } from "./algorithmic/copy-series.js";
export { type DynamicNGramsConfig, dynamicNGrams, optimalNGramLoss } from "./algorithmic/dynamic-n-grams.js";
export {
  type KeyValueConfig,
  type KeyValueQuestion,
  keyValue,
} from "./algorithmic/key-value.js";
export type { KeyValuePair } from "./algorithmic/key-value-question.js";
export { type PrioritySortConfig, prioritySort } from "./algorithmic/priority-sort.js";
export {
  encodeRepeatCopy,
  type RepeatCopyConfig,
  type RepeatCopyQuestion,
  repeatCopy,
} from "./algorithmic/repeat-copy.js";
export type { SequenceConfig } from "./algorithmic/sequence-config.js";
export {
  type TwoWayKeyValueConfig,
  type TwoWayKeyValueQuestion,
  twoWayKeyValue,
} from "./algorithmic/two-way-key-value.js";
export { type AnswerErrors, answerErrors } from "./answer-errors.js";
export { type BabiConfig, type BabiTask, babi } from "./babi/babi.js";
export { GENERATED_BABI_TASKS, type GenerateBabiConfig, generateBabiStories } from "./babi/generate.js";
export { answerBabiStory } from "./babi/interpret.js";
export { type BabiLine, type BabiStory, babiWords, readBabiStories } from "./babi/stories.js";
export type { Batch, BatchTargets } from "./batch.js";
export type { BlockEpisodes } from "./blocks/block-episodes.js";
export type { BlockBoard } from "./blocks/board.js";
export type { BlockConstraint, BlockRelation } from "./blocks/constraints.js";
export type { BlockGoal, BlockProblem } from "./blocks/goals.js";
export { type BlockSizes, MINI_SHRDLU_LESSONS } from "./blocks/lessons.js";
export { type MiniShrdlu, type MiniShrdluConfig, miniShrdlu } from "./blocks/mini-shrdlu.js";
export type { BlockEpisode, BlockTurn } from "./blocks/play.js";
export { blockEpisodeBoards, blockEpisodeGoals, boardText, type CaptionedBoard } from "./blocks/text.js";
export { defineTask, type TaskDefinition } from "./define-task.js";
export { type AnyTask, type EpisodeOptions, type EpisodeTask, isEpisodeTask } from "./episode-task.js";
export type { EpisodeInputs, EpisodeResults, Episodes, ValueTargets } from "./episodes.js";
export { exactMatch, wrongBits, wrongSymbols } from "./exact-match.js";
export type { ChannelLabels, SequenceSteps, TaskFacts } from "./facts.js";
export type { PartialTriple } from "./graph/encoding.js";
export { FAMILY_TREE } from "./graph/family-tree.js";
export type { GraphSizesConfig } from "./graph/graph-sizes.js";
export { type GraphInferenceConfig, graphInference } from "./graph/inference.js";
export { GRAPH_LESSONS, type GraphLesson } from "./graph/lessons.js";
export type { NamedGraph } from "./graph/named-graph.js";
export type { PathEpisodes } from "./graph/path-episodes.js";
export type { Triple } from "./graph/random-graph.js";
export type { GraphAnswer, GraphQuery, GraphSequence, GraphTask, ReadGraphOptions } from "./graph/read-graph.js";
export type { GraphNames } from "./graph/recover-names.js";
export { inferenceRelations, type Relation } from "./graph/relations.js";
export { type ShortestPath, type ShortestPathConfig, shortestPath } from "./graph/shortest-path.js";
export { graphStepLabels } from "./graph/step-labels.js";
export { type GraphTraversalConfig, graphTraversal } from "./graph/traversal.js";
export type { TraversalQuestion } from "./graph/traversal-question.js";
export { UNDERGROUND } from "./graph/underground.js";
export { guessingLoss } from "./guessing-loss.js";
export { lossPerSequence, meanLoss } from "./loss.js";
export type { LossName, LossOptions, TaskLoss } from "./loss-options.js";
export type { OutputOptions } from "./output-groups.js";
export { phasesOf } from "./phases-of.js";
export { predictedBits } from "./predicted-bits.js";
export { predictedOutputs } from "./predicted-outputs.js";
export type { DecodeOptions, QuestionTask } from "./question-task.js";
export { createRandom, type Random, type RandomState, restoreRandom } from "./random.js";
export { addScores, type Score, scoreBatch, scoreEpisodes } from "./score.js";
export type { Pattern, Step } from "./sequence.js";
export type { RenderOptions, SampleOptions, Task } from "./task.js";
