import { noted, type TreeMap, toYamlText } from '../yaml.ts';
import {
	type CallerOptions,
	DEFAULT_RUNNERS,
	toBuildInputs,
	toExpression,
	toPermissions,
	toPlaceInputs,
	toUses,
	toWith,
	toWorkflowUses,
} from './callers.ts';
import { toCallPermissions } from './permissions.ts';

const HEAD = `Shows on every pull request what a release of it would do: build, test, a second build, gates, the plan.
It reads only, and holds no secret.`;

const toCommentJob = ({ library, runner }: CallerOptions): TreeMap => ({
	name: 'Comment',
	needs: 'check',
	if: toExpression(
		"!cancelled() && needs.check.outputs.comment != '' && github.event.pull_request.head.repo.full_name == github.repository",
	),
	'runs-on': runner ?? DEFAULT_RUNNERS[0] ?? '',
	'timeout-minutes': 5,
	permissions: toPermissions({ 'pull-requests': 'write' }),
	steps: [
		{
			name: 'Keep the comment up to date',
			uses: toUses(library, 'actions/notice'),
			with: {
				'comment-artifact': toExpression('needs.check.outputs.comment'),
				'comment-digest': toExpression('needs.check.outputs.comment-digest'),
			},
		},
	],
});

/** What runs on pull requests. */
export const toCheckCaller = (options: CallerOptions): string =>
	toYamlText(
		{
			name: 'Check the release',
			on: noted({ pull_request: {} }, { apart: true }),
			permissions: noted({}, { apart: true }),
			concurrency: noted(
				{
					group: `${toExpression('github.workflow')}-${toExpression('github.ref')}`,
					'cancel-in-progress': true,
				},
				{ apart: true },
			),
			jobs: noted(
				{
					check: {
						name: 'Check',
						permissions: toPermissions(toCallPermissions('check')),
						uses: toWorkflowUses(options.library, 'check'),
						with: toWith({ ...toPlaceInputs(options), ...toBuildInputs(options) }),
					},
					comment: noted(toCommentJob(options), {
						above:
							'A pull request from a fork has no right to comment: there the plan is in the summary of the run.',
						apart: true,
					}),
				},
				{ apart: true },
			),
		},
		HEAD,
	);
