import { readFileSync } from 'node:fs';
import {
	type Contract,
	type Library,
	type Permissions,
	toPermissionsBlock,
	type Workflow,
} from '@slipway/workflow';
import { toPage, toTable } from './markdown-table.ts';
import { readReasons } from './read-reasons.ts';

/** First line of a workflow file: what it is for. */
const readPurpose = (path: string): string =>
	readFileSync(path, 'utf8').split('\n')[0]?.replace(/^# /, '') ?? '';

export const toFileName = (path: string): string => path.replace(/^.*\//, '');

const toValue = (value: unknown): string => (value === undefined || value === '' ? '' : `\`${value}\``);

const toInputRows = ({ call }: Workflow): string[][] =>
	Object.entries(call?.inputs ?? {}).map(([name, { type, required, description, default: value }]) => [
		`\`${name}\``,
		type,
		required ? 'required' : toValue(value),
		description,
	]);

const toSecretRows = ({ call }: Workflow): string[][] =>
	Object.entries(call?.secrets ?? {}).map(([name, { required, description }]) => [
		`\`${name}\``,
		required ? 'required' : 'optional',
		description,
	]);

const toOutputRows = ({ call }: Workflow): string[][] =>
	Object.entries(call?.outputs ?? {}).map(([name, { description }]) => [`\`${name}\``, description]);

const toRights = (permissions: Permissions): string =>
	Object.entries(permissions)
		.map(([scope, level]) => `\`${scope}: ${level}\``)
		.join(', ') || 'none';

const toJobRows = ({ jobs }: Workflow): string[][] =>
	jobs.map(({ id, permissions, environment, needs, uses }) => [
		`\`${id}\`${uses ? ` (calls ${toFileName(uses)})` : ''}`,
		needs.map((need) => `\`${need}\``).join(', '),
		typeof permissions === 'object' ? toRights(permissions) : '',
		environment === undefined ? '' : `\`${environment.replace(/^\$\{\{ inputs\.(.*) \}\}$/, 'input $1')}\``,
	]);

const toSection = (
	title: string,
	heads: readonly string[],
	rows: readonly (readonly string[])[],
): string[] => (rows.length === 0 ? [] : [`### ${title}`, '', ...toTable(heads, rows)]);

const toMap = (key: string, lines: readonly string[]): string[] =>
	lines.length === 0 ? [] : [`    ${key}:`, ...lines.map((line) => `      ${line}`)];

/** The block to copy, each right with what it is for. */
const toGrants = (path: string, permissions: Permissions): string[] => {
	const reasons = readReasons(path);
	return toPermissionsBlock(permissions, '    ')
		.split('\n')
		.map((line) => {
			const reason = reasons.get(line.trim());
			return reason ? `${line} # ${reason}` : line;
		});
};

/** The shortest workflow that calls this one. */
const toCallingJob = ({ path, call }: Workflow, { permissions }: Contract): string[] => [
	'```yaml',
	'permissions: {}',
	'jobs:',
	`  ${toFileName(path).replace('.yml', '')}:`,
	...toGrants(path, permissions),
	`    uses: OWNER/slipway/${path}@COMMIT # vX.Y.Z`,
	...toMap(
		'with',
		Object.entries(call?.inputs ?? {})
			.filter(([, { required }]) => required)
			.map(([name]) => `${name}: \${{ inputs.${name} }}`),
	),
	...toMap(
		'secrets',
		Object.keys(call?.secrets ?? {}).map((name) => `${name}: \${{ secrets.${name} }}`),
	),
	'```',
	'',
];

const toWorkflowSections = (workflow: Workflow, contract: Contract): string[] => [
	`## ${toFileName(workflow.path)}`,
	'',
	readPurpose(workflow.path),
	'',
	...toCallingJob(workflow, contract),
	...toSection('Inputs', ['input', 'type', 'default', 'meaning'], toInputRows(workflow)),
	...toSection('Secrets', ['secret', 'needed', 'meaning'], toSecretRows(workflow)),
	...toSection('Outputs', ['output', 'meaning'], toOutputRows(workflow)),
	...toSection('Jobs and their rights', ['job', 'after', 'rights', 'environment'], toJobRows(workflow)),
];

const INTRODUCTION = [
	'# Workflows',
	'',
	'Written by `npm run generate` from .github/workflows; do not edit.',
	'',
	'Each of these is called by a job of a workflow of yours. That job has to grant the rights of all jobs inside, those',
	'that are skipped included: where one is missing, GitHub starts no job and says so nowhere but on the Actions page. The',
	'blocks below grant exactly that; `slipway doctor` compares them with your files. What each right is for is told in',
	'[permissions](permissions.md). Leave out the secrets that you do not have.',
	'',
];

/** docs/reference/workflows.md: what a caller writes, and what runs then with which rights. */
export const toWorkflowReference = (workflows: readonly Workflow[], library: Library): string =>
	toPage([
		...INTRODUCTION,
		...workflows.flatMap((workflow) => {
			const contract = library.workflows[workflow.path];
			return contract ? toWorkflowSections(workflow, contract) : [];
		}),
	]);
