import type { Mutant } from './mutant.ts';
import { abort } from './plays/abort.ts';
import { goOn } from './plays/continue.ts';
import { pullRequest } from './plays/pull-request.ts';
import { STARTERS } from './plays/starters.ts';
import { watch } from './plays/watch.ts';
import type { Scenario } from './scenario.ts';

const findStarter = (name: string): Scenario => {
	const found = STARTERS.find((each) => each.name === name);
	if (!found) throw new Error(`no starter ${name}`);
	return found;
};

/** One mistake in each reusable workflow: a condition, a dependency or an input is gone, or another one. */
export const MUTANTS: readonly Mutant[] = [
	{
		name: 'mutant-release',
		title: 'release.yml hands the gated Release to publish.yml without its digest',
		file: 'release.yml',
		change: [` artifact-digest: "\${{ needs.gate.outputs.digest }}",`, ''],
		scenario: findStarter('starter-npm'),
	},
	{
		name: 'mutant-publish',
		title: 'publish.yml uploads to apt whatever the targets are',
		file: 'publish.yml',
		change: [`    if: \${{ contains(fromJSON(needs.claim.outputs.types), 'apt') }}\n`, ''],
		scenario: findStarter('starter-npm'),
	},
	{
		name: 'mutant-continue',
		title: 'continue.yml hands on no key of the apt repository',
		file: 'continue.yml',
		change: [`    secrets: { apt-signing-key: "\${{ secrets.apt-signing-key }}" }`, ''],
		scenario: goOn,
	},
	{
		name: 'mutant-rollback',
		title: 'rollback.yml has two dry runs and nothing for real',
		file: 'rollback.yml',
		change: ['dry-run: false, npm-token', 'dry-run: true, npm-token'],
		scenario: abort,
	},
	{
		name: 'mutant-check',
		title: 'check.yml does not wait for the proofs that its plan is made of',
		file: 'check.yml',
		change: ['    needs: prove\n', ''],
		scenario: pullRequest,
	},
	{
		name: 'mutant-watch',
		title: 'watch.yml may not write the issue that it is there for',
		file: 'watch.yml',
		change: ['issues: write # one issue', 'issues: read # one issue'],
		scenario: watch,
	},
];
