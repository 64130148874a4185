import { record } from '@slipway/core';
import * as v from 'valibot';

const Scalar = v.union(
	[v.string(), v.number(), v.boolean(), v.null()],
	'expected a text, a number, true, false or nothing',
);
const Scalars = v.nullish(record(v.string(), Scalar), {});
const Text = v.string('expected a text');
const Flag = v.nullish(v.boolean('expected true or false'), false);

const Permissions = v.nullish(
	v.union(
		[v.picklist(['read-all', 'write-all']), record(v.string(), v.picklist(['read', 'write', 'none']))],
		'expected a map of scopes to read, write or none, or read-all, or write-all',
	),
);

const Input = v.nullish(
	v.looseObject({
		type: v.nullish(Text),
		required: Flag,
		description: v.nullish(Text, ''),
		default: v.optional(Scalar),
	}),
	{},
);
const Inputs = v.nullish(record(v.string(), Input), {});

const Call = v.nullish(
	v.looseObject({
		inputs: Inputs,
		secrets: v.nullish(
			record(v.string(), v.nullish(v.looseObject({ required: Flag, description: v.nullish(Text, '') }), {})),
			{},
		),
		outputs: v.nullish(
			record(v.string(), v.looseObject({ value: Text, description: v.nullish(Text, '') })),
			{},
		),
	}),
	{},
);

const Events = v.looseObject({
	workflow_call: v.optional(Call),
	workflow_dispatch: v.optional(v.nullish(v.looseObject({ inputs: Inputs }), {})),
});

const Step = v.looseObject({
	id: v.optional(Text),
	run: v.optional(Text),
	uses: v.optional(Text),
	with: Scalars,
	env: v.optional(v.union([Text, Scalars]), {}),
});

const Concurrency = v.nullish(
	v.union([
		Text,
		v.looseObject({
			group: Text,
			'cancel-in-progress': v.nullish(Scalar, false),
			queue: v.nullish(Text),
		}),
	]),
);

const Job = v.looseObject({
	concurrency: Concurrency,
	name: v.nullish(v.union([Text, v.number()])),
	permissions: v.optional(Permissions),
	needs: v.nullish(v.union([Text, v.array(Text)]), []),
	if: v.nullish(Scalar),
	environment: v.nullish(v.union([Text, v.looseObject({ name: Text })])),
	'timeout-minutes': v.nullish(Scalar),
	outputs: Scalars,
	uses: v.optional(Text),
	with: Scalars,
	secrets: v.nullish(v.union([v.literal('inherit'), record(v.string(), Scalar)]), {}),
	env: v.optional(v.union([Text, Scalars]), {}),
	steps: v.nullish(v.array(Step), []),
});

/** The parts of GitHub's workflow syntax that calls and rights depend on; every other key is let through. */
export const Document = v.looseObject({
	name: v.nullish(Text),
	on: v.union([Text, v.array(Text), Events], 'expected the name of an event, a list or a map of events'),
	permissions: v.optional(Permissions),
	env: v.optional(v.union([Text, Scalars]), {}),
	concurrency: Concurrency,
	jobs: record(v.string(), Job, 'expected a map of jobs'),
});
export type Document = v.InferOutput<typeof Document>;
