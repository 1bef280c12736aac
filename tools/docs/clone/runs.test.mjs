/** Runs the commands that the documentation shows for a clone: runs, and what is made of them. */
import { ON_RUNS } from "./commands.mjs";
import { testCommands } from "./test-commands.mjs";

testCommands(ON_RUNS);
