/** What can go wrong between GitHub's runner and an action. */
export type RunnerCode =
	| 'RUNNER_ARTIFACT_FAILED'
	| 'RUNNER_ARTIFACT_INVALID'
	| 'RUNNER_ARTIFACT_MISMATCH'
	| 'RUNNER_CANCELLED'
	| 'RUNNER_INPUT_INVALID'
	| 'RUNNER_OUTPUT_INVALID'
	| 'RUNNER_TRIGGER_REFUSED';
