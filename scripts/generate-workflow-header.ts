import type { Permissions } from '@slipway/workflow';

const START = '# The caller grants: ';

/** The line of a workflow file that tells callers what to grant. */
export const toGrantLine = (permissions: Permissions): string =>
	`${START}${Object.entries(permissions)
		.map(([scope, level]) => `${scope}: ${level}`)
		.join(', ')}`;

/** The file with that line as its second one. */
export const toWorkflowFile = (text: string, permissions: Permissions): string => {
	const [first = '', ...lines] = text.split('\n');
	const rest = lines[0]?.startsWith(START) ? lines.slice(1) : lines;
	return [first, toGrantLine(permissions), ...rest].join('\n');
};
