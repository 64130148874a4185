import type { Context } from '@slipway/core';
import type { Component } from '../advisories/component.ts';
import { readComponents } from '../advisories/read-components.ts';
import type { Advisories, AdvisorySource } from '../advisories/source.ts';
import type { GateRequest } from '../gate.ts';

/** What several gates read of one Release, read once. */
export interface ReleaseData {
	/** Components of its SBOMs. @throws SlipwayError GATE_SBOM_INVALID, JSON_* */
	components(): readonly Component[];
	/** What all sources say of them; undefined where there is no source. */
	advisories(context: Context): Promise<Advisories | undefined>;
}

const join = (answers: readonly Advisories[]): Advisories => {
	const ages = answers.flatMap(({ dataAge }) => dataAge ?? []);
	return {
		matches: answers.flatMap(({ matches }) => matches),
		evidence: answers.flatMap(({ evidence }) => evidence),
		dataAge: ages.length > 0 ? Math.max(...ages) : null,
		problems: answers.flatMap(({ problems }) => problems),
	};
};

const once = <T>(make: () => T): (() => T) => {
	let made: { readonly value: T } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
};

export const openReleaseData = (
	{ sboms }: Pick<GateRequest, 'sboms'>,
	sources: readonly AdvisorySource[],
): ReleaseData => {
	const components = once(() => readComponents(sboms));
	let asked: Promise<Advisories> | undefined;
	const ask = async (context: Context): Promise<Advisories> =>
		join(await Promise.all(sources.map((source) => source.lookUp(components(), context))));
	return {
		components,
		advisories: async (context) => {
			if (sources.length === 0) return undefined;
			asked ??= ask(context);
			return asked;
		},
	};
};
