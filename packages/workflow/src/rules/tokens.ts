import { type Caller, toJobPlace, toShown } from '../caller.ts';
import type { Library } from '../contract.ts';
import type { WorkflowFinding } from '../finding.ts';
import { isOfLibrary } from '../resolve.ts';
import { parseUses } from '../uses.ts';
import type { Job, Scalar } from '../workflow.ts';

/** Variables from which npm takes a token: one of them, even an empty one, comes before trusted publishing. */
const PUBLISH_TOKEN = /^(NPM_TOKEN|NODE_AUTH_TOKEN|NPM_AUTH_TOKEN|NPM_CONFIG__AUTH(TOKEN)?)$/i;

type Variables = readonly [place: string, env: Readonly<Record<string, Scalar>>];

/** Deprecating takes a token, since trusted publishing cannot: the only step that may hold one. */
const isRollback = (uses: string, library: Library): boolean => {
	const target = parseUses(uses);
	return isOfLibrary(uses, library) && target.kind === 'remote' && target.path === 'actions/rollback';
};

const listVariables = (job: Job, library: Library): Variables[] => [
	[toJobPlace(job, 'env'), job.env],
	...job.steps.map(({ uses = '', env }, index): Variables => {
		const place = toJobPlace(job, `steps[${index}].env`);
		return [place, isRollback(uses, library) ? {} : env];
	}),
];

/** A release holds no token that could publish: whoever gets hold of one could publish too, from anywhere. */
export const checkTokens = ({ workflow, library }: Caller): WorkflowFinding[] =>
	[
		['env', workflow.env] as Variables,
		...workflow.jobs.flatMap((job) => listVariables(job, library)),
	].flatMap(([place, env]) =>
		Object.keys(env)
			.filter((name) => PUBLISH_TOKEN.test(name))
			.map((name) => ({
				severity: 'error',
				code: 'CALLER_PUBLISH_TOKEN',
				file: workflow.path,
				place: `${place}.${toShown(name)}`,
				message: `expected no token that publishes to npm, got ${toShown(name)}: npm uses it instead of trusted publishing, and the release stops`,
				hint: `Remove \`${toShown(name)}:\` from \`env:\`, delete the secret behind it, and register this file as trusted publisher.`,
			})),
	);
