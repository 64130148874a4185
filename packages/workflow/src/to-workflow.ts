import type { Document } from './document.ts';
import type { Grant, Level } from './permissions.ts';
import type { Concurrency, Input, Interface, Job, Scalar, Step, Workflow } from './workflow.ts';

type Raw<Key extends keyof Document> = Document[Key];
type RawJob = Document['jobs'][string];
type Scalars = Readonly<Record<string, Scalar>>;

/** `null` (`permissions:` with nothing behind it) grants nothing, as `{}` does. */
const toGrant = (raw: Raw<'permissions'>): Grant | undefined => {
	if (raw === undefined || typeof raw === 'string') return raw;
	const granted = Object.entries(raw ?? {}).filter((entry): entry is [string, Level] => entry[1] !== 'none');
	return Object.fromEntries(granted);
};

const toEnvironment = (raw: RawJob['env']): Scalars => (typeof raw === 'string' ? {} : (raw ?? {}));

const toStep = ({ id, run, uses, with: inputs, env }: RawJob['steps'][number]): Step => ({
	...(id === undefined ? {} : { id }),
	...(run === undefined ? {} : { run }),
	...(uses === undefined ? {} : { uses }),
	with: inputs,
	env: toEnvironment(env),
});

const toOptional = <Key extends string, Value>(
	key: Key,
	value: Value | null | undefined,
): Partial<Record<Key, Value>> =>
	value === undefined || value === null ? {} : ({ [key]: value } as Record<Key, Value>);

const toJob = ([id, raw]: readonly [string, RawJob]): Job => ({
	id,
	...toOptional('name', raw.name?.toString()),
	...toOptional('permissions', toGrant(raw.permissions)),
	needs: typeof raw.needs === 'string' ? [raw.needs] : raw.needs,
	...toOptional('condition', raw.if?.toString()),
	...toOptional('environment', typeof raw.environment === 'object' ? raw.environment?.name : raw.environment),
	...toOptional('concurrency', toConcurrency(raw.concurrency)),
	...toOptional('timeoutMinutes', raw['timeout-minutes']),
	outputs: raw.outputs,
	...toOptional('uses', raw.uses),
	with: raw.with,
	secrets: raw.secrets,
	env: toEnvironment(raw.env),
	steps: raw.steps.map(toStep),
});

const isType = (type: string): type is Input['type'] => ['string', 'number', 'boolean'].includes(type);

const toInputs = (raw: Readonly<Record<string, RawInput>>): Readonly<Record<string, Input>> =>
	Object.fromEntries(
		Object.entries(raw).map(([name, { type, required, description, default: value }]) => [
			name,
			{
				type: type && isType(type) ? type : 'string',
				required,
				description,
				...(value === undefined ? {} : { default: value }),
			},
		]),
	);
type RawInput = RawCall['inputs'][string];
type Events = Exclude<Document['on'], string | string[]>;
type RawCall = NonNullable<Events['workflow_call']>;

const NO_INTERFACE: Interface = { inputs: {}, secrets: {}, outputs: {} };

const toConcurrency = (raw: Raw<'concurrency'>): Concurrency | undefined => {
	if (raw === undefined || raw === null) return undefined;
	if (typeof raw === 'string') return { group: raw, cancels: false };
	return { group: raw.group, cancels: raw['cancel-in-progress'], ...toOptional('queue', raw.queue) };
};

const toCall = (on: Document['on']): Interface | undefined => {
	if (typeof on === 'string' || Array.isArray(on))
		return [on].flat().includes('workflow_call') ? NO_INTERFACE : undefined;
	const call = on.workflow_call;
	return call && { inputs: toInputs(call.inputs), secrets: call.secrets, outputs: call.outputs };
};

const toDispatchInputs = (on: Document['on']): Readonly<Record<string, Input>> =>
	typeof on === 'string' || Array.isArray(on) ? {} : toInputs(on.workflow_dispatch?.inputs ?? {});

/** The model of a checked document. */
export const toWorkflow = (raw: Document, path: string): Workflow => ({
	path,
	...toOptional('name', raw.name),
	triggers: typeof raw.on === 'string' || Array.isArray(raw.on) ? [raw.on].flat() : Object.keys(raw.on),
	...toOptional('call', toCall(raw.on)),
	dispatchInputs: toDispatchInputs(raw.on),
	...toOptional('permissions', toGrant(raw.permissions)),
	...toOptional('concurrency', toConcurrency(raw.concurrency)),
	env: toEnvironment(raw.env),
	jobs: Object.entries(raw.jobs).map(toJob),
});
