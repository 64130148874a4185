import type { Context } from '@slipway/core';
import { readDistTags } from '../registry/dist-tags.ts';
import { type Packument, type Reading, readPackument } from '../registry/read-packument.ts';
import { toUnreachable } from './errors.ts';
import type { Target } from './target.ts';

const valueOrNone = <Value>(name: string, reading: Reading<Value>): Value | undefined => {
	if (reading.state === 'unknown') throw toUnreachable(name, reading.reason);
	return reading.state === 'found' ? reading.value : undefined;
};

/** undefined: no such package. @throws SlipwayError NPM_REGISTRY_UNREACHABLE, NPM_REPLY_INVALID */
export const readPackage = async (
	target: Target,
	name: string,
	context: Context,
	full = false,
): Promise<Packument | undefined> => {
	const authorization = await target.credentials.authorize(name, 'read', context);
	return valueOrNone(name, await readPackument(target.registry, { name, context, authorization, full }));
};

/** Empty where there is no such package. @throws SlipwayError NPM_REGISTRY_UNREACHABLE */
export const readTags = async (
	target: Target,
	name: string,
	context: Context,
): Promise<ReadonlyMap<string, string>> => {
	const authorization = await target.credentials.authorize(name, 'read', context);
	return (
		valueOrNone(name, await readDistTags(target.registry, { name, context, authorization })) ?? new Map()
	);
};
