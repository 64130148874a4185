import { parseConfig } from '@slipway/core/config';
import * as v from 'valibot';
import { parse } from 'yaml';
import { readProjectFile } from './facts/read-file.ts';
import type { TargetType } from './starters/callers.ts';
import { WORKFLOWS } from './starters/render.ts';

/** What earlier runs, or people since, have decided: a further run starts from it. */
export interface Answers {
	readonly targets: readonly TargetType[] | undefined;
	readonly runners: readonly string[] | undefined;
	readonly runner: string | undefined;
	readonly approval: string | undefined;
	readonly policy: boolean;
}

/** A label or the name of an environment, as GitHub has them. */
export const Label = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$/));

const Caller = v.object({
	jobs: v.object({
		release: v.object({
			with: v.optional(
				v.object({
					runners: v.optional(v.string()),
					runner: v.optional(Label),
					approval: v.optional(Label),
				}),
				{},
			),
		}),
	}),
});

const readTargets = async (folder: string): Promise<TargetType[] | undefined> => {
	const text = await readProjectFile(folder, 'slipway.yml');
	if (text === undefined) return undefined;
	try {
		const types = new Set(Object.values(parseConfig(text).targets).map(({ type }) => type));
		return (['npm', 'apt', 'github'] as const).filter((type) => types.has(type));
	} catch {
		return undefined; // a slipway.yml that cannot be read decides nothing; its state is shown all the same
	}
};

const toRunners = (text: string | undefined): readonly string[] | undefined => {
	try {
		const parsed = v.safeParse(
			v.pipe(v.array(Label), v.minLength(1), v.maxLength(50)),
			JSON.parse(text ?? ''),
		);
		return parsed.success ? parsed.output : undefined;
	} catch {
		return undefined;
	}
};

const readCaller = async (root: string) => {
	const text = await readProjectFile(root, `${WORKFLOWS}/release.yml`);
	if (text === undefined) return {};
	try {
		return v.parse(Caller, parse(text, { schema: 'core', maxAliasCount: 0, logLevel: 'silent' })).jobs.release
			.with;
	} catch {
		return {}; // another workflow of that name
	}
};

/** Reads the decisions out of the files that are there. @throws SlipwayError INIT_FILE_* */
export const readAnswers = async (folder: string, root: string): Promise<Answers> => {
	const [targets, caller, policy] = await Promise.all([
		readTargets(folder),
		readCaller(root),
		readProjectFile(folder, 'slipway.policy.yml'),
	]);
	const { runners, runner, approval } = caller;
	return { targets, runners: toRunners(runners), runner, approval, policy: policy !== undefined };
};
