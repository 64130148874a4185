// The local GitHub, as the job of a workflow with the right to write issues sees it.
import { type LocalGitHub, startGitHubApi } from '@slipway/rehearsal/github';

export interface TalkingGitHub {
	readonly api: LocalGitHub;
	readonly state: ReturnType<LocalGitHub['repository']>['state'];
	/** Of a job whose token may write issues and comments. */
	readonly environment: Readonly<Record<string, string>>;
	/** Changes so far. */
	changes(): number;
	stop(): Promise<void>;
}

export const startTalkingGitHub = async (): Promise<TalkingGitHub> => {
	const api = await startGitHubApi();
	const token = api.issueToken({
		permissions: { contents: 'read', issues: 'write', 'pull-requests': 'write' },
	});
	return {
		api,
		state: api.repository().state,
		environment: {
			GITHUB_API_URL: api.origin,
			GITHUB_SERVER_URL: 'https://github.com',
			GITHUB_REPOSITORY: 'acme/greet',
			GITHUB_RUN_ID: '42',
			GITHUB_TOKEN: token,
			GITHUB_WORKFLOW: 'Release',
		},
		changes: () => api.requests.filter(({ effect }) => effect === 'change').length,
		stop: () => api.stop(),
	};
};
