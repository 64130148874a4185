/** Every failure this package throws or reports as a finding. */
export type GitHubCode =
	// configuration
	| 'GITHUB_API_INVALID'
	| 'GITHUB_REPOSITORY_INVALID'
	| 'GITHUB_REPOSITORY_UNKNOWN'
	| 'GITHUB_NO_TOKEN'
	// replies of the API
	| 'GITHUB_UNREACHABLE'
	| 'GITHUB_TOKEN_REFUSED'
	| 'GITHUB_NO_RIGHT'
	| 'GITHUB_REFUSED'
	| 'GITHUB_NOT_FOUND'
	| 'GITHUB_LIMITED'
	| 'GITHUB_REPLY_LOST'
	| 'GITHUB_ELSEWHERE';
