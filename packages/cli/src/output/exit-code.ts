import type { ReleaseReport } from '@slipway/release';

/** What the exit code of `slipway` says. Documented in `slipway --help` and docs. */
export const EXIT = {
	done: 0,
	failed: 1,
	usage: 2,
	held: 3,
	pending: 4,
	mismatch: 5,
	rolledBack: 6,
	refused: 7,
	interrupted: 130,
} as const;

const BY_STATE: Record<ReleaseReport['state'], number> = {
	COMPLETED: EXIT.done,
	ABORTED: EXIT.failed,
	ROLLED_BACK: EXIT.rolledBack,
	HELD: EXIT.held,
	PENDING_EXTERNAL: EXIT.pending,
	STOPPED_MISMATCH: EXIT.mismatch,
};

/** 0 when what was asked for was reached: rolled back for a rollback, aborted for an abort, an answer for a question. */
export const toExitCode = ({ operation, dryRun, state }: ReleaseReport): number => {
	if (dryRun || operation === 'status') return EXIT.done;
	if (operation === 'rollback' && state === 'ROLLED_BACK') return EXIT.done;
	if (operation === 'abort' && state === 'ABORTED') return EXIT.done;
	return BY_STATE[state];
};

export const EXIT_CODES_TEXT = `Exit codes:
  0  what was asked for was reached (a dry run and status: answered)
  1  refused or failed; the error says why and what to do
  2  the command line cannot be read
  3  HELD: something is exposed or uploaded, and can go on
  4  PENDING_EXTERNAL: waits for a person or a registry's scan
  5  STOPPED_MISMATCH: a registry or folder holds other bytes than planned
  6  ROLLED_BACK: a release could not be exposed everywhere and was withdrawn
  7  verify: REFUSED; what was looked at is not what it should be
130  interrupted; run the same command again`;
