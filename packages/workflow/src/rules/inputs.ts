import { type Call, type Caller, toJobPlace, toShown } from '../caller.ts';
import type { CallerCode } from '../code.ts';
import type { WorkflowFinding } from '../finding.ts';
import type { InputType, Scalar, Workflow } from '../workflow.ts';

/** Names of inputs and secrets are compared without case, as GitHub does. */
const findKey = <Value>(map: Readonly<Record<string, Value>>, name: string): Value | undefined => {
	const key = Object.keys(map).find((known) => known.toLowerCase() === name.toLowerCase());
	return key === undefined ? undefined : map[key];
};

/** The type behind `${{ inputs.NAME }}`; undefined where it is not known before the run. */
const toReferencedType = (workflow: Workflow, expression: string): InputType | undefined => {
	if (/^github\.event\.inputs\.[\w-]+$/.test(expression)) return 'string';
	const [, name] = /^inputs\.([\w-]+)$/.exec(expression) ?? [];
	if (name === undefined) return undefined;
	const declared = [findKey(workflow.call?.inputs ?? {}, name), findKey(workflow.dispatchInputs, name)];
	const types = new Set(declared.flatMap((input) => input?.type ?? []));
	return types.size === 1 ? [...types][0] : undefined;
};

const toType = (workflow: Workflow, value: Scalar): InputType | undefined => {
	if (typeof value === 'number') return 'number';
	if (typeof value === 'boolean') return 'boolean';
	const text = value ?? '';
	const [, expression] = /^\$\{\{\s{0,9}([^{}]{1,500}?)\s{0,9}\}\}$/.exec(text) ?? [];
	if (expression !== undefined) return toReferencedType(workflow, expression);
	return 'string';
};

const checkValue = (workflow: Workflow, call: Call, name: string): WorkflowFinding[] => {
	const value = call.job.with[name] ?? null;
	const toFinding = (code: CallerCode, message: string, hint: string): WorkflowFinding => ({
		severity: 'error',
		code,
		file: workflow.path,
		place: toJobPlace(call.job, `with.${toShown(name)}`),
		message,
		hint,
	});
	const declared = findKey(call.contract.inputs, name);
	if (declared === undefined)
		return [
			toFinding(
				'CALLER_INPUT_UNKNOWN',
				`expected one of the inputs of ${toShown(call.uses)} (${Object.keys(call.contract.inputs).join(', ')}), got ${toShown(name)}`,
				`Remove \`${toShown(name)}:\` from \`with:\` of job ${toShown(call.job.id)}.`,
			),
		];
	const type = toType(workflow, value);
	if (type === undefined || declared.type === 'string' || type === declared.type) return [];
	return [
		toFinding(
			'CALLER_INPUT_TYPE',
			`expected a ${declared.type} for ${toShown(name)} of ${toShown(call.uses)}, got a ${type}`,
			declared.type === 'boolean'
				? `Write \`${toShown(name)}: true\` or \`false\` without quotes, or an input that is declared with \`type: boolean\` as \`\${{ inputs.NAME }}\`.`
				: `Write \`${toShown(name)}: 14\` without quotes, or an input that is declared with \`type: number\` as \`\${{ inputs.NAME }}\`.`,
		),
	];
};

const checkMissing = (file: string, { job, uses, contract }: Call): WorkflowFinding[] =>
	Object.entries(contract.inputs)
		.filter(([name, { required }]) => required && findKey(job.with, name) === undefined)
		.map(([name]) => ({
			severity: 'error',
			code: 'CALLER_INPUT_MISSING',
			file,
			place: toJobPlace(job, 'with'),
			message: `expected the input ${name}, which ${toShown(uses)} requires, got none: GitHub starts no job`,
			hint: `Add \`${name}: VALUE\` to \`with:\` of job ${toShown(job.id)}.`,
		}));

const checkSecretNames = (file: string, { job, uses, contract }: Call): WorkflowFinding[] =>
	Object.keys(job.secrets)
		.filter((name) => findKey(contract.secrets, name) === undefined)
		.map((name) => ({
			severity: 'error',
			code: 'CALLER_SECRET_UNKNOWN',
			file,
			place: toJobPlace(job, `secrets.${toShown(name)}`),
			message: `expected a secret that ${toShown(uses)} declares (${Object.keys(contract.secrets).join(', ') || 'it declares none'}), got ${toShown(name)}`,
			hint: `Remove \`${toShown(name)}:\` from \`secrets:\` of job ${toShown(job.id)}.`,
		}));

const checkMissingSecrets = (file: string, { job, uses, contract }: Call): WorkflowFinding[] =>
	Object.entries(contract.secrets)
		.filter(([name, { required }]) => required && findKey(Object(job.secrets), name) === undefined)
		.map(([name]) => ({
			severity: 'error',
			code: 'CALLER_SECRET_MISSING',
			file,
			place: toJobPlace(job, 'secrets'),
			message: `expected the secret ${name}, which ${toShown(uses)} requires, got none: GitHub starts no job`,
			hint: `Add \`${name}: \${{ secrets.${name} }}\` to \`secrets:\` of job ${toShown(job.id)}.`,
		}));

const checkSecrets = (file: string, call: Call): WorkflowFinding[] => {
	const { job, uses, contract } = call;
	if (job.secrets !== 'inherit') return [...checkSecretNames(file, call), ...checkMissingSecrets(file, call)];
	const names = Object.keys(contract.secrets).map((name) => `${name}: \${{ secrets.${name} }}`);
	return [
		{
			severity: 'warning',
			code: 'CALLER_SECRETS_INHERITED',
			file,
			place: toJobPlace(job, 'secrets'),
			message: `expected the secrets that ${toShown(uses)} declares, got \`secrets: inherit\`, which hands over every secret of the repository`,
			hint:
				names.length === 0
					? `Remove \`secrets: inherit\` from job ${toShown(job.id)}.`
					: `Replace \`secrets: inherit\` in job ${toShown(job.id)} by \`secrets: { ${names.map((name) => name.replace(/: (.*)$/, ': "$1"')).join(', ')} }\`, or by those of them that you have.`,
		},
	];
};

/** What a job hands over is what the called workflow declares: each input known and of its type, each secret by name. */
export const checkInputs = ({ workflow, calls }: Caller): WorkflowFinding[] =>
	calls.flatMap((call) => [
		...Object.keys(call.job.with).flatMap((name) => checkValue(workflow, call, name)),
		...checkMissing(workflow.path, call),
		...checkSecrets(workflow.path, call),
	]);
