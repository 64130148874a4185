import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { toActionReference } from './generate-action-reference.ts';
import { toActionReadme } from './generate-action-tables.ts';
import { toCliReference } from './generate-cli.ts';
import { toErrorReference } from './generate-errors.ts';
import { toLibraryModule } from './generate-library.ts';
import { toPermissionReference } from './generate-permission-reference.ts';
import { type Reference, toReference } from './generate-reference.ts';
import { toRootAction } from './generate-root-action.ts';
import {
	toConfigSchema,
	toPolicySchema,
	toRevocationSchema,
	toStageRecordSchema,
} from './generate-schema.ts';
import { toStarterFiles } from './generate-starters.ts';
import { toWorkflowFile } from './generate-workflow-header.ts';
import { toWorkflowReference } from './generate-workflow-reference.ts';
import { readOwnWorkflows, toLibrary } from './read-workflows.ts';

const CONFIG: Reference = {
	file: 'slipway.yml',
	schemaFile: 'slipway.schema.json',
	introduction: ['A project with only a package.json needs no file to release to npm.'],
};

const POLICY: Reference = {
	file: 'slipway.policy.yml',
	schemaFile: 'slipway.policy.schema.json',
	introduction: [
		'It is read from the protected branch (origin/HEAD), never from the tree that is built; how it is used is told in',
		'[verify](../guides/verify.md).',
	],
};

/** The folders that are actions already: test/action-yml.test.ts fails for those that are not yet. */
const listActions = (): string[] =>
	readdirSync('actions').filter((name) =>
		['action.yml', 'README.md'].every((file) => existsSync(`actions/${name}/${file}`)),
	);

/** What is derived from the workflows: their contracts, the line that tells what to grant, the reference pages. */
const toWorkflowFiles = (): (readonly [string, string])[] => {
	const workflows = readOwnWorkflows();
	const library = toLibrary(workflows);
	return [
		['packages/workflow/src/library.ts', toLibraryModule(library)],
		['docs/reference/workflows.md', toWorkflowReference(workflows, library)],
		['docs/reference/permissions.md', toPermissionReference(workflows)],
		...Object.entries(library.workflows).map(
			([path, { permissions }]) => [path, toWorkflowFile(readFileSync(path, 'utf8'), permissions)] as const,
		),
	];
};

/** Every committed file that is derived from another one: its path and what it has to hold. */
export const toGeneratedFiles = async (): Promise<ReadonlyMap<string, string>> => {
	const schema = toConfigSchema();
	const policy = toPolicySchema();
	return new Map([
		[CONFIG.schemaFile, `${JSON.stringify(schema, null, 2)}\n`],
		['docs/reference/slipway-yml.md', toReference(schema, CONFIG)],
		[POLICY.schemaFile, `${JSON.stringify(policy, null, 2)}\n`],
		['docs/reference/slipway-policy-yml.md', toReference(policy, POLICY)],
		['docs/reference/stage-record.v1.schema.json', `${JSON.stringify(toStageRecordSchema(), null, 2)}\n`],
		['action.yml', toRootAction()],
		['docs/reference/cli.md', await toCliReference()],
		['docs/reference/errors.md', toErrorReference()],
		['docs/reference/revocation.v1.schema.json', `${JSON.stringify(toRevocationSchema(), null, 2)}\n`],
		['docs/reference/actions.md', toActionReference(listActions())],
		...toWorkflowFiles(),
		...toStarterFiles(),
		...listActions().map((name) => [`actions/${name}/README.md`, toActionReadme(`actions/${name}`)] as const),
	]);
};
