/** What cannot be checked at all says nothing about what was to be checked. */
const NO_VERDICT: ReadonlySet<string> = new Set([
	'VERIFY_TRUST_UNAVAILABLE',
	'VERIFY_TRUST_INVALID',
	'VERIFY_NOBODY_TRUSTED',
	'VERIFY_OPTIONS_CLASH',
	'VERIFY_POLICY_EMPTY',
]);

const REFUSALS =
	/^(?:VERIFY_|RELEASE_ARTIFACT_|RELEASE_UNKNOWN_FILE$|MANIFEST_|STAGE_RECORD_|STATEMENT_|JSON_|APT_(?:REPOSITORY_|BYTES_|INDEX_|RELEASE_|DATE_AHEAD$|KEY_EXPIRED$)|DEB_|NPM_(?:DIGEST_|PROVENANCE_|TARBALL_|REPLY_INVALID$))/;

/** Whether an error is a verdict on what was verified, not a failure to verify. */
export const isRefusal = (code: string): boolean => !NO_VERDICT.has(code) && REFUSALS.test(code);
