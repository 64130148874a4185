import { createHash } from 'node:crypto';
import { noted, toYamlText } from '../yaml.ts';
import {
	type CallerOptions,
	toExpression,
	toPermissions,
	toPlaceInputs,
	toWith,
	toWorkflowUses,
} from './callers.ts';
import { toCallPermissions } from './permissions.ts';

const HEAD = `Looks once a day whether every registry still shows what was released, and what is about to expire.
It opens one issue where something is wrong, and closes it when that is over.`;

/** Once a day, at a minute of the project's own: at full hours GitHub starts schedules late. */
const toCron = (name: string): string => {
	const [minute = 0, hour = 0] = createHash('sha256').update(name).digest();
	return `${1 + (minute % 58)} ${3 + (hour % 4)} * * *`;
};

/** What runs on a schedule. */
export const toWatchCaller = (options: CallerOptions, name: string): string =>
	toYamlText(
		{
			name: 'Watch',
			on: noted({ schedule: [{ cron: toCron(name) }], workflow_dispatch: {} }, { apart: true }),
			permissions: noted({}, { apart: true }),
			concurrency: noted(
				{ group: toExpression('github.workflow'), 'cancel-in-progress': false },
				{ apart: true },
			),
			jobs: noted(
				{
					watch: {
						name: 'Watch',
						permissions: toPermissions(toCallPermissions('watch')),
						uses: toWorkflowUses(options.library, 'watch'),
						with: toWith(toPlaceInputs(options)),
					},
				},
				{ apart: true },
			),
		},
		HEAD,
	);
